"""Sends one question to a bureau and waits no longer than allowed, whatever the other side does."""

import logging
import threading
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import requests

from ...scoring.bureau import MAX_BYTES

_logger = logging.getLogger(__name__)

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
#: So many questions of one process wait for bureaus at once; more are not asked.
_SLOTS = threading.BoundedSemaphore(8)


class Reply(NamedTuple):
    """What came back. `outcome`: `answered`, `timeout`, `error` (no connection) or `busy`."""

    outcome: str
    status: int = 0
    body: bytes = b""
    milliseconds: float = 0.0


def is_allowed(url):
    """Return whether customers' data may be sent there: over HTTPS, or to this machine.

    :param str url: as typed.
    :rtype: bool
    """
    try:
        parts = urlsplit(url or "")
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL_HOSTS)


def send(question, timeout):
    """Send a question; the whole of it, name look-up and slow dripping included, ends in time.

    :param scoring.bureau.Question question: what is sent.
    :param float timeout: seconds.
    :rtype: Reply
    """
    if not is_allowed(question.url):
        return Reply("error")
    if not _SLOTS.acquire(blocking=False):
        return Reply("busy")
    started = time.monotonic()
    replies = []
    done = threading.Event()

    def work():
        try:
            replies.append(_fetch(question, timeout, started + timeout))
        finally:
            _SLOTS.release()
            done.set()

    # A thread of its own: the time-outs of a socket start anew with every byte.
    threading.Thread(target=work, name="risk.bureau", daemon=True).start()
    done.wait(timeout)
    spent = (time.monotonic() - started) * 1000.0
    reply = replies[0] if replies else Reply("timeout")
    return reply._replace(milliseconds=spent)


def _fetch(question, timeout, deadline):
    """Return the reply of one request, without redirections."""
    headers = {"Content-Type": question.content_type, "Accept": "*/*", **question.headers}
    try:
        with requests.request(
            question.method,
            question.url,
            data=question.body if question.method != "GET" else None,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = b""
            for chunk in response.iter_content(1024):
                body += chunk
                if len(body) > MAX_BYTES or time.monotonic() > deadline:
                    break
            return Reply("answered", response.status_code, body)
    except requests.Timeout:
        return Reply("timeout")
    except (requests.RequestException, UnicodeError, ValueError) as error:
        # Its kind only: the text may hold the address with what was asked.
        _logger.info("No answer from a bureau: %s", type(error).__name__)
        return Reply("error")
