"""FinTS as this add-on needs it, on top of the library `fints`, which may be missing.

A `Session` is one dialog with the bank. Where the bank asks for a TAN it is put to sleep, and what is
needed to go on is a `Pause` that holds no PIN: whoever resumes names the PIN again. Everything that
can go wrong comes as a `FinTSFailure`, which knows whether the bank may have the order all the same.
"""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

try:
    from . import fints_client
except ImportError:  # The library is optional.
    fints_client = None

#: Seconds until a bank that says nothing counts as out of reach.
TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Access:
    """How a bank is reached. `mechanism` and `medium` are what the user has chosen, or None."""

    bank_code: str
    user_id: str
    url: str
    product_id: str
    customer_id: str | None = None
    mechanism: str | None = None
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The account that an order is about."""

    iban: str
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the bank shows before a TAN.

    `image` is (MIME type, bytes) for photoTAN and QR, `flicker` the HHD_UC code as text for a TAN
    generator. `decoupled`: no TAN is typed, the order is approved in the bank's app.
    """

    text: str
    image: tuple[str, bytes] | None = None
    flicker: str | None = None
    decoupled: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A dialog that sleeps. Whoever stores it keeps it from being changed: it is unpickled."""

    client: bytes
    dialog: bytes
    challenge: bytes
    decoupled: bool


@dataclass(slots=True)
class Step:
    """Where a dialog stands: it waits for a TAN (`challenge` and `pause`), or it is done.

    `codes` are the bank's answers as (code, text), `files` what was fetched.
    """

    challenge: Challenge | None = None
    pause: Pause | None = None
    codes: list[tuple[str, str]] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The bank's answers in one line."""
        return describe(self.codes)


class FinTSFailure(Exception):
    """The dialog failed.

    `code` is one of missing, pin, locked, sca, unsupported, connection, refused, unclear; `text`
    the bank's own words. `is_sure`: the bank does not have the order.
    """

    def __init__(self, code: str, text: str = "", is_sure: bool = True):
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.is_sure = is_sure


def is_installed() -> bool:
    """Tell whether the library is there."""
    return fints_client is not None


def describe(codes: list[tuple[str, str]]) -> str:
    """Return the bank's codes and texts in one line, each once, faults first."""
    ordered = sorted(dict.fromkeys(codes), key=lambda item: item[0][:1] != "9")
    return "; ".join(f"{code} {text}" for code, text in ordered)


