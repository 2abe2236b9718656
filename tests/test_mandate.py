"""Mandates: their states, their references, their evidence."""

from datetime import date

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import CREDITOR_ID, DEBTOR_IBANS, SupportDebitCommon

ALLOWED = {
    "draft": {"pending", "active", "revoked"},
    "pending": {"active", "revoked", "expired"},
    "active": {"suspended", "revoked", "expired"},
    "suspended": {"active", "revoked", "expired"},
    "revoked": set(),
    "expired": set(),
}
PATHS = {
    "draft": [],
    "pending": ["pending"],
    "active": ["active"],
    "suspended": ["active", "suspended"],
    "revoked": ["revoked"],
    "expired": ["active", "expired"],
}


@tagged("-at_install", "post_install")
class TestMandate(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[0], cls.customer.name, cls.customer
        )

    def _create_draft(self, **values):
        return self.env["sdd.mandate"].create(
            {"partner_id": self.customer.id, "bank_account_id": self.account.id, **values}
        )

    # === STATES === #

    def test_transitions(self):
        self._assert_transitions(self._create_draft, PATHS, ALLOWED)

    def test_activation_dates_the_signature(self):
        mandate = self._create_draft()
        mandate.action_activate()
        self.assertEqual(mandate.signature_date, fields.Date.context_today(mandate))
        kept = self._create_draft(signature_date=date(2025, 3, 1))
        kept.action_activate()
        self.assertEqual(kept.signature_date, date(2025, 3, 1))

    def test_revoking_gives_up_waiting_debits(self):
        mandate = self._create_mandate()
        queued, held = self._create_bare_debit(mandate), self._create_bare_debit(mandate)
        held.action_hold()
        mandate.action_revoke()
        self.assertEqual((queued.state, held.state), ("cancelled", "cancelled"))
        self.assertTrue(queued.state_reason)
        with self.assertRaisesRegex(ValidationError, "not active"):
            self._create_bare_debit(mandate)

    def test_lapses_36_months_after_the_last_collection(self):
        mandate = self._create_mandate(signature_date=date(2020, 1, 31))
        self.assertEqual(mandate.expiry_date, date(2023, 1, 31))
        mandate._note_collection(date(2021, 2, 28))
        mandate._note_collection(date(2020, 12, 1))
        self.assertEqual(mandate.last_collection_date, date(2021, 2, 28))
        self.assertEqual(mandate.expiry_date, date(2024, 2, 28))
        with freeze_time("2024-02-27 12:00:00"):
            self.env["sdd.mandate"]._cron_expire()
            self.assertEqual(mandate.state, "active")
        with freeze_time("2024-02-28 12:00:00"):
            self.env["sdd.mandate"]._cron_expire()
        self.assertEqual(mandate.state, "expired")

    # === REFERENCES === #

    def test_references_are_unique_without_case_and_business_code(self):
        self._create_draft(name="CUST-1")
        same = {
            "same": {"name": "CUST-1"},
            "other case": {"name": "Cust-1"},
            "other business code": {
                "name": "CUST-1",
                "creditor_identifier": CREDITOR_ID.replace("ZZZ", "ABC"),
            },
        }
        for what, values in same.items():
            with (
                self.subTest(what),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._create_draft(**values)
        other = self._create_draft(name="CUST-1", creditor_identifier="AT61ZZZ01234567890")
        self.assertEqual(other.name, "CUST-1")

    def test_reference_of_a_revoked_mandate_is_not_used_again(self):
        self._create_draft(name="CUST-1").action_revoke()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_draft(name="cust-1")

    def test_impossible_references(self):
        for name in ("Ä-1", "/A", "A/", "A//B", "A" * 36, "A_B", "A%"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self._create_draft(name=name)

    def test_drawn_references_differ(self):
        names = [self._create_draft().name for _number in range(3)]
        self.assertEqual(len(set(names)), 3)
        self.assertTrue(all(name.startswith("SD") for name in names))

    # === WHO AND WHAT === #

    def test_b2b_is_not_for_consumers(self):
        with self.assertRaisesRegex(ValidationError, "consumer"):
            self._create_draft(scheme="B2B")
        firm = self._create_customer("Firma GmbH", is_company=True)
        clerk = self._create_customer("Buchhaltung", parent_id=firm.id)
        for partner in (firm, clerk):
            self.assertEqual(self._create_mandate(partner, scheme="B2B").scheme, "B2B")

    def test_account_needs_a_valid_iban(self):
        account = self.env["res.partner.bank"].create(
            {"acc_number": "1234567", "partner_id": self.customer.id}
        )
        with self.assertRaises(ValidationError):
            self._create_draft(bank_account_id=account.id)

    def test_without_creditor_identifier(self):
        self.company.sdd_creditor_identifier = False
        with self.assertRaisesRegex(UserError, "creditor identifier"):
            self._create_draft()

    def test_account_number_is_masked(self):
        mandate = self._create_draft()
        for text in (mandate.iban_masked, mandate.display_name):
            self.assertNotIn(DEBTOR_IBANS[0], text.replace(" ", ""))
            self.assertIn("2051", text)
        self.assertEqual(mandate._get_iban(), DEBTOR_IBANS[0])

    def test_what_was_given_does_not_change(self):
        """The evidence of a mandate is worth nothing when its contents can be exchanged."""
        mandate = self._create_mandate()
        other = self._create_customer("Somebody Else")
        account = self.account._sdd_find_or_create(DEBTOR_IBANS[1], other.name, other)
        for values in (
            {"name": "OTHER-1"},
            {"creditor_identifier": "AT61ZZZ01234567890"},
            {"bank_account_id": account.id},
            {"partner_id": other.id},
            {"scheme": "B2B"},
            {"text_shown": "I owe everything."},
            {"text_hash": "0" * 64},
            {"signature_date": date(2020, 1, 1)},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                mandate.write(values)
        mandate.write(dict.fromkeys(["name"], mandate.name))

    # === EVIDENCE === #

    def test_given_mandate_keeps_what_was_shown(self):
        text = self.env["sdd.mandate.text"]._get_text("de_DE")
        shown = text._render(self.company.name)
        mandate = (
            self.env["sdd.mandate"]
            .sudo()
            ._create_given(
                {
                    "partner_id": self.customer.id,
                    "bank_account_id": self.account.id,
                    "text_id": text.id,
                    "text_shown": shown,
                },
                {"ip_address": "192.0.2.7", "user_agent": "Test/1.0 «ü»"},
            )
        )
        self.assertEqual(mandate.state, "active")
        self.assertEqual(mandate.text_hash, text._hash(shown))
        self.assertEqual(mandate.event_ids.mapped("kind"), ["created", "given", "activated"])
        given = mandate.event_ids[1]
        self.assertEqual(given.data["ip_address"], "192.0.2.7")
        self.assertEqual(given.data["text_hash"], mandate.text_hash)
        self.assertFalse(mandate.event_ids._find_broken())
        with self.assertRaisesRegex(UserError, "agreed"):
            text.body = "{creditor} may take everything."

    def test_history_cannot_be_changed_or_deleted(self):
        event = self._create_mandate().event_ids.sudo()[0]
        with self.assertRaises(UserError):
            event.write({"kind": "given"})
        with self.assertRaises(UserError):
            event.unlink()
        with self.assertRaises(UserError):
            event.mandate_id.sudo().unlink()
        self.assertTrue(event.exists())

    def test_tampering_in_the_database_is_found(self):
        mandate = self._create_mandate()
        mandate.action_suspend()
        mandate.action_activate()
        events = mandate.event_ids.sudo()
        first, second, third = events[0], events[1], events[2]
        attacks = {
            "kind": ("UPDATE sdd_mandate_event SET kind = 'given' WHERE id = %s", second),
            "date": (
                "UPDATE sdd_mandate_event SET date = date + interval '1 s' WHERE id = %s",
                first,
            ),
            "data": ("UPDATE sdd_mandate_event SET data = '{\"a\": 1}' WHERE id = %s", third),
            "user": ("UPDATE sdd_mandate_event SET user_id = 1 WHERE id = %s", second),
            "hash": ("UPDATE sdd_mandate_event SET hash = repeat('0', 64) WHERE id = %s", second),
            "left out": ("DELETE FROM sdd_mandate_event WHERE id = %s", second),
            "first left out": ("DELETE FROM sdd_mandate_event WHERE id = %s", first),
        }
        self.assertFalse(events._find_broken())
        for what, (query, event) in attacks.items():
            with self.subTest(what):
                savepoint = self.env.cr.savepoint()
                self.env.cr.execute(query, [event.id])
                self.env.invalidate_all()
                left = self.env["sdd.mandate.event"].search([("mandate_id", "=", mandate.id)])
                self.assertTrue(left._find_broken())
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_deleting_a_user_does_not_break_the_history(self):
        clerk = new_test_user(self.env, "clerk", groups="support_debit.group_support_user")
        mandate = self._create_draft()
        mandate.with_user(clerk).action_activate()
        self.assertEqual(mandate.event_ids[-1].user_id, clerk)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            clerk.sudo().unlink()
            self.env.flush_all()
        self.assertFalse(mandate.event_ids.sudo()._find_broken())

    def test_mandate_of_another_company(self):
        second = self._create_second_company()
        mandate = self._create_mandate(company_id=second.id)
        self.assertEqual(mandate.creditor_identifier, second.sdd_creditor_identifier)
        with self.assertRaises(UserError):
            self._create_bare_debit(mandate, company_id=self.company.id, journal_id=self.journal.id)
        invoice = self._create_order()._sdd_invoice()
        with self.assertRaises(UserError):
            invoice._queue_sdd_debit(mandate=mandate)
        self.assertFalse(invoice.sdd_debit_ids)
        with self.assertRaisesRegex(UserError, "no mandate"):
            invoice._queue_sdd_debit()
