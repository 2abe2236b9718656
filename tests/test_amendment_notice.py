"""Changed mandates: what the bank is told of them, when, and how often."""

from odoo import fields
from odoo.tests import tagged

from .common import DEBTOR_IBANS, SECOND_CREDITOR_ID
from .test_amendment import FIRST, OTHER_BANK, SAME_BANK, THIRD, AmendmentCase


@tagged("-at_install", "post_install")
class TestAmendmentNotice(AmendmentCase):
    """What the bank reads in the file, and how often."""

    def test_same_bank(self):
        """Within a bank the old IBAN is named."""
        self._collect()
        self._amend(SAME_BANK)
        self.assertEqual(
            self._next(),
            {
                "iban": SAME_BANK,
                "reference": self.mandate.name,
                "indicator": "true",
                "old_iban": FIRST,
            },
        )

    def test_other_bank(self):
        """Another bank reads that the account is new, and not the old IBAN."""
        self._collect()
        self._amend(OTHER_BANK)
        self.assertEqual(
            self._next(),
            {
                "iban": OTHER_BANK,
                "reference": self.mandate.name,
                "indicator": "true",
                "smnda": "SMNDA",
            },
        )

    def test_once_only(self):
        """Of several debits one tells the bank, also of several in one file."""
        self._collect()
        self._amend(OTHER_BANK)
        first, second = self._new_debit(), self._new_debit()
        batch = self._batch(first, second)
        self.assertEqual(self._read(batch, first)["smnda"], "SMNDA")
        self.assertNotIn("indicator", self._read(batch, second))
        batch.action_submit()
        self.assertNotIn("indicator", self._next())

    def test_again_after_reject(self):
        """A debit that was rejected before settlement has told the bank nothing."""
        self._collect()
        self._amend(OTHER_BANK)
        debit = self._collect()
        self.assertFalse(self.mandate.has_waiting_amendment)
        debit._reopen("rejected", "AC04", fields.Date.today(), "test")
        self.assertTrue(self.mandate.has_waiting_amendment)
        self.assertEqual(self._next()["smnda"], "SMNDA")

    def test_not_again_after_return(self):
        """A debit that came back after settlement has told the bank."""
        self._collect()
        self._amend(OTHER_BANK)
        debit = self._collect()
        debit._settle(fields.Date.today())
        debit._reopen("returned", "MS03", fields.Date.today(), "test")
        self.assertFalse(self.mandate.has_waiting_amendment)
        self.assertNotIn("indicator", self._next())

    def test_again_when_the_file_never_left(self):
        """A dissolved batch has told nobody anything."""
        self._collect()
        self._amend(OTHER_BANK)
        debit = self._new_debit()
        batch = self._batch(debit)
        self.assertFalse(self.mandate.has_waiting_amendment)
        batch.action_dissolve()
        self.assertFalse(debit.amendment_event_ids)
        self.assertTrue(self.mandate.has_waiting_amendment)
        self.assertEqual(self._read(self._batch(debit), debit)["smnda"], "SMNDA")

    def test_several_changes_are_one(self):
        """The bank reads the account that it has seen last, not the one in between."""
        self._collect()
        self._amend(OTHER_BANK)
        self._amend(SAME_BANK)
        self.mandate._amend_reference("NEW-1")
        self.mandate._amend_reference("NEW-2")
        old = self.mandate.event_ids.filtered(lambda e: (e.data or {}).get("old_reference"))
        self.assertEqual(
            self._next(),
            {
                "iban": SAME_BANK,
                "reference": "NEW-2",
                "indicator": "true",
                "old_iban": FIRST,
                "old_reference": old.sorted("number")[0].data["old_reference"],
            },
        )

    def test_back_to_the_original(self):
        """A change that was taken back is none."""
        self._collect()
        self._amend(OTHER_BANK)
        self._amend(FIRST)
        self.assertFalse(self.mandate.has_waiting_amendment)
        self.assertFalse(self.mandate.waiting_amendment_text)
        self.assertNotIn("indicator", self._next())

    def test_nothing_collected_yet(self):
        """A bank that never saw the mandate learns of no change; nor when the first debit failed."""
        self._amend(OTHER_BANK)
        self.assertFalse(self.mandate.has_waiting_amendment)
        debit = self._new_debit()
        batch = self._batch(debit)
        self.assertEqual(
            self._read(batch, debit), {"iban": OTHER_BANK, "reference": self.mandate.name}
        )
        batch.action_submit()
        debit._reopen("rejected", "AC04", fields.Date.today(), "test")
        self._amend(SAME_BANK)
        self.assertNotIn("indicator", self._next())

    def test_collected_elsewhere(self):
        """With an imported mandate another system has collected: the bank knows the old reference."""
        self.mandate.sudo().write({"channel": "import", "last_collection_date": "2026-02-02"})
        old = self.mandate.name
        self.mandate._amend_reference("MIGRATED-1")
        self.assertEqual(self._next()["old_reference"], old)

    def test_later_change_was_accepted(self):
        """A rejected change is moot once the bank has accepted a later one of the same kind."""
        self._collect()
        self._amend(OTHER_BANK)
        rejected = self._collect()
        self._amend(THIRD)
        accepted = self._collect()
        self.assertEqual(accepted.amendment_event_ids.data["new_iban"], self.mandate.iban_masked)
        rejected._reopen("rejected", "AC04", fields.Date.today(), "test")
        self.assertFalse(self.mandate.has_waiting_amendment)

    def test_rejected_while_the_next_waits_in_a_file(self):
        """A file with a later change is out of date when the change before it was rejected."""
        self._collect()
        self._amend(OTHER_BANK)
        rejected = self._collect()
        self._amend(THIRD)
        debit = self._new_debit()
        batch = self._batch(debit)
        rejected._reopen("rejected", "AC04", fields.Date.today(), "test")
        with self._refused("What the bank must be told of mandate .* changed"):
            batch.action_submit()
        batch.action_generate()
        self.assertEqual(len(debit.amendment_event_ids), 2)
        batch.action_submit()

    def test_overwritten_account(self):
        """When somebody has overwritten the old account's number, the bank is told no wrong one."""
        self._collect()
        old = self.mandate.bank_account_id
        self._amend(SAME_BANK)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner_bank SET sanitized_acc_number = %s WHERE id = %s",
            (OTHER_BANK, old.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._next()["smnda"], "SMNDA")

    def test_creditor(self):
        """Identifier and name of the creditor; another business code is no change."""
        self._collect()
        old_identifier, old_name = self.mandate.creditor_identifier, self.mandate.creditor_name
        self.mandate._amend_creditor(identifier="DE98TLA09999999999")
        self.assertFalse(self.mandate.has_waiting_amendment)
        self.company.sdd_creditor_identifier = SECOND_CREDITOR_ID
        self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID, name="Neue Firma GmbH")
        self.assertIn("Neue Firma GmbH", self.mandate.waiting_amendment_text)
        debit = self._new_debit()
        batch = self._batch(debit)
        self.assertEqual(batch.creditor_identifier, SECOND_CREDITOR_ID)
        said = self._read(batch, debit)
        self.assertEqual(said["old_identifier"], old_identifier)
        self.assertEqual(said["old_creditor"], old_name)

    def test_waiting_list(self):
        """The mandate says what goes to the bank next, in words, and is found by it."""
        self._collect()
        mandates = self.env["sdd.mandate"]
        self.assertNotIn(self.mandate, mandates.search([("has_waiting_amendment", "=", True)]))
        self._amend(OTHER_BANK)
        self.assertIn(self.mandate, mandates.search([("has_waiting_amendment", "=", True)]))
        self.assertNotIn(self.mandate, mandates.search([("has_waiting_amendment", "=", False)]))
        self.assertEqual(
            self.mandate.waiting_amendment_text, f"New account: {self.mandate.iban_masked}"
        )
        self.assertNotIn(OTHER_BANK, self.mandate.waiting_amendment_text.replace(" ", ""))


