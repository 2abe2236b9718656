"""Debits in the customer's words: what waits, what came back, and what he can do."""

from odoo import fields
from odoo.tests import tagged

from .test_portal_mandate import PortalCase


@tagged("-at_install", "post_install")
class TestPortalDebit(PortalCase):
    def test_debits_in_the_customers_words(self):
        mandate = self.mandate
        self._submit(self.debit)
        held = self._create_debit(self.users[0].partner_id, mandate)
        held._hold("grade", "Internal wording")
        self.authenticate("anna_portal", "anna_portal")
        text = self._get_text("/my/debits")
        self.assertIn("At the bank", text)
        self.assertIn("as soon as you have confirmed your mandate", text)
        self.assertNotIn("Internal wording", text)
        self.assertIn(mandate.iban_masked, text)

    def test_customer_can_give_the_proof_that_a_debit_waits_for(self):
        self.debit._hold("grade", "Internal wording")
        self.authenticate("anna_portal", "anna_portal")
        self.assertIn("Please confirm your mandate", self._get_text(self.page))
        response = self._post(f"{self.page}/confirm")
        self.assertIn("/sdd/confirm/", response.headers["Location"])
        self.assertFalse(self.mandate.replaced_by_ids)
        self.mandate._confirm("own_device_code")
        self.assertEqual(self.debit.state, "queued")
        self.assertNotIn("Please confirm your mandate", self._get_text(self.page))
        self.mandate.action_revoke()
        response = self._post(f"{self.page}/confirm")
        self.assertTrue(response.headers["Location"].endswith(self.page))

    def test_returned_debit_says_what_to_do(self):
        for code, expected in (
            ("AM04", "not enough money"),
            ("AC04", "Please change the account"),
            ("MD01", "did not accept the mandate"),
            ("MD06", "took the amount back"),
            ("MS03", "did not carry out"),
        ):
            debit = self._create_debit(self.users[0].partner_id, self.mandate)
            self.env.cr.execute("UPDATE sdd_debit SET state = 'returned' WHERE id = %s", debit.ids)
            debit.invalidate_recordset()
            reason = self.env["sdd.reason"]._find(code)
            # In sudo mode: the bank's files make them.
            self.env["sdd.return"].sudo().create(
                {
                    "debit_id": debit.id,
                    "kind": "return",
                    "reason_id": reason.id,
                    "reason_code": code,
                    "booking_date": fields.Date.today(),
                }
            )
            text = debit.sudo()._get_portal_text()
            with self.subTest(code):
                self.assertIn(expected, text)
                self.assertIn("pay the invoice another way", text)
        self.authenticate("anna_portal", "anna_portal")
        page = self._get("/my/debits").text
        self.assertIn('name="o_sdd_pay"', page)
