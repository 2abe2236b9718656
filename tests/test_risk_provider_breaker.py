"""When bureaus are left alone: who tries again, and what counts as a failure of theirs."""

import runpy
import threading
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..models.risk import bureau_http
from ..scoring import bureau
from ..scoring.judging import get_unknown_colour
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


@tagged("-at_install", "post_install")
class TestRiskProviderSilent(BureauCommon):
    """A bureau that does not answer is never silently green."""

    def test_standard_policy(self):
        standard = self.env.ref("support_debit.risk_policy_default")
        data = standard._get_data()
        for code in bureau.CODES:
            with self.subTest(code):
                self.assertEqual(get_unknown_colour(data, code), "yellow")
        self.assertEqual(get_unknown_colour(data, "town_mismatch"), "green")

    def test_policy_without_a_line(self):
        policy = self.env.ref("support_debit.risk_policy_default")._make_version(self.company)
        self.assertFalse(policy._get_problems())
        policy.unknown_ids.filtered(lambda line: line.signal == "bureau_score").unlink()
        (problem,) = policy._get_problems()
        self.assertIn("Bureau's score", problem)
        self.provider.action_trial()
        self.assertFalse(policy._get_problems(), "on trial nothing counts")
        self.provider.action_use()
        policy.unknown_ids.filtered(lambda line: not line.signal).colour = "yellow"
        self.assertFalse(policy._get_problems(), "everything is yellow")
        policy.unknown_ids = [Command.clear()]
        (problem,) = policy._get_problems()
        self.assertIn("Bureau's colour", problem)

    def test_what_is_not_delivered_is_no_signal(self):
        """The answer says nothing of an account: that is no failure of the bureau."""
        found = self._ask("Eva Green", iban="")
        self.assertEqual(set(found), {"bureau_colour", "bureau_score", "bureau_pd"})
        self.assertEqual(self._ask("Eva Green", iban=""), found, "from the earlier answer, too")
        self.assertEqual(self._outcomes(), ["ok", "cached"])
        self.assertEqual(self._ask("Eva Nobody", iban=""), UNKNOWN)

    def test_update_of_earlier_answers(self):
        """An update does not turn into "unknown" what an earlier answer never said."""
        found = self._ask("Eva Green", iban="")
        call = self._calls().sudo()
        call.values = {**dict.fromkeys(CODES), **call.values}
        self.env.flush_all()
        script = Path(__file__).parents[1] / "migrations/19.0.1.4.0/post-bureau-answers.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(self._ask("Eva Green", iban=""), found)
