"""Starts and asks the bank program that the set-up installs beside the tests' Python."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path


class MockBank:
    """A running mock-bank with its own folders.

    :param str clock: the bank's time at the start, such as `2027-01-04T08:00`; now if omitted.
    :raise AssertionError: when it is not installed or does not start. It is never left out.
    """

    def __init__(self, clock=None):
        self.folder = Path(tempfile.mkdtemp(prefix="support_debit_bank_"))
        self.drop = self.folder / "drop"
        self.pickup = self.folder / "pickup"
        self.drop.mkdir()
        self.pickup.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [*self._find_program(), "--host", "127.0.0.1", "--port", str(port), "-q"]
        command += ["--timezone", "Europe/Berlin", "--cutoff", "15:00", "--drop-settle-ms", "0"]
        # The tests say when the folder is read.
        command += ["--drop-interval-ms", "600000"]
        command += ["--drop-dir", str(self.drop), "--pickup-dir", str(self.pickup)]
        command += ["--clock", clock] if clock else []
        self.log = open(self.folder / "log", "w+")  # noqa: SIM115 - closed in `stop`
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        self._wait()

    @staticmethod
    def _find_program():
        """Return how to start the program."""
        beside = Path(sys.executable).with_name("mock-bank")
        return [str(beside)] if beside.exists() else [sys.executable, "-m", "mockbank"]

    def _wait(self):
        for _attempt in range(300):
            with contextlib.suppress(urllib.error.URLError):
                self.call("GET", "/_mock/health")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.log.seek(0)
        raise AssertionError(f"mock-bank does not start; bin/setup installs it.\n{self.log.read()}")

    def call(self, method, path, body=None):
        """Return the bank's JSON answer.

        :raise urllib.error.HTTPError: when the bank refuses.
        """
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode() if body is not None else None,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def register(self, account, iban, behaviour="accept", **parameters):
        """Open an account at the bank."""
        values = {"id": account, "name": account, "iban": iban, "behaviour": behaviour}
        self.call("POST", "/_mock/accounts", {**values, "parameters": parameters})

    def scan(self):
        """Let the bank read the drop folder now and return what it thinks of each file."""
        return self.call("POST", "/_mock/drop/scan")

    def refuse(self, debit, reason):
        """Let the debtor's bank refuse a debit, before or after its settlement."""
        path = f"/_mock/collections/{debit.end_to_end_id}/refuse"
        return self.call("POST", path, {"reason": reason})

    def advance(self, day):
        """Let time pass until the morning of a day."""
        self.call("POST", f"/_mock/advance?to={day.isoformat()}")

    def stop(self):
        """End the program and remove its folders."""
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
