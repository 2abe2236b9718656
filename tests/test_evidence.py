"""Grades of evidence: where they come from, and what they let go to the bank."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("post_install", "-at_install")
class TestEvidence(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[0], cls.customer.name, cls.customer
        )
        cls.limits = cls.env["sdd.evidence.limit"].search([("company_id", "=", cls.company.id)])

    def _draft(self, **values):
        return self.env["sdd.mandate"].create(
            {
                "partner_id": self.customer.id,
                "bank_account_id": self.account.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def _limit(self, grade):
        return self.limits.filtered(lambda limit: limit.grade == grade)

    # === GRADES === #

    def test_grade_is_that_of_the_best_evidence(self):
        mandate = self._draft()
        self.assertFalse(mandate.evidence_grade)
        steps = [
            ("verbal_recording", "D"),
            ("phone_code", "C"),
            ("email_reply", "C"),
            ("own_device_tick", "B"),
            ("own_device_code", "B"),
            ("signature_scan", "A"),
            ("imported", "A"),
        ]
        for code, grade in steps:
            mandate._add_evidence(code, {"note": code})
            with self.subTest(code):
                self.assertEqual(mandate.evidence_grade, grade)
        self.assertEqual(mandate.grade_text, "Signed form, scanned")
        self.assertEqual(mandate.state, "draft", "evidence alone activates nothing")
        self.assertIsNone(mandate._verify())

    def test_every_kind_is_explained(self):
        kinds = self.env["sdd.evidence.kind"].search([])
        self.assertEqual(set(kinds.mapped("grade")), set("ABCD"))
        for kind in kinds:
            self.assertGreater(len(kind.description), 60, kind.code)

    def test_confirmation_activates(self):
        mandate = self._draft()
        mandate._confirm("phone_code", {"call": "4711"})
        self.assertRecordValues(mandate, [{"state": "active", "evidence_grade": "C"}])
        self.assertEqual(mandate.event_ids.mapped("kind"), ["created", "evidence", "activated"])
        mandate._confirm("own_device_code")
        self.assertRecordValues(mandate, [{"state": "active", "evidence_grade": "B"}])

    def test_who_activates_by_hand_vouches_for_it(self):
        mandate = self._draft()
        mandate.action_activate()
        self.assertEqual(mandate.evidence_grade, "D")
        self.assertEqual(mandate.event_ids[1].evidence_code, "staff_entry")
        mandate.action_suspend()
        mandate.action_activate()
        self.assertEqual(mandate.event_ids.mapped("evidence_code").count("staff_entry"), 1)

    def test_unknown_evidence_and_ended_mandates(self):
        mandate = self._draft()
        with self._refused("no kind of evidence"):
            mandate._add_evidence("telepathy")
        mandate.action_revoke()
        with self._refused("has ended"):
            mandate._add_evidence("signature_scan")

    def test_other_table_other_grade(self):
        mandate = self._draft()
        mandate._add_evidence("phone_code")
        kind = self.env["sdd.evidence.kind"].search([("code", "=", "phone_code")])
        kind.grade = "B"
        self.assertEqual(mandate.evidence_grade, "B")
        with self._refused("history of mandates names"):
            kind.code = "other"
        with self._refused("Archive it"):
            kind.unlink()
        kind.active = False
        self.assertEqual(mandate.evidence_grade, "B")

    def test_grade_is_not_written_by_hand(self):
        clerk = new_test_user(self.env, "grader", groups="support_debit.group_support_user")
        mandate = self._draft().with_user(clerk)
        with self.assertRaises(UserError):
            mandate.write({"evidence_grade": "A"})
        with self.assertRaises(UserError):
            self.env["sdd.mandate"].with_user(clerk).create(
                {
                    "partner_id": self.customer.id,
                    "bank_account_id": self.account.id,
                    "evidence_grade": "A",
                }
            )

    # === LIMITS === #

    def test_every_company_has_limits(self):
        self.assertEqual(set(self.limits.mapped("grade")), set("ABCD"))
        other = self.env["res.company"].create({"name": "New one"})
        self.assertEqual(len(other.sdd_evidence_limit_ids), 4)
        get = self.env["sdd.evidence.limit"]._get_limit
        self.assertIsNone(get(other, "A"))
        self.assertEqual(get(other, "D"), 100.0)
        self.assertEqual(get(other, False), 100.0, "without evidence as with the worst")
        other.sdd_evidence_limit_ids.unlink()
        self.assertEqual(get(other, "C"), 250.0, "the default when the company has deleted its own")
        with self.assertRaises(ValidationError):
            self._limit("D").max_amount = -1

    def test_weak_mandate_holds_the_debit_until_it_is_confirmed(self):
        self._limit("D").max_amount = 50
        debit = self._create_debit(mandate=self._create_mandate())
        self.assertRecordValues(debit, [{"state": "held", "hold_code": "grade"}])
        self.assertIn("grade D", debit.state_reason)
        self.assertIn("50", debit.state_reason)
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        with self._refused("Ask the customer"):
            debit.action_release()
        debit.mandate_id._add_evidence("email_reply")
        self.assertRecordValues(
            debit, [{"state": "queued", "hold_code": False, "state_reason": False}]
        )

    def test_limit_itself_is_allowed(self):
        debit_amount = self._create_debit().amount
        self._limit("D").max_amount = debit_amount
        mandate = self._create_mandate()
        self.assertEqual(mandate._get_grade_obstacle(debit_amount), "")
        self.assertIn("grade D", mandate._get_grade_obstacle(debit_amount + 0.01))

    def test_other_limit_lets_debits_go(self):
        self._limit("D").max_amount = 0
        debit = self._create_debit()
        self.assertEqual(debit.hold_code, "grade")
        self._limit("D").max_amount = 100
        self.assertEqual(debit.state, "queued")
        self._limit("D").max_amount = 0
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        self.assertEqual(debit.hold_code, "grade", "asked again when the file is made")
        self._limit("D").unlimited = True
        self.assertEqual(debit.state, "queued")

    def test_better_evidence_releases_nothing_else(self):
        debit = self._create_debit()
        debit.action_hold()
        self.assertEqual(debit.hold_code, "user")
        debit.mandate_id._add_evidence("signature_scan")
        self.assertEqual(debit.state, "held")
        debit.action_release()
        self.assertRecordValues(debit, [{"state": "queued", "hold_code": False}])

    # === B2B === #

    def test_b2b_waits_for_the_debtors_bank(self):
        firm = self._create_customer("Firma GmbH", is_company=True)
        mandate = self._create_mandate(firm, DEBTOR_IBANS[1], scheme="B2B")
        self.assertTrue(mandate.waits_for_bank)
        found = self.env["sdd.mandate"].search([("waits_for_bank", "=", True)])
        self.assertIn(mandate, found)
        debit = self._create_debit(firm, mandate)
        self.assertRecordValues(debit, [{"state": "held", "hold_code": "b2b"}])
        mandate.action_note_bank_confirmation()
        self.assertFalse(mandate.waits_for_bank)
        self.assertEqual(debit.state, "queued")
        self.assertEqual(mandate.event_ids[-1].kind, "bank_confirmed")
        mandate.action_note_bank_confirmation()
        self.assertEqual(mandate.event_ids.mapped("kind").count("bank_confirmed"), 1)
        self.assertIsNone(mandate._verify())

    def test_core_needs_no_bank(self):
        mandate = self._create_mandate()
        self.assertFalse(mandate.waits_for_bank)
        with self._refused("Core"):
            mandate.action_note_bank_confirmation()
        with self.assertRaises(UserError):
            mandate.write({"bank_confirmed_date": "2026-01-01"})

    def test_b2b_for_a_consumer(self):
        with self.assertRaisesRegex(ValidationError, "consumer"):
            self._draft(scheme="B2B")

    # === WITHOUT AN ACCOUNT, IN THE FUTURE === #

    def test_account_may_come_later(self):
        mandate = self._draft(bank_account_id=False)
        self.assertFalse(mandate.iban_masked)
        with self._refused("no account"):
            mandate.action_activate()
        mandate._move_to("pending")
        with self._refused("no account"):
            mandate._confirm("own_device_tick")
        mandate.sudo().bank_account_id = self.account
        mandate._confirm("own_device_tick")
        self.assertEqual(mandate.state, "active")

    def test_signature_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self._draft(signature_date="2099-01-01")
