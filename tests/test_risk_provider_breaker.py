"""When bureaus are left alone: who tries again, and what counts as a failure of theirs."""

import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.risk import bureau_http
from .bureau_common import CODES, BureauCommon

UNKNOWN = dict.fromkeys(CODES, ("unknown", None))


@tagged("-at_install", "post_install")
class TestRiskProviderBreaker(BureauCommon):
    def test_one_tries_again(self):
        """After the pause one question goes out; nobody else asks until it has an answer."""
        self.provider.write({"failures": 2, "pause_minutes": 5})
        for number in range(2):
            self._ask(f"Eva{number} Broken")
        self._age_calls(minutes=6)
        self._ask("Eva Green")
        probe = self._calls()[-1].sudo()
        values, valid_until = probe.values, probe.valid_until
        probe.write({"outcome": "asked", "values": False, "valid_until": False})
        self.assertEqual(self._ask("Eva Blue"), UNKNOWN)
        self.assertEqual(self._outcomes()[-1], "paused")
        probe.write({"outcome": "ok", "values": values, "valid_until": valid_until})
        self.assertNotEqual(self._ask("Eva Blue"), UNKNOWN)
        # A worker was killed while it waited: its question keeps nobody away for long.
        self._age_calls(minutes=6)
        self._ask("Eva1 Broken")
        self._ask("Eva2 Broken")
        self._age_calls(minutes=6)
        lost = self._calls()[0].sudo()
        lost.write({"outcome": "asked", "date": fields.Datetime.now() - timedelta(seconds=30)})
        self.assertNotEqual(self._ask("Eva Brown"), UNKNOWN)

    def test_no_slot(self):
        """What never went out says nothing of the bureau, costs nothing, and is asked again."""
        self.provider.failures = 1
        with patch.object(bureau_http, "_SLOTS", threading.BoundedSemaphore(1)):
            bureau_http._SLOTS.acquire()
            self.assertEqual(self._ask("Eva Green"), UNKNOWN)
            call = self._calls()
            self.assertEqual((call.outcome, call.cost, call.http_status), ("busy", 0.0, 0))
            bureau_http._SLOTS.release()
            self.assertNotEqual(self._ask("Eva Green"), UNKNOWN)
        self.assertEqual(self._outcomes(), ["busy", "ok"])
        self.assertFalse(
            [line for line in self._get_lines() if "once" in line["result"]],
            "nobody was told of him",
        )

    def _get_lines(self):
        return self.env["risk.provider.call"]._get_customer_lines(self.customer)

    def test_data_of_one_customer(self):
        """A bureau that does not take one customer's data works: the next one is asked about."""
        self.provider.failures = 1
        for status in (400, 404, 422):
            reply = bureau_http.Reply("answered", status, b"{}", 5.0)
            with self.subTest(status), patch.object(bureau_http, "send", return_value=reply):
                self.assertEqual(self._ask(f"Eva{status} Green"), UNKNOWN)
                call = self._calls()[-1]
                self.assertEqual((call.outcome, call.cost), ("rejected", 0.0))
                self.assertNotEqual(self.provider.health, "paused")
        for status in (401, 402, 403, 429, 500, 503):
            reply = bureau_http.Reply("answered", status, b"{}", 5.0)
            with self.subTest(status), patch.object(bureau_http, "send", return_value=reply):
                self._ask(f"Eva{status} Green")
                self.assertEqual(self.provider.health, "paused")
                self._age_calls(minutes=10)

    def test_a_dripping_answer_frees_its_slot(self):
        """Whoever sends a byte now and then keeps a slot no longer than an answer may take."""
        self.provider.write({"timeout_ms": 400, "failures": 0})
        with patch.object(bureau_http, "_SLOTS", threading.BoundedSemaphore(1)):
            self._ask("Eva Drip")
            self.assertEqual(self._outcomes(), ["timeout"])
            self.assertTrue(bureau_http._SLOTS.acquire(timeout=3), "the slot is taken for ever")
            bureau_http._SLOTS.release()
