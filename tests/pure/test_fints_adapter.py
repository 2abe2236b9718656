"""The adapter to FinTS: with a bank that is played, with the real library's objects, and with a
small server that answers nonsense. No real bank can be reached from a test."""

import threading
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

import fake_fints
import pytest
from fints.formals import KTI1
from fints.parser import FinTS3Parser

from sepa import fints_adapter, fints_client

ACCESS = fints_adapter.Access(
    "50010517", "user", "https://bank.invalid", "PRODUCT", mechanism="923"
)
ACCOUNT = fints_adapter.Account("DE75512108001245126199")
CONTENT = b"<Document/>"
PIN = fake_fints.FakeBank.PIN


def _order(count=2, scheme="CORE"):
    return fints_client.Debits(ACCOUNT, CONTENT, scheme, count, Decimal("19.80"), "pain.008.001.08")


def _open(bank, pin=PIN):
    return fints_adapter.Session(ACCESS, pin, None, bank.client)


def _failure(call, *args):
    with pytest.raises(fints_adapter.FinTSFailure) as caught:
        call(*args)
    assert PIN not in str(caught.value)
    return caught.value.code, caught.value.is_sure


# === A BANK THAT IS PLAYED === #


def test_no_tan():
    bank = fake_fints.FakeBank()
    session = _open(bank)
    assert session.login().challenge is None
    step = session.execute(_order())
    session.close()
    assert (step.text, bank.closed) == ("0010 Nachricht entgegengenommen.", 1)
    ((iban, message, options),) = bank.received
    assert (iban, message) == (ACCOUNT.iban, CONTENT.decode())
    assert options["multiple"]
    assert options["control_sum"] == Decimal("19.80")
    assert options["pain_descriptor"].endswith(":pain.008.001.08")


@pytest.mark.parametrize("moment", ["login", "order"])
@pytest.mark.parametrize("decoupled", [False, True])
def test_tan(moment, decoupled):
    bank = fake_fints.FakeBank(
        tan_for=[moment], decoupled=decoupled, polls=1, image=("image/png", b"P")
    )
    session = _open(bank)
    step = session.login() if moment == "login" else session.login() and session.execute(_order())
    assert (step.challenge.decoupled, step.challenge.image) == (decoupled, ("image/png", b"P"))
    assert not bank.received
    for _attempt in range(2 if decoupled else 1):
        session = _open(bank)
        if moment == "login":
            step = session.resume_login(step.pause, bank.TAN)
        else:
            step = session.resume_order(step.pause, bank.TAN, _order())
    assert step.challenge is None
    if moment == "login":
        session.execute(_order())
    assert len(bank.received) == 1


def test_wrong_pin():
    assert _failure(_open(fake_fints.FakeBank(), "other").login) == ("pin", True)


def test_wrong_tan():
    bank = fake_fints.FakeBank(tan_for=["order"])
    session = _open(bank)
    session.login()
    pause = session.execute(_order()).pause
    assert _failure(_open(bank).resume_order, pause, "999999", _order()) == ("refused", True)
    assert not bank.received


@pytest.mark.parametrize(
    ("moment", "error", "expected"),
    [
        ("login", fake_fints.FinTSConnectionError("Bad status code 500"), ("connection", True)),
        ("login", TimeoutError(), ("connection", True)),
        ("order", TimeoutError(), ("connection", False)),
        ("order", RuntimeError("what?"), ("unclear", False)),
    ],
)
def test_bank_is_down(moment, error, expected):
    session = _open(fake_fints.FakeBank(errors={moment: error}))
    if moment == "login":
        assert _failure(session.login) == expected
    else:
        session.login()
        assert _failure(session.execute, _order()) == expected


def test_silence_after_the_tan_is_unknown():
    bank = fake_fints.FakeBank(tan_for=["order"])
    session = _open(bank)
    session.login()
    pause = session.execute(_order()).pause
    bank.errors["tan"] = ConnectionResetError()
    assert _failure(_open(bank).resume_order, pause, bank.TAN, _order()) == ("connection", False)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([("9010", "Auftrag abgelehnt."), ("0010", "Nachricht da.")], ("refused", True)),
        ([("3060", "Bitte Hinweise beachten."), ("9210", "Limit.")], ("refused", True)),
        ([], ("unclear", False)),
    ],
)
def test_codes_of_the_bank(codes, expected):
    session = _open(fake_fints.FakeBank(codes=codes))
    session.login()
    assert _failure(session.execute, _order()) == expected


def test_warning_is_taken():
    session = _open(fake_fints.FakeBank(codes=[("3060", "Bitte Hinweise beachten.")]))
    session.login()
    assert session.execute(_order()).text == "3060 Bitte Hinweise beachten."


def test_ways():
    mechanisms, media = _open(fake_fints.FakeBank()).find_ways()
    assert mechanisms == [("923", "pushTAN"), ("910", "chipTAN")]
    assert media == ["Phone of Ida"]


def test_library_is_missing(monkeypatch):
    monkeypatch.setattr(fints_adapter, "fints_client", None)
    assert not fints_adapter.is_installed()
    assert _failure(fints_adapter.Session, ACCESS, PIN) == ("missing", True)