@tagged("-at_install", "post_install")
class TestAmendmentInFile(AmendmentCase):
    """A mandate that changes while a file with it lies in the house, or after it has left."""

    def test_account_changed_after_generation(self):
        """The old file is refused and says why; made again it has the new account."""
        # Otherwise the debit would wait until the customer is told of the other account.
        self.journal.sdd_notice_policy = "go"
        self._collect()
        debit = self._new_debit()
        batch = self._batch(debit)
        self._amend(OTHER_BANK)
        with self._refused(f"{debit.end_to_end_id}: The account of mandate .* the old one"):
            batch.action_submit()
        self.assertEqual(batch.state, "generated")
        batch.action_generate()
        said = self._read(batch, debit)
        self.assertEqual((said["iban"], said["smnda"]), (OTHER_BANK, "SMNDA"))
        batch.action_submit()
        self.assertEqual(debit.state, "submitted")

    def test_reference_changed_after_generation(self):
        """So with the reference."""
        batch = self._batch(self._new_debit())
        self.mandate._amend_reference("NEW-REF")
        with self._refused("The mandate reference changed from .* to NEW-REF"):
            batch.action_submit()

    def test_creditor_changed_after_generation(self):
        """A debit of another creditor identifier leaves the batch for one of its own."""
        other = self._create_mandate(self._create_customer("Second"), DEBTOR_IBANS[1])
        debit, stays = self._new_debit(), self._create_debit(other.partner_id, other)
        batch = self._batch(debit, stays)
        bank = self.journal.copy({"sdd_creditor_identifier": SECOND_CREDITOR_ID})
        bank.bank_account_id = self.journal.bank_account_id
        self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID)
        with self._refused("names another creditor identifier now"):
            batch.action_submit()
        batch.action_generate()
        self.assertEqual(batch.debit_ids, stays)
        self.assertEqual((debit.state, debit.journal_id), ("queued", bank))
        other_batch = self.env["sdd.batch"]._create_due_batches(bank)
        self.assertEqual(other_batch.debit_ids, debit)
        self.assertEqual(other_batch.creditor_identifier, SECOND_CREDITOR_ID)

    def test_no_bank_for_the_new_creditor(self):
        """A debit whose new creditor identifier no bank has is held and says so."""
        debit = self._new_debit()
        batch = self._batch(debit)
        self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID)
        batch.action_generate()
        self.assertFalse(batch.exists())
        self.assertEqual(self.env["sdd.batch"]._create_due_batches(self.journal).ids, [])
        self.assertEqual((debit.state, debit.hold_code), ("held", "creditor"))

    def test_sent_debits_keep_their_account(self):
        """What was sent stays what was sent, in the list and when the bank names the mandate."""
        sent = self._collect()
        old, old_name = self.mandate.iban_masked, self.mandate.name
        self._amend(OTHER_BANK)
        self.mandate._amend_reference("RENAMED-1")
        waiting = self._new_debit()
        self.assertEqual(sent.iban_masked, old)
        self.assertEqual(waiting.iban_masked, self.mandate.iban_masked)
        self.assertEqual(sent.file_reference, old_name)
        self._batch(waiting).action_submit()
        self.assertNotEqual(waiting.iban_masked, old)