class Session:
    """One dialog with one PIN.

    :param access: the `Access`.
    :param str pin: never written anywhere.
    :param bytes state: what `state` gave the last time, or None.
    :param make_client: function (access, pin, state) -> client of the library; for tests.
    """

    def __init__(self, access, pin, state=None, make_client=None):
        make_client = make_client or (fints_client and fints_client.make)
        if not make_client:
            raise FinTSFailure("missing")
        self._stack = ExitStack()
        self._ordered = False
        with self._faults():
            self._client = make_client(access, pin, state)

    # === THE DIALOG === #

    def login(self) -> Step:
        """Open the dialog; the bank may want a TAN for that alone."""
        with self._faults():
            self._stack.enter_context(self._client)
            if challenge := getattr(self._client, "init_tan_response", None):
                return self._sleep(challenge)
        return self._step()

    def resume_login(self, pause: Pause, tan: str) -> Step:
        """Go on after the TAN for the login."""
        with self._faults():
            answer = self._answer(pause, tan)
            if _is_challenge(answer):
                return self._sleep(answer)
            self._client.init_tan_response = None
        return self._step()

    def execute(self, order) -> Step:
        """Send an order in the open dialog.

        :param order: `fints_client.Debits` or `fints_client.Statements`, or what behaves like them.
        """
        with self._faults():
            order.check(self._client)
            self._client.seen.clear()
            self._ordered = True
            return self._judge(order, order.send(self._client))

    def resume_order(self, pause: Pause, tan: str, order) -> Step:
        """Go on after the TAN for an order."""
        self._ordered = True
        with self._faults():
            return self._judge(order, self._answer(pause, tan, order))

    def find_ways(self) -> tuple[list[tuple[str, str]], list[str]]:
        """Return the TAN mechanisms as (code, name) and the names of the TAN media."""
        with self._faults():
            self._client.fetch_tan_mechanisms()
            mechanisms = [
                (code, getattr(parameter, "name", "") or code)
                for code, parameter in self._client.get_tan_mechanisms().items()
            ]
            media = []
            if mechanisms and self._client.is_tan_media_required():
                media = [
                    medium.tan_medium_name
                    for medium in self._client.get_tan_media()[1]
                    if medium.tan_medium_name
                ]
        return mechanisms, media

    @property
    def state(self) -> bytes:
        """What the bank has told about itself and this user, without the PIN, for the next time."""
        return self._client.deconstruct(including_private=True)

    def close(self) -> None:
        """End the dialog. A bank that does not answer any more is no reason to complain."""
        try:
            self._stack.close()
        except Exception:  # noqa: BLE001 - whatever the library or the network raises
            return

    # === INSIDE === #

    def _answer(self, pause, tan, order=None):
        """Wake the dialog up and send the TAN."""
        self._stack.enter_context(self._client.resume_dialog(pause.dialog))
        for mechanism in _mechanisms(self._client):
            mechanism.pin = self._client.pin
        if order is not None:
            order.prepare(self._client)
        challenge = self._client.load_challenge(pause.challenge)
        # The library forgets this one when it stores a challenge.
        challenge.decoupled = pause.decoupled
        return self._client.send_tan(challenge, tan)

    def _sleep(self, challenge) -> Step:
        """Put the dialog to sleep without the PIN."""
        data = challenge.get_data()
        for mechanism in _mechanisms(self._client):
            mechanism.pin = None
        dialog = getattr(self._client, "_standing_dialog", None)
        if messages := getattr(dialog, "messages", None):
            # What was sent holds the PIN in every signature; nothing needs it any more.
            dialog.messages = {direction: {} for direction in messages}
        pause = Pause(self.state, self._client.pause_dialog(), data, bool(challenge.decoupled))
        shown = Challenge(
            text=challenge.challenge or "",
            image=challenge.challenge_matrix,
            flicker=challenge.challenge_hhduc,
            decoupled=bool(challenge.decoupled),
        )
        return Step(shown, pause, self._codes())

    def _judge(self, order, answer) -> Step:
        """Return the step that an answer means; a refusal is raised."""
        if _is_challenge(answer):
            return self._sleep(answer)
        step = self._step()
        step.files = order.take(answer)
        if any(code.startswith("9") for code, _text in step.codes):
            raise FinTSFailure("refused", step.text)
        if not step.files and not any(code[:1] in "03" for code, _text in step.codes):
            raise FinTSFailure("unclear", step.text, is_sure=False)
        return step

    def _step(self):
        return Step(codes=self._codes())

    def _codes(self):
        return list(getattr(getattr(self, "_client", None), "seen", ()))

    @contextmanager
    def _faults(self):
        """Turn everything that goes wrong into a `FinTSFailure`."""
        try:
            yield
        except FinTSFailure:
            raise
        except Exception as error:  # noqa: BLE001 - the library raises bare ones, too
            codes = self._codes()
            refused = any(code.startswith("9") for code, _text in codes)
            name = _name(error)
            if name == "unclear" and refused:
                name = "refused"
            sure = not self._ordered or refused or name in ("pin", "locked", "unsupported")
            raise FinTSFailure(name, describe(codes) or _words(error), sure) from None


_NAMES = {
    "FinTSClientPINError": "pin",
    "FinTSClientTemporaryAuthError": "locked",
    "FinTSSCARequiredError": "sca",
    "FinTSUnsupportedOperation": "unsupported",
    "FinTSConnectionError": "connection",
    "FinTSDialogInitError": "connection",
    "RequestException": "connection",
    "OSError": "connection",
}


def _name(error) -> str:
    """Return the code of a failure for an exception of the library or of the network."""
    names = (cls.__name__ for cls in type(error).__mro__)
    return next((_NAMES[name] for name in names if name in _NAMES), "unclear")


def _words(error) -> str:
    """Return what may be shown of an exception: its kind, and no text that could hold a PIN."""
    cause = error.__cause__ or error
    return type(cause).__name__


def _mechanisms(client):
    return getattr(getattr(client, "_standing_dialog", None), "auth_mechanisms", ())


def _is_challenge(answer) -> bool:
    return hasattr(answer, "get_data") and hasattr(answer, "challenge")