def test_faults_come_first():
    codes = [("0010", "Da."), ("9010", "Nein."), ("9010", "Nein.")]
    assert fints_adapter.describe(codes) == "9010 Nein.; 0010 Da."


# === THE LIBRARY'S OWN OBJECTS === #


def _real_client():
    return fints_client.make(ACCESS, PIN, None)


def test_state_holds_no_pin():
    client = _real_client()
    state = client.deconstruct(including_private=True)
    _version, data = _open_blob(state)
    assert PIN.encode() not in state
    assert PIN not in repr(data)
    assert fints_client.make(ACCESS, None, state).system_id == client.system_id


def _open_blob(state):
    from fints.utils import decompress_datablob

    return decompress_datablob(state.split(b";")[0], state)


def test_paused_dialog_holds_no_pin():
    client = _real_client()
    client.system_id = "1"
    dialog = client._new_dialog()
    message = dialog.new_customer_message()
    dialog.finish_message(message)
    direction = next(iter(dialog.messages))
    dialog.messages[direction][1] = message
    dialog.open, dialog.need_init = True, False
    client._standing_dialog = dialog
    session = fints_adapter.Session(ACCESS, PIN, None, lambda *_args: client)
    step = session._sleep(fake_fints.Challenge())
    _version, data = _open_blob(step.pause.dialog)
    assert PIN.encode() not in data["data_bin"]
    # Woken up in another process, with the PIN that was typed again.
    other = _real_client()
    other.send_tan = lambda _challenge, _tan: None
    other.load_challenge = lambda _data: fake_fints.Challenge()
    session = fints_adapter.Session(ACCESS, PIN, None, lambda *_args: other)
    session._answer(step.pause, "1")
    assert [mechanism.pin for mechanism in other._standing_dialog.auth_mechanisms] == [PIN]
    other._standing_dialog.open = False
    session.close()


@pytest.mark.parametrize(("count", "name"), [(1, b"HKBSE"), (2, b"HKBME")])
def test_b2b_segments(count, name):
    order = _order(count, "B2B")
    segment = order._segment()
    segment.header.number = 3
    raw = _serialize(segment)
    assert raw.startswith(name + b":3:1+DE75512108001245126199")
    assert b"pain.008.001.08" in raw
    assert (b"+19,8:EUR+" in raw) == (count == 2)
    (again,) = FinTS3Parser().parse_message(raw).segments
    assert bytes(again.sepa_pain_message) == CONTENT
    assert isinstance(again.account, KTI1)


def _serialize(segment):
    from fints.parser import FinTS3Serializer

    return FinTS3Serializer().serialize_message(segment)


def test_not_offered_by_the_bank():
    client = _real_client()
    session = fints_adapter.Session(ACCESS, PIN, None, lambda *_args: client)
    assert _failure(session.execute, _order()) == ("unsupported", True)
    statements = fints_client.Statements(ACCOUNT, date(2026, 11, 1), date(2026, 11, 22))
    assert _failure(session.execute, statements) == ("unsupported", True)


KAZ = b"HIKAZS:5:7:4+1+1+1+365:J:N'"
CAZ = b"HICAZS:6:1:4+1+1+1+365:N:N:urn?:iso?:std?:iso?:20022?:tech?:xsd?:camt.052.001.08'"


@pytest.mark.parametrize(
    ("offered", "order", "answer"),
    [
        (KAZ + CAZ, "HKKAZ", "HIKAZ"),
        (KAZ, "HKKAZ", "HIKAZ"),
        (CAZ, "HKCAZ", "HICAZ"),
        (b"HIKAZS:5:3:4+1+1+1+365:J:N'" + CAZ, "HKCAZ", "HICAZ"),
    ],
)
def test_statements_before_reports(offered, order, answer):
    """MT940 is a statement; camt.052 only reports on the day and is taken where nothing else is."""
    client = _real_client()
    client.bpd = FinTS3Parser().parse_message(offered)
    statements = fints_client.Statements(ACCOUNT, date(2026, 11, 1), date(2026, 11, 22))
    factory, kind = statements._find(client)
    segment = factory(None)
    assert (segment.header.type, kind) == (order, answer)
    if order == "HKCAZ":
        assert "camt.052.001.08" in repr(segment.supported_camt_messages)


# === A SERVER THAT IS NO BANK === #


@contextmanager
def _server(status=200, content=b"", delay=0):
    quit_ = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            quit_.wait(delay)
            try:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return

        def log_message(self, *_args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        quit_.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _login_at(url):
    access = fints_adapter.Access("50010517", "user", url, "PRODUCT")
    session = fints_adapter.Session(
        access, PIN, None, lambda *args: fints_client.make(*args, seconds=0.3)
    )
    failure = _failure(session.login)
    session.close()
    return failure


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"status": 500}, {"content": b"<html>"}, {"content": b""}, {"delay": 5}],
)
def test_server_is_no_bank(answer):
    with _server(**answer) as url:
        code, is_sure = _login_at(url)
    assert is_sure
    assert code in ("connection", "unclear")


def test_nobody_there():
    with _server() as url:
        pass
    assert _login_at(url) == ("connection", True)
