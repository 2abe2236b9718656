"""What tests of bureaus share: the played bureau as a running program, and one set up for it."""

import json
import threading
import urllib.request
from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields
from odoo.tests import HttpCase

from ..demo import bureau as played
from ..scoring.subject import Subject
from .common import DEBTOR_IBANS, SupportDebitCommon

FIELDS = [
    ("last_name", "person.lastName", True),
    ("first_name", "person.firstName", False),
    ("zip", "person.address.zip", False),
    ("iban", "account.iban", False),
    ("amount", "order.amount", False),
    ("reference", "reference", False),
]
RESULTS = [
    ("result.colour", "bureau_colour", "G=green; Y=yellow; R=red", 1.0),
    ("result.score", "bureau_score", "", 1.0),
    ("result.percent", "bureau_pd", "", 0.01),
    ("account.blocked", "bureau_account_blocked", "", 1.0),
]
CODES = [signal for _path, signal, _table, _factor in RESULTS]


class BureauCommon(SupportDebitCommon):
    """A bureau in use that reaches the played one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = played.make_server()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        cls.bureau_url = f"http://127.0.0.1:{server.server_address[1]}"
        cls.provider = cls._create_provider()

    def setUp(self):
        super().setUp()
        if not isinstance(self, HttpCase):
            self.enterContext(self.enter_registry_test_mode())
        played.ASKED.clear()

    @classmethod
    def _create_provider(cls, **values):
        return cls.env["risk.provider"].create(
            {
                "name": "Our bureau",
                "company_id": cls.company.id,
                "url": f"{cls.bureau_url}/v1/check",
                "auth": "header",
                "auth_user": "X-Api-Key",
                "secret": played.KEY,
                # Enough for a busy machine; the tests of time shorten it.
                "timeout_ms": 5000,
                "price": 0.5,
                "asker_limit": 0,
                "notice": "We ask our bureau about you.",
                "ok_path": "status",
                "ok_values": "OK",
                "field_ids": [
                    Command.create({"fact": fact, "path": path, "is_required": needed})
                    for fact, path, needed in FIELDS
                ],
                "result_ids": [
                    Command.create({"path": path, "signal": code, "table": table, "factor": factor})
                    for path, code, table, factor in RESULTS
                ],
                "mode": "live",
                **values,
            }
        )

    def _subject(self, name="Jörg Müßig", **values):
        return Subject(
            **{
                "stage": "submit",
                "now": fields.Datetime.now(),
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "amount": Decimal("99.90"),
                "name": name,
                "holder": name,
                "iban": DEBTOR_IBANS[0],
                "street": "Hauptstraße 1",
                "zip_code": "10115",
                "city": "Berlin",
                "country_code": "DE",
                **values,
            }
        )

    def _ask(self, name="Jörg Müßig", known=None, **values):
        """Return {code: (status, value)} of what bureaus say."""
        self.env.flush_all()
        signals = self.env["risk.provider"]._ask(self._subject(name, **values), known or {})
        self.env.invalidate_all(flush=False)
        return {signal.code: (signal.status, signal.value) for signal in signals}

    def _calls(self):
        return self.env["risk.provider.call"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

    def _outcomes(self):
        return self._calls().mapped("outcome")

    def _age_calls(self, **delta):
        """Let all questions lie further back."""
        for call in self._calls().sudo():
            call.date -= timedelta(**delta)

    def _count_asked(self):
        """Return what the played bureau has counted, by name."""
        with urllib.request.urlopen(f"{self.bureau_url}/log", timeout=10) as answer:
            return json.load(answer)
