"""The part of FinTS that needs the library: its client, with time limits, and our two orders.

The library knows no B2B debits; their segments are described here after the specification
"Messages - Multibankfähige Geschäftsvorfälle" of FinTS 3.0 (HKBSE, HKBME).
"""

from decimal import Decimal

from fints.client import FinTS3PinTanClient, NeedRetryResponse
from fints.exceptions import FinTSUnsupportedOperation
from fints.fields import DataElementField, DataElementGroupField
from fints.formals import KTI1, SupportedMessageTypes
from fints.models import SEPAAccount
from fints.segments.base import FinTS3Segment
from fints.segments.debit import BatchDebitBase
from fints.segments.statement import HKCAZ1, HKKAZ5, HKKAZ6, HKKAZ7
from requests.adapters import HTTPAdapter

_URN = "urn:iso:std:iso:20022:tech:xsd:"
_CAMT = ("camt.052.001.08", "camt.052.001.02")


class HKBSE1(FinTS3Segment):
    """Single SEPA B2B debit with a due date, version 1."""

    account = DataElementGroupField(type=KTI1)
    sepa_descriptor = DataElementField(type="an", max_length=256)
    sepa_pain_message = DataElementField(type="bin")


class HKBME1(BatchDebitBase):
    """Collective SEPA B2B debit with a due date, version 1."""


class _TimedAdapter(HTTPAdapter):
    """Gives up on a bank that does not answer; the library waits for ever."""

    def __init__(self, seconds):
        self.seconds = seconds
        super().__init__()

    def send(self, *args, **kwargs):
        return super().send(*args, **{**kwargs, "timeout": self.seconds})


class Client(FinTS3PinTanClient):
    """The library's client; remembers what the bank has said and the kinds of challenges."""

    def __init__(self, *args, **kwargs):
        self.seen = []
        super().__init__(*args, **kwargs)

    def _process_response(self, dialog, segment, response):
        self.seen.append((response.code, response.text))
        super()._process_response(dialog, segment, response)

    @staticmethod
    def load_challenge(data):
        """Return a challenge that was stored with its `get_data`."""
        return NeedRetryResponse.from_data(data)


def make(access, pin, state, seconds=None):
    """Return a client for `fints_adapter.Session`; see there."""
    from .fints_adapter import TIMEOUT

    client = Client(
        access.bank_code,
        access.user_id,
        pin,
        access.url,
        customer_id=access.customer_id or None,
        tan_medium=access.medium or None,
        product_id=access.product_id,
        from_data=state or None,
    )
    for scheme in ("https://", "http://"):
        client.connection.session.mount(scheme, _TimedAdapter(seconds or TIMEOUT))
    if access.mechanism:
        client.set_tan_mechanism(access.mechanism)
    return client


def _sepa_account(account, bic=None):
    iban = account.iban
    return SEPAAccount(iban, account.bic or bic, iban[12:22], None, iban[4:12])


class Debits:
    """The order to collect a pain.008.

    :param account: `fints_adapter.Account` that is credited.
    :param bytes content: the file.
    :param str scheme: CORE or B2B.
    :param int count: number of debits in the file.
    :param Decimal total: their sum.
    :param str version: the message's name, "pain.008.001.08".
    """

    def __init__(self, account, content, scheme, count, total: Decimal, version):
        self.account = account
        self.content = content
        self.total = total
        self.descriptor = f"{_URN}{version}"
        self.is_b2b = scheme == "B2B"
        self.is_single = count == 1

    def check(self, client):
        """Raise an error of the library when the bank does not offer the order."""
        single, several = ("HIBSES", "HIBMES") if self.is_b2b else ("HIDSES", "HIDMES")
        if self.is_single and not client.bpd.find_segment_first(single):
            self.is_single = False
        if not client.bpd.find_segment_first(single if self.is_single else several):
            raise FinTSUnsupportedOperation(f"The bank offers no {several[:2]}{several[2:5]}.")

    def send(self, client):
        """Send the order and return the library's answer."""
        if self.is_b2b:
            return client._send_with_possible_retry(
                client._standing_dialog, self._segment(), client._continue_sepa_debit
            )
        return client.sepa_debit(
            _sepa_account(self.account),
            self.content.decode(),
            multiple=not self.is_single,
            control_sum=None if self.is_single else self.total,
            pain_descriptor=self.descriptor,
        )

    def _segment(self):
        segment = (HKBSE1 if self.is_single else HKBME1)(
            account=KTI1.from_sepa_account(_sepa_account(self.account)),
            sepa_descriptor=self.descriptor,
            sepa_pain_message=self.content,
        )
        if not self.is_single:
            segment.sum_amount.amount = self.total
            segment.sum_amount.currency = "EUR"
            segment.request_single_booking = False
        return segment

    def prepare(self, client):
        """Nothing is needed before the TAN."""

    def take(self, answer):
        """A collection brings no files."""
        return []


