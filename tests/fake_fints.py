"""A bank that speaks as the library `fints` hands it out: challenges, refusals, silence."""

import json
from types import SimpleNamespace


class FinTSClientPINError(Exception):
    """Named like the library's."""


class FinTSConnectionError(Exception):
    """Named like the library's."""


class Answer:
    """The answer to an order; the codes are remembered by the client."""


class Challenge:
    """What the library returns where the bank wants a TAN."""

    def __init__(
        self, text="Please confirm", decoupled=False, image=None, flicker=None, phase="order"
    ):
        self.challenge = text
        self.challenge_matrix = image
        self.challenge_hhduc = flicker
        self.decoupled = decoupled
        self.phase = phase

    def get_data(self):
        # The library forgets `decoupled` here, too.
        return json.dumps({"text": self.challenge, "phase": self.phase}).encode()


class FakeBank:
    """One bank and what it does; `client` is the function that `Session` makes clients with."""

    PIN = "s3cretPIN"
    TAN = "123456"

    def __init__(self, **behaviour):
        #: When a TAN is wanted: "login", "order", both.
        self.tan_for = set(behaviour.pop("tan_for", ()))
        self.decoupled = behaviour.pop("decoupled", False)
        #: How often the app's approval is asked for in vain.
        self.polls = behaviour.pop("polls", 0)
        self.codes = behaviour.pop("codes", [("0010", "Nachricht entgegengenommen.")])
        #: Exceptions by the moment: "login", "order", "tan".
        self.errors = behaviour.pop("errors", {})
        self.files = behaviour.pop("files", [])
        self.image = behaviour.pop("image", None)
        self.received, self.closed, self.logins = [], 0, 0
        assert not behaviour

    def client(self, access, pin, state):
        return FakeClient(self, access, pin, state)

    def fail(self, moment):
        if error := self.errors.get(moment):
            raise error


class FakeClient:
    def __init__(self, bank, access, pin, state):
        self.bank, self.access, self.pin, self.told = bank, access, pin, state
        self.seen = []
        self.init_tan_response = None
        self._standing_dialog = None
        self.bpd = SimpleNamespace(find_segment_first=lambda _name: object())

    def __enter__(self):
        self.bank.logins += 1
        self.bank.fail("login")
        self._check_pin()
        self._standing_dialog = self._dialog()
        if "login" in self.bank.tan_for:
            self.init_tan_response = self._challenge("login")
        return self

    def __exit__(self, *_args):
        self.bank.closed += 1
        self._standing_dialog = None

    def resume_dialog(self, data):
        client = self
        assert data == b"dialog"

        class Resumed:
            def __enter__(self):
                client._standing_dialog = client._dialog()
                client._standing_dialog.auth_mechanisms[0].pin = None

            def __exit__(self, *_args):
                client.__exit__()

        return Resumed()

    def pause_dialog(self):
        assert self._standing_dialog.auth_mechanisms[0].pin is None, "the PIN must not be stored"
        assert not any(self._standing_dialog.messages.values()), "messages hold the PIN"
        return b"dialog"

    def deconstruct(self, including_private=False):
        return b"state"

    @staticmethod
    def load_challenge(data):
        values = json.loads(data)
        return Challenge(values["text"], phase=values["phase"])

    def fetch_tan_mechanisms(self):
        self.bank.fail("login")
        self._check_pin()

    def get_tan_mechanisms(self):
        return {"923": SimpleNamespace(name="pushTAN"), "910": SimpleNamespace(name="chipTAN")}

    def is_tan_media_required(self):
        return True

    def get_tan_media(self):
        return "0", [SimpleNamespace(tan_medium_name="Phone of Ida")]

    def sepa_debit(self, account, message, **kwargs):
        return self.order((account.iban, message, kwargs))

    def order(self, what):
        self.bank.fail("order")
        if "order" in self.bank.tan_for:
            self.pending = what
            return self._challenge("order")
        return self._take(what)

    def send_tan(self, challenge, tan):
        self.bank.fail("tan")
        assert self._standing_dialog.auth_mechanisms[0].pin == self.pin
        self._check_pin()
        assert challenge.decoupled == self.bank.decoupled
        if challenge.decoupled and self.bank.polls:
            self.bank.polls -= 1
            return self._challenge(challenge.phase)
        if not challenge.decoupled and tan != self.bank.TAN:
            self.seen.append(("9941", "TAN ungültig"))
            return Answer()
        return self._take("after TAN") if challenge.phase == "order" else Answer()

    def _take(self, what):
        self.seen += self.bank.codes
        if not any(code[0] == "9" for code, _text in self.bank.codes):
            self.bank.received.append(what)
        return self.bank.files or Answer()

    def _challenge(self, phase):
        return Challenge(decoupled=self.bank.decoupled, image=self.bank.image, phase=phase)

    def _check_pin(self):
        if self.pin != self.bank.PIN:
            self.seen.append(("9910", "PIN falsch"))
            raise FinTSClientPINError(f"wrong {self.pin}")

    def _dialog(self):
        mechanism = SimpleNamespace(pin=self.pin)
        return SimpleNamespace(auth_mechanisms=[mechanism], messages={1: {1: self.pin}})
