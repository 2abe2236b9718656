"""A planned attempt in the portal and on the screens of the staff."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..sepa import target
from .retry_common import RetryCommon
from .test_portal_mandate import PortalCase


@tagged("-at_install", "post_install")
class TestRetryPortal(RetryCommon, PortalCase):
    """What the customer reads about an attempt, and what he can do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)

    def setUp(self):
        super().setUp()
        self._reject(self.debit)
        self.again = self._retry_of(self.debit).with_env(self.env)
        self.url = f"/my/debits/{self.again.id}/date"
        self.authenticate("anna_portal", "anna_portal")

    def _choose(self, day):
        """Send the form with a day and return where it leads."""
        response = self._post(self.url, date=fields.Date.to_string(day))
        self.again.invalidate_recordset()
        return response.headers["Location"].rpartition("/my/debits")[2]

    def test_customer_reads_when_and_why(self):
        text = self._get_text("/my/debits")
        self.assertIn("We try it again on", text)
        self.assertIn("Salaries and pensions", text)
        self.assertIn("Choose another day", text)
        page = self._get("/my/debits").text
        self.assertIn('name="o_sdd_retry_pay"', page)
        self.assertIn("payment=True", page)
        # The staff's sentence is not for him.
        self.assertNotIn(self.again.retry_explanation, text)

    def test_customer_can_open_the_payment_page(self):
        url = self.again.invoice_ids.get_portal_url(query_string="&payment=True")
        self.assertNotIn("being collected by direct debit", self._get_text(url))

    def test_customer_chooses_another_day_once(self):
        day = self.again._get_retry_days()[-1]
        self.assertEqual(self._choose(day), "?done=moved")
        self.assertEqual(self.again.collection_date, day)
        text = self._get_text("/my/debits?done=moved")
        self.assertIn("We collect on the day you chose", text)
        self.assertIn("You chose this day", text)
        self.assertNotIn("Choose another day", text)
        other = target.add_target_days(day, -1)
        self.assertEqual(self._choose(other), "?done=unmoved")
        self.assertEqual(self.again.collection_date, day)
        self.assertIn("cannot be chosen any more", self._get_text("/my/debits?done=unmoved"))

    def test_days_that_cannot_be_chosen(self):
        planned = self.again.collection_date
        for day in (
            self.again.retry_last_date + timedelta(days=1),
            fields.Date.today(),
            fields.Date.today() + timedelta(days=400),
            planned,
        ):
            with self.subTest(day):
                self.assertEqual(self._choose(day), "?done=unmoved")
        for text in ("", "never", "2026-13-45", "9" * 300):
            response = self._post(self.url, date=text)
            self.assertIn("unmoved", response.headers["Location"])
        self.again.invalidate_recordset()
        self.assertEqual(self.again.collection_date, planned)

    def test_attempts_of_others_are_out_of_reach(self):
        planned = self.again.collection_date
        day = self.again._get_retry_days()[-1]
        self.authenticate("otto_portal", "otto_portal")
        self.assertEqual(self._choose(day), "")
        new_test_user(self.env, "retry_staff", groups="support_debit.group_accountant")
        self.authenticate("retry_staff", "retry_staff")
        self.assertEqual(self._choose(day), "")
        self.assertEqual(self.again.collection_date, planned)
        self.authenticate(None, None)
        self._post(self.url, date=fields.Date.to_string(day))
        self.again.invalidate_recordset()
        self.assertEqual(self.again.collection_date, planned)

    def test_addresses_that_lead_nowhere(self):
        for number in (0, 999999999, 99999999999999):
            response = self._post(f"/my/debits/{number}/date", date="2026-12-01")
            self.assertTrue(response.headers["Location"].endswith("/my/debits"))

    def test_a_first_attempt_cannot_be_moved(self):
        first = self._create_debit(self.users[0].partner_id, self.mandate)
        self._post(f"/my/debits/{first.id}/date", date=fields.Date.to_string(first.collection_date))
        self.assertFalse(first.retry_log)
        self.assertNotIn("o_sdd_retry_pay", str(first.sudo()._get_portal_retry_text()))

    def test_a_paused_attempt_says_that_it_waits(self):
        self.again.action_pause_retry()
        text = self._get_text("/my/debits")
        self.assertIn("We are looking into it", text)
        self.assertNotIn("Choose another day", text)

    # === STAFF === #

    def test_screens_open_and_show_the_attempt(self):
        new_test_user(self.env, "retry_staff", groups="support_debit.group_accountant")
        self.authenticate("retry_staff", "retry_staff")
        read = self._call("sdd.debit", "web_read", [self.again.ids], self._get_specification())
        self.assertIn("pay-day", read[0]["retry_explanation"])
        self.assertTrue(read[0]["is_waiting_retry"])
        for model in ("sdd.retry.policy", "sdd.retry.report", "sdd.return", "sdd.debit"):
            for view in ("list", "form", "search", "pivot", "graph"):
                with self.subTest(model, view=view):
                    self._call(model, "get_views", [[[False, view]]], {})
        action = self._call("sdd.debit", "action_move_retry", [self.again.ids], {})
        self.assertEqual(action["res_model"], "sdd.debit.move")
        self._call("sdd.debit", "action_pause_retry", [self.again.ids], {})
        self.again.invalidate_recordset()
        self.assertEqual(self.again.state, "held")
        self._call("sdd.debit", "action_resume_retry", [self.again.ids], {})
        self._call("sdd.debit", "action_send_payment_link", [self.again.ids], {})
        self.again.invalidate_recordset()
        self.assertEqual(self.again.state, "cancelled")

    def _get_specification(self):
        return {"specification": {"retry_explanation": {}, "is_waiting_retry": {}}}

    def _call(self, model, method, args, kwargs):
        """Call a method as the browser does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request("/web/dataset/call_kw", params)