class Statements:
    """The order to fetch the entries of an account: MT940 where offered, else camt.052.

    MT940 are the account's statements, with balances; a camt.052 only reports on the day.

    :param account: `fints_adapter.Account`.
    :param date since: first day.
    :param date until: last day.
    """

    def __init__(self, account, since, until):
        self.account = account
        self.since = since
        self.until = until

    def check(self, client):
        """Raise an error of the library when the bank offers neither."""
        self._find(client)

    def send(self, client):
        """Send the order and return the files, or the library's challenge."""
        factory, kind = self._find(client)
        return client._fetch_with_touchdowns(
            client._standing_dialog, factory, self._collect(kind), kind
        )

    def prepare(self, client):
        """Tell a client that was woken up how to go on; the library forgets it."""
        factory, kind = self._find(client)
        client._touchdown_responses = []
        client._touchdown_counter = 1
        client._touchdown_dialog = client._standing_dialog
        client._touchdown_segment_factory = factory
        client._touchdown_response_processor = self._collect(kind)
        client._touchdown_args = (kind,)
        client._touchdown_kwargs = {}

    def take(self, answer):
        """Return the files."""
        return answer

    def _find(self, client):
        """Return (function that makes the order's segment, type of the answer's segment)."""
        extra, kind = {}, "HIKAZ"
        try:
            segment = client._find_highest_supported_command(HKKAZ5, HKKAZ6, HKKAZ7)
        except FinTSUnsupportedOperation:
            parameters = client.bpd.find_segment_first("HICAZS")
            if not parameters:
                raise
            segment, kind = HKCAZ1, "HICAZ"
            extra["supported_camt_messages"] = SupportedMessageTypes([self._format(parameters)])
        # Older versions name the account by bank code; the library takes its country from a BIC.
        account_type = segment._fields["account"].type
        bic = None if account_type is KTI1 else f"XXXX{self.account.iban[:2]}XX"
        account = account_type.from_sepa_account(_sepa_account(self.account, bic))

        def factory(touchdown):
            return segment(
                account=account,
                all_accounts=False,
                date_start=self.since,
                date_end=self.until,
                touchdown_point=touchdown,
                **extra,
            )

        return factory, kind

    @staticmethod
    def _format(parameters):
        """Return the newest camt.052 that the bank offers."""
        offered = " ".join(str(item) for item in parameters._additional_data or ())
        offered += repr(getattr(parameters, "parameter", ""))
        return _URN + next((version for version in _CAMT if version in offered), _CAMT[-1])

    @staticmethod
    def _collect(kind):
        """Return the function that turns the answer's segments into files."""

        def camt(segments):
            return [
                bytes(content)
                for segment in segments
                for content in segment.statement_booked.camt_statements
            ]

        def mt940(segments):
            # Banks cut the text anywhere; only the whole can be read.
            content = b"".join(segment.statement_booked for segment in segments)
            return [content] if content.strip() else []

        return camt if kind == "HICAZ" else mt940
