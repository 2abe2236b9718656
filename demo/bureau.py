#!/usr/bin/env python3
"""A bureau that is played: a real HTTP program for demo, tests and training, without dependencies.

usage: bureau.py [--host 127.0.0.1] [--port 8091] [--quiet]

`POST /v1/check` answers JSON, `POST /post-gateway/` as PAYONE's Server API does. What it answers follows
from what is asked:

- the last name says how: *Slow* (after 5 s), *Drip* (a byte at a time), *Broken* (status 500), *Busy*
  (429), *Refused* (401), *Garbage* (no JSON), *Huge* (2 MB), *Empty*, *Odd* (other types than
  expected), *Moved* (a redirection), *Hangup* (the connection is cut), *Nobody* (not known);
- *Red* and *Yellow* have these colours; everybody else has a score that follows from the name, so that
  it is the same each time;
- an IBAN that ends with 13 is not known, one that ends with 66 is blocked.

`GET /health` answers `ok`; `GET /log` how often it was asked, by name; `POST /reset` forgets that.
"""

import argparse
import contextlib
import hashlib
import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

KEY = "demo-key"
SLOW_SECONDS = 5.0
ASKED = Counter()
LOCK = threading.Lock()


def judge(name, iban):
    """Return what the bureau knows: colour, score 100 to 700, share of bad payers, account."""
    digest = hashlib.sha256(name.casefold().encode()).digest()
    share = {"red": 0.25, "yellow": 0.09}.get(name.casefold(), 0.002 + digest[0] / 255 * 0.05)
    colour = "red" if share >= 0.2 else "yellow" if share >= 0.06 else "green"
    account = {"13": "unknown", "66": "blocked"}.get(iban[-2:], "known") if iban else None
    return {
        "colour": colour[0].upper(),
        "score": round(700 - 600 * min(share * 3, 1.0)),
        "percent": round(share * 100, 2),
        "negative": {"red": "hard", "yellow": "soft"}.get(colour, "none"),
        "account": account,
    }


class Bureau(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    quiet = False

    def do_GET(self):
        if self.path == "/log":
            with LOCK:
                self._answer(200, json.dumps(ASKED).encode())
        else:
            self._answer(200, b'"ok"')

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/reset":
            with LOCK:
                ASKED.clear()
            self._answer(200, b'"ok"')
        elif self.path.startswith("/post-gateway"):
            fields = {key: values[0] for key, values in parse_qs(body.decode()).items()}
            self._play(fields.get("lastname", ""), lambda: self._say_payone(fields))
        else:
            self._ask_json(body)

    def do_PUT(self):
        self.do_POST()

    def _ask_json(self, body):
        """Answer `POST /v1/check`: {"person": {"lastName"}, "account": {"iban"}, "reference"}."""
        if self.headers.get("X-Api-Key") != KEY:
            self._answer(401, b'{"error": "wrong key"}')
            return
        try:
            asked = json.loads(body)
            name = asked["person"]["lastName"]
        except (ValueError, KeyError, TypeError):
            self._answer(400, b'{"error": "person.lastName is missing"}')
            return
        iban = (asked.get("account") or {}).get("iban") or ""
        self._play(name, lambda: self._say_json(name, iban, asked.get("reference", "")))

    def _say_json(self, name, iban, reference):
        found = judge(name, iban)
        account = found.pop("account")
        answer = {
            "status": "OK",
            "reference": reference,
            "result": found,
            "person": {"status": "known"},
            "account": {"known": account != "unknown", "blocked": account == "blocked"},
        }
        if account is None:
            del answer["account"]
        self._answer(200, json.dumps(answer).encode())

    def _say_payone(self, fields):
        """Answer `consumerscore` or `bankaccountcheck` as lines of name=value."""
        if not fields.get("key") or not fields.get("mid"):
            lines = ["status=ERROR", "errorcode=2006", "errormessage=Parameter {mid} faulty"]
        elif fields.get("request") == "consumerscore":
            found = judge(fields.get("lastname", ""), "")
            lines = [
                "status=VALID",
                "secstatus=10",
                "personstatus=PPB",
                f"score={found['colour']}",
                f"scorevalue={found['score']}",
            ]
        else:
            account = judge("", fields.get("iban", ""))["account"]
            status = {"unknown": "INVALID", "blocked": "BLOCKED"}.get(account, "VALID")
            lines = [f"status={status}", f"bankcountry={fields.get('bankcountry', '')}"]
        self._answer(200, "\n".join(lines).encode(), "text/plain; charset=UTF-8")

    def _play(self, name, say):
        """Count the question, and answer it as the name asks for."""
        with LOCK:
            ASKED[name] += 1
        way = getattr(self, f"_be_{name.casefold()}", None) if name.isalpha() else None
        if way:
            way()
        else:
            say()

    # === WAYS TO ANSWER === #

    def _be_slow(self):
        time.sleep(SLOW_SECONDS)
        self._answer(200, b'{"status": "OK", "result": {"colour": "G"}}')

    def _be_drip(self):
        body = json.dumps({"status": "OK", "result": {"colour": "G", "note": "x" * 200}}).encode()
        self._head(200, len(body))
        with contextlib.suppress(OSError):
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.1)

    def _be_broken(self):
        self._answer(500, b"<h1>Internal Server Error</h1>", "text/html")

    def _be_busy(self):
        self._answer(429, b'{"error": "too many requests"}')

    def _be_refused(self):
        self._answer(401, b'{"error": "no contract"}')

    def _be_garbage(self):
        self._answer(200, b"\xff\xfe<<<{{{", "application/json")

    def _be_huge(self):
        self._answer(200, b'{"x": "' + b"y" * 2_000_000 + b'"}')

    def _be_empty(self):
        self._answer(200, b"")

    def _be_odd(self):
        odd = {"status": ["OK"], "result": {"colour": {"is": 1}, "score": "NaN", "percent": 900}}
        self._answer(200, json.dumps(odd).encode())

    def _be_moved(self):
        self.send_response(302)
        self.send_header("Location", "/v1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _be_hangup(self):
        self.close_connection = True
        self.connection.close()

    def _be_nobody(self):
        self._answer(200, b'{"status": "NOT_FOUND"}')

    # === HTTP === #

    def _head(self, status, length, content_type="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _answer(self, status, body, content_type="application/json"):
        with contextlib.suppress(OSError):
            self._head(status, len(body), content_type)
            self.wfile.write(body)

    def handle(self):
        with contextlib.suppress(OSError, ValueError):
            super().handle()

    def finish(self):
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, text, *arguments):
        if not self.quiet:
            super().log_message(text, *arguments)


def make_server(host="127.0.0.1", port=0, quiet=True):
    """Return a server that is ready to `serve_forever`; port 0 takes a free one."""
    handler = type("Handler", (Bureau,), {"quiet": quiet})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    return server


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    server = make_server(options.host, options.port, options.quiet)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
