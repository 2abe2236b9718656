"""Sends one question to a bureau and waits no longer than allowed, whatever the other side does."""

import contextlib
import logging
import socket
import threading
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

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


class _Adapter(HTTPAdapter):
    """Connections of one question that can be cut, whatever a thread just waits for on them.

    The time-outs of a socket start anew with every byte: a bureau that drips would keep a thread, and
    with it a slot, for as long as it likes.
    """

    def __init__(self):
        super().__init__()
        self._sockets = []
        self._is_cut = False

    def cut(self):
        """End all connections, and those that are only being made."""
        self._is_cut = True
        for one in self._sockets:
            with contextlib.suppress(OSError):
                # Not the method of a TLS socket: another thread is using that.
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    def _watch(self, pool):
        """Let a pool make connections whose sockets are known here.

        :param pool: of `urllib3`.
        :return: the same pool.
        """
        adapter = self
        original = type(pool).ConnectionCls

        class Connection(original):
            def connect(self):
                super().connect()
                adapter._sockets.append(self.sock)
                if adapter._is_cut:
                    adapter.cut()

        pool.ConnectionCls = Connection
        return pool

    def get_connection(self, *args, **kwargs):
        """Override of older versions of `requests`."""
        return self._watch(super().get_connection(*args, **kwargs))

    def get_connection_with_tls_context(self, *args, **kwargs):
        """Override of newer versions of `requests`."""
        return self._watch(super().get_connection_with_tls_context(*args, **kwargs))


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
    adapter = _Adapter()

    def work():
        try:
            replies.append(_fetch(question, timeout, started + timeout, adapter))
        finally:
            _SLOTS.release()
            done.set()

    # A thread of its own: looking up a name cannot be ended in time.
    threading.Thread(target=work, name="risk.bureau", daemon=True).start()
    # What a cut connection makes of it afterwards is no answer.
    reply = replies[0] if done.wait(timeout) and replies else Reply("timeout")
    spent = (time.monotonic() - started) * 1000.0
    if not done.is_set():
        adapter.cut()
    return reply._replace(milliseconds=spent)


def _fetch(question, timeout, deadline, adapter):
    """Return the reply of one request, without redirections."""
    headers = {"Content-Type": question.content_type, "Accept": "*/*", **question.headers}
    try:
        with requests.Session() as session:
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            with session.request(
                question.method,
                question.url,
                data=question.body if question.method != "GET" else None,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _read(response, deadline)
        return Reply("timeout" if body is None else "answered", response.status_code, body or b"")
    except requests.Timeout:
        return Reply("timeout")
    except (requests.RequestException, UnicodeError, ValueError) as error:
        # Its kind only: the text may hold the address with what was asked.
        _logger.info("No answer from a bureau: %s", type(error).__name__)
        return Reply("error")


def _read(response, deadline):
    """Return the body of a response, or what is enough to see that it is too large.

    :param response: of `requests`.
    :param float deadline: of the monotonic clock.
    :return: None when it did not end in time: half an answer is none.
    :rtype: bytes | None
    """
    body = b""
    for chunk in response.iter_content(1024):
        body += chunk
        if time.monotonic() > deadline:
            return None
        if len(body) > MAX_BYTES:
            break
    return body
