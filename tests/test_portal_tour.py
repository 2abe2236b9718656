"""A customer in the portal, in a real browser."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestPortalTour(SupportDebitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        site = cls.env["website"].search([("company_id", "=", cls.company.id)], limit=1)
        site.default_lang_id = cls.env["res.lang"]._activate_lang("en_US")
        user = new_test_user(
            cls.env,
            "tina_portal",
            groups="base.group_portal",
            name="Tina Tour",
            email="tina@example.com",
            lang="en_US",
        )
        cls.partner = user.partner_id
        cls.partner.write({"country_id": cls.env.ref("base.de").id, "company_id": False})
        cls.mandate = cls._create_mandate(cls.partner)
        cls.debit = cls._create_debit(cls.partner, cls.mandate).with_env(cls.env)

    def _return_a_debit(self):
        """Let a debit of the customer come back for lack of money."""
        debit = self._create_debit(self.partner, self.mandate)
        self.env.cr.execute(
            "UPDATE sdd_debit SET state = 'returned', collection_date = '2026-01-15' WHERE id = %s",
            debit.ids,
        )
        debit.invalidate_recordset()
        # In sudo mode: the bank's files make them.
        self.env["sdd.return"].sudo().create(
            {
                "debit_id": debit.id,
                "kind": "return",
                "reason_id": self.env["sdd.reason"]._find("AM04").id,
                "reason_code": "AM04",
                "booking_date": fields.Date.today(),
            }
        )

    def test_look_at_mandate_and_debits(self):
        self._return_a_debit()
        self.start_tour("/my", "support_debit_portal_mandate", login="tina_portal", timeout=120)

    def test_change_the_account(self):
        """With mistakes on the way: no IBAN, a wrong one, the old one, no code, a wrong one."""
        confirmations = self.env.registry["sdd.mandate.confirmation"]
        with patch.object(confirmations, "_draw_code", lambda _self: "424242"):
            self.start_tour("/my", "support_debit_portal_account", login="tina_portal", timeout=120)
        self.assertEqual(self.mandate._get_iban(), "DE02500105170137075030")
        self.assertEqual((self.mandate.state, self.mandate.evidence_grade), ("active", "B"))
        self.assertEqual(self.debit.state, "queued")
        self.assertFalse(self.mandate._verify())
        kinds = self.mandate.event_ids.mapped("kind")
        self.assertEqual((kinds.count("amended"), kinds.count("code_refused")), (1, 1))

    def test_revoke(self):
        """With a double click; then a new mandate is begun in its place."""
        self.start_tour("/my", "support_debit_portal_revoke", login="tina_portal", timeout=120)
        self.assertEqual(self.mandate.state, "revoked")
        self.assertIn("I pay by transfer.", self.mandate.end_reason)
        self.assertEqual(self.debit.state, "cancelled")
        self.assertEqual(len(self.mandate.activity_ids), 1)
        new = self.mandate.replaced_by_ids
        self.assertEqual((new.state, new.channel), ("pending", "portal"))
        self.assertFalse(new.bank_account_id)
