"""How mandates end: by the customer's will, by another mandate, by 36 months of silence."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("post_install", "-at_install")
class TestMandateEnd(SupportDebitCommon):
    # === REVOCATION === #

    def test_revocation_keeps_what_is_known(self):
        mandate = self._create_mandate()
        mandate._revoke("Moved to another provider", {"channel": "phone", "call": "17"})
        self.assertRecordValues(
            mandate,
            [
                {
                    "state": "revoked",
                    "end_reason": "Moved to another provider",
                    "end_date": date.today(),
                }
            ],
        )
        event = mandate.event_ids[-1]
        self.assertEqual(event.kind, "revoked")
        self.assertEqual((event.data["channel"], event.data["call"]), ("phone", "17"))
        with self._refused("ended on"):
            mandate.action_revoke()
        self.assertIsNone(mandate._verify())

    def test_notice_names_every_debit_and_package(self):
        mandate = self._create_mandate()
        sent = self._create_debit(mandate=mandate)
        self._submit(sent)
        self._create_debit(mandate=mandate)
        notice = "\n".join(mandate._get_revocation_notice())
        self.assertIn("is cancelled", notice)
        self.assertIn("will still happen", notice)
        self.assertIn("Your support goes on", notice)
        self.assertEqual(notice.count("99.90"), 2)
        mandate.action_revoke()
        self.assertEqual(mandate.debit_ids.sorted("id").mapped("state"), ["submitted", "cancelled"])

    def test_notice_of_a_file_that_has_not_left(self):
        debit = self._create_debit()
        self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(debit.state, "batched")
        notice = "\n".join(debit.mandate_id._get_revocation_notice())
        self.assertIn("taken out if the file has not left", notice)

    def test_packages_with_another_mandate_are_safe(self):
        mandate = self._create_mandate()
        self._create_debit(mandate=mandate)
        self._create_mandate(iban=DEBTOR_IBANS[1])
        self.assertNotIn("support goes on", "\n".join(mandate._get_revocation_notice()))

    # === REPLACEMENT === #

    def test_replacement_takes_over(self):
        old = self._create_mandate()
        waiting = self._create_debit(mandate=old)
        new = old._create_replacement()
        self.assertRecordValues(
            new, [{"state": "draft", "replaces_id": old.id, "holder": old.holder}]
        )
        self.assertNotEqual(new.name, old.name)
        with self._refused("take the place"):
            old._create_replacement()
        self.assertEqual(old.state, "active", "the old one counts until the new one is given")
        new._confirm("own_device_code")
        self.assertEqual(old.state, "revoked")
        self.assertIn(new.name, old.end_reason)
        self.assertEqual(old.event_ids.mapped("kind")[-2:], ["replaced", "revoked"])
        self.assertRecordValues(waiting, [{"state": "queued", "mandate_id": new.id}])
        self.assertIsNone(old._verify())

    def test_replacement_by_another_debtor_takes_no_debits(self):
        old = self._create_mandate()
        waiting = self._create_debit(mandate=old)
        other = self._create_customer("Somebody Else")
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], other.name, other
        )
        new = old._create_replacement(
            partner_id=other.id, holder=other.name, bank_account_id=account.id
        )
        new._confirm("signature_scan")
        self.assertRecordValues(waiting, [{"state": "cancelled", "mandate_id": old.id}])

    def test_replacement_is_not_written_by_hand(self):
        first, second = self._create_mandate(), self._create_mandate(iban=DEBTOR_IBANS[1])
        with self.assertRaises(UserError):
            first.write({"replaces_id": second.id})

    # === 36 MONTHS === #

    def test_warning_three_months_before(self):
        mandate = self._create_mandate(signature_date=date(2026, 1, 5))
        self.assertEqual(mandate.expiry_date, date(2029, 1, 5))
        run = self.env["sdd.mandate"]._cron_expire
        with freeze_time("2028-10-04"):
            run()
            self.assertFalse(mandate.activity_ids)
        with freeze_time("2028-10-05"):
            run()
            run()
        self.assertEqual(len(mandate.activity_ids), 1)
        self.assertEqual(mandate.activity_ids.date_deadline, date(2029, 1, 5))
        self.assertEqual(mandate.event_ids.mapped("kind").count("reminded"), 1)
        with freeze_time("2029-01-04"):
            run()
            self.assertEqual(mandate.state, "active")
        with freeze_time("2029-01-05"):
            run()
        self.assertRecordValues(
            mandate, [{"state": "expired", "end_reason": "Nothing was collected for 36 months."}]
        )
        self.assertIsNone(mandate._verify())

    def test_collection_moves_the_day_and_the_warning(self):
        mandate = self._create_mandate(signature_date=date(2026, 1, 5))
        run = self.env["sdd.mandate"]._cron_expire
        with freeze_time("2028-11-01"):
            run()
        mandate._note_collection(date(2028, 12, 1))
        self.assertEqual(mandate.expiry_date, date(2031, 12, 1))
        with freeze_time("2028-12-20"):
            run()
        self.assertEqual(mandate.event_ids.mapped("kind").count("reminded"), 1)
        with freeze_time("2031-09-02"):
            run()
        self.assertEqual(mandate.event_ids.mapped("kind").count("reminded"), 2)

    def test_activity_goes_to_who_looks_after_the_customer(self):
        self.customer.user_id = self.env.ref("base.user_admin")
        mandate = self._create_mandate()
        with freeze_time("2028-12-01"):
            self.env["sdd.mandate"]._cron_expire()
        self.assertEqual(mandate.activity_ids.user_id, self.customer.user_id)
