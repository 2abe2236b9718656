"""Batches: which debits go into which file, once; and what keeps a file in the house."""

import shutil
import tempfile
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree
from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sepa import target
from .common import CREDITOR_ID, DEBTOR_IBANS, SECOND_CREDITOR_ID, SupportDebitCommon

LOGGER = "odoo.addons.support_debit.models.bank.sdd_batch"
ALLOWED = {
    "draft": {"generated"},
    "generated": {"generated", "submitted"},
    "submitted": {"accepted", "partly_rejected", "rejected", "settled"},
    "accepted": {"partly_rejected", "rejected", "settled"},
    "partly_rejected": {"partly_rejected", "rejected", "settled"},
    "rejected": set(),
    "settled": set(),
}
PATHS = {
    "draft": [],
    "generated": ["generated"],
    "submitted": ["generated", "submitted"],
    "accepted": ["generated", "submitted", "accepted"],
    "partly_rejected": ["generated", "submitted", "partly_rejected"],
    "rejected": ["generated", "submitted", "rejected"],
    "settled": ["generated", "submitted", "settled"],
}


@tagged("-at_install", "post_install")
class TestBatch(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate()
        cls.batches = cls.env["sdd.batch"]

    def _create_empty(self, **values):
        return self.batches.create(
            {
                "journal_id": self.journal.id,
                "scheme": "CORE",
                "sequence_type": "RCUR",
                "creditor_identifier": self.company.sdd_creditor_identifier,
                "collection_date": self.journal._sdd_earliest_collection(),
                **values,
            }
        )

    def _real(self, partner=None, **values):
        """Return a queued debit that collects an invoice."""
        debit = self._create_debit(partner, self.mandate).with_env(self.env)
        debit.write(values)
        return debit

    def _bare(self, **values):
        return self._create_bare_debit(self.mandate, **values)

    def _make(self):
        return self.batches._create_due_batches(self.journal)

    # === STATES === #

    def test_transitions(self):
        self._assert_transitions(self._create_empty, PATHS, ALLOWED)

    def test_submitted_once_only(self):
        batch = self._submit(self._real())
        entry = batch.move_ids
        with self._refused("submitted already"):
            batch.action_submit()
        self.assertEqual(batch.move_ids, entry)
        with self._refused("kept for the record"):
            batch.unlink()
        with self._refused("cannot be made again. Download the same"):
            batch.action_generate()

    def test_contents_do_not_change_at_the_bank(self):
        batch = self._submit(self._real())
        for values in (
            {"name": "OTHER"},
            {"collection_date": fields.Date.today()},
            {"file_data": b"PHhtbC8+"},
            {"creditor_identifier": SECOND_CREDITOR_ID},
            {"debit_ids": [(5,)]},
        ):
            with self.subTest(values), self._refused("by hand"):
                batch.write(values)

    def test_deleting_a_file_that_is_ready_queues_its_debits(self):
        debits = self._bare() | self._bare()
        self._make().unlink()
        self.assertRecordValues(debits, [{"state": "queued", "batch_id": False}] * 2)

    # === WHAT GOES TOGETHER === #

    def test_one_file_for_each_scheme(self):
        firm = self._create_customer("Firma GmbH", is_company=True)
        b2b = self._create_mandate(firm, DEBTOR_IBANS[1], scheme="B2B")
        b2b.action_note_bank_confirmation()
        day = self.journal._sdd_earliest_collection()
        later = target.add_target_days(day, 1)
        debits = [
            self._bare(collection_date=day),
            self._bare(collection_date=day),
            self._bare(collection_date=later),
            self._bare(collection_date=day, sequence_type="FNAL"),
            self._create_bare_debit(b2b, collection_date=later),
        ]
        batches = self._make()
        self.assertEqual(
            {
                (b.scheme, b.sequence_type, b.creditor_identifier, b.collection_date): b.debit_count
                for b in batches
            },
            {
                ("CORE", False, CREDITOR_ID, day): 4,
                ("B2B", "RCUR", CREDITOR_ID, later): 1,
            },
        )
        self.assertEqual(sum(batches.mapped("amount_total")), 50.0)
        self.assertEqual(len(set(batches.mapped("name"))), 2)
        self.assertEqual({debit.state for debit in debits}, {"batched"})

    def test_one_batch_for_each_journal(self):
        second = self._create_second_company()
        mandate = self._create_mandate(company_id=second.id)
        mine, theirs = self._bare(), self._create_bare_debit(mandate)
        batches = self.batches._create_due_batches()
        self.assertEqual(
            {batch.journal_id: batch.debit_ids for batch in batches},
            {self.journal: mine, second.sdd_journal_id: theirs},
        )
        identifiers = {batch.company_id: batch.creditor_identifier for batch in batches}
        self.assertEqual(identifiers[second], SECOND_CREDITOR_ID)

    def test_split_by_size(self):
        self.journal.sdd_max_lines = 2
        for _number in range(5):
            self._bare()
        batches = self._make()
        self.assertEqual(batches.mapped("debit_count"), [2, 2, 1])
        references = [
            node.text
            for batch in batches
            for node in etree.fromstring(batch.file_content).iter("{*}EndToEndId")
        ]
        self.assertEqual(len(set(references)), 5)

    def test_not_yet_due(self):
        horizon = fields.Date.add(fields.Date.today(), days=self.journal.sdd_horizon_days)
        far = self._bare(collection_date=target.next_target_day(horizon + timedelta(days=1)))
        self.assertFalse(self._make())
        self.assertEqual(far.state, "queued")
        with self._refused("No debit is due"):
            self.batches.action_create_batches()

    def test_due_date_that_has_passed_moves_on(self):
        debit = self._bare(collection_date=target.previous_target_day(fields.Date.today()))
        batch = self._make()
        self.assertEqual(batch.collection_date, self.journal._sdd_earliest_collection(notice=False))
        self.assertEqual(debit.collection_date, batch.collection_date)

    def test_what_is_not_ready_stays_out(self):
        suspended = self._create_mandate(iban=DEBTOR_IBANS[1])
        held = self._create_bare_debit(suspended)
        suspended.action_suspend()
        good = self._bare()
        self.assertEqual(self._make().debit_ids, good)
        self.assertEqual(held.state, "held")
        self.assertIn(suspended.name, held.state_reason)

    def test_no_set_up(self):
        self._bare()
        self.company.sdd_creditor_identifier = False
        with self._refused("creditor identifier"):
            self._make()

    def test_second_journal_needs_its_own_set_up(self):
        """Debits of a journal that is no longer the one for new debits are checked, too."""
        other = self.journal.copy({"code": "TSD3", "bank_account_id": False})
        debit = self._bare(journal_id=other.id)
        with self._refused("IBAN"):
            self.batches._create_due_batches(other)
        self.assertEqual(debit.state, "queued")

    # === THE FILE === #

    def test_what_the_writer_refuses_is_held(self):
        """A name in which nothing is left after conversion holds the debit, not the file."""
        bad = self._create_bare_debit(self._create_mandate(iban=DEBTOR_IBANS[1], holder="😀"))
        good = self._bare()
        batch = self._make()
        self.assertEqual(batch.debit_ids, good)
        self.assertEqual(bad.state, "held")
        self.assertTrue(bad.state_reason)
        self.assertNotIn(bad.end_to_end_id, batch.file_content.decode())

    def test_nothing_left_for_the_file(self):
        bad = self._create_bare_debit(self._create_mandate(iban=DEBTOR_IBANS[1], holder="😀"))
        self.assertFalse(self._make())
        self.assertEqual((bad.state, bad.batch_id.id), ("held", False))

    def test_address_is_needed_outside_the_economic_area(self):
        """Debtors in the United Kingdom or Switzerland: no address, no file (EPC016-06)."""
        iban = "GB29NWBK60161331926819"
        values = {"country_id": self.env.ref("base.uk").id}
        unknown = self._create_customer("No Address", **values, street="", city="", zip="")
        known = self._create_customer("With Address", **values, zip="SW1A 1AA", city="London")
        bad = self._create_bare_debit(self._create_mandate(unknown, iban))
        good = self._create_bare_debit(self._create_mandate(known, iban))
        batch = self._make()
        self.assertEqual((bad.state, batch.debit_ids), ("queued", good))
        self.assertTrue(bad.waiting_reason)
        self.assertIn("<TwnNm>London</TwnNm>", batch.file_content.decode())

    def test_long_and_foreign_names(self):
        long_name = "Maximiliane " * 20
        for holder in (long_name, "Łukasz Żółć", "Ωmega Ελλάς", "O'Neill & Søn"):
            self._create_bare_debit(self._create_mandate(holder=holder))
        batch = self._make()
        self.assertEqual(batch.debit_count, 4)
        names = [node.text for node in etree.fromstring(batch.file_content).iter("{*}Nm")]
        self.assertTrue(all(len(name) <= 70 and name.isascii() for name in names))

    def test_another_file_gets_another_message_id(self):
        self._bare()
        batch = self._make()
        first = batch.name
        batch.action_generate()
        self.assertNotEqual(batch.name, first)
        self.assertIn(batch.name, batch.file_content.decode())
        self.assertNotIn(first, batch.file_content.decode())
        self.assertEqual(batch.replaced_message_ids, first)
        note = batch.message_ids.filtered(lambda message: "replaces" in (message.body or ""))
        self.assertEqual(len(note), 1)
        self.assertIn(f"{batch.name} replaces {first}", note.body)
        second = batch.name
        batch.action_generate()
        self.assertEqual(batch.replaced_message_ids, f"{first}, {second}")

    # === DEADLINE === #

    def test_deadline_passed(self):
        debit = self._real()
        batch = self._make()
        with freeze_time(batch.deadline + timedelta(minutes=1)), self._refused("deadline"):
            batch.action_submit()
        self.assertEqual((batch.state, debit.state), ("generated", "batched"))
        with freeze_time(batch.deadline - timedelta(minutes=1)):
            batch.action_submit()
        self.assertEqual(batch.state, "submitted")

    def test_deadline_is_the_cut_off_of_the_day_before(self):
        """A due date on Tuesday after Easter: the file must be there on Maundy Thursday, 11:00."""
        batch = self._create_empty(collection_date=fields.Date.to_date("2027-03-30"))
        self.assertEqual(batch.deadline, datetime(2027, 3, 25, 10, 0))

    def test_job_gives_a_late_file_another_due_date(self):
        self.journal.sdd_connection_id = self._create_folder_connection(self._make_folder())
        debit = self._real()
        batch = self._make()
        deadline, old_date = batch.deadline, debit.collection_date
        with freeze_time(deadline + timedelta(minutes=5)), self._without_commits():
            self.batches._cron_collect()
        self.assertFalse(batch.exists())
        self.assertGreater(debit.collection_date, old_date)
        self.assertEqual((debit.state, debit.batch_id.state), ("submitted", "submitted"))

    # === THE JOB === #

    def _create_folder_connection(self, drop="/nowhere"):
        return self.env["sdd.bank.connection"].create(
            {
                "name": "Folder",
                "kind": "folder",
                "company_id": self.company.id,
                "drop_folder": drop,
            }
        )

    def _make_folder(self):
        folder = tempfile.mkdtemp(prefix="support_debit_batch_")
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def test_job_leaves_files_for_people_alone(self):
        debit = self._bare()
        with self._without_commits():
            self.batches._cron_collect()
        self.assertEqual((debit.state, debit.batch_id.state), ("batched", "generated"))

    def test_job_commits_after_each_file(self):
        self.journal.sdd_max_lines = 1
        debits = self._bare() | self._bare() | self._bare()
        counts = []

        def commit(cron, *_args, **_kwargs):
            counts.append(len(debits.batch_id))
            return float("inf")

        with patch.object(self.env.registry["ir.cron"], "_commit_progress", commit):
            self.batches._cron_collect()
        self.assertEqual(counts[:4], [0, 1, 2, 3])
        self.assertEqual(debits.mapped("state"), ["batched"] * 3)

    def test_job_leaves_out_what_was_taken_after_the_plan(self):
        """What another worker has put into a file between two commits goes into no second one."""
        self.journal.sdd_max_lines = 2
        debits = self._bare() | self._bare() | self._bare()
        taken = []

        def commit(cron, *_args, **_kwargs):
            if not taken:
                taken.append(self.batches._make_file(debits[1]))
            return float("inf")

        with patch.object(self.env.registry["ir.cron"], "_commit_progress", commit):
            self.batches._cron_collect()
        self.assertEqual(debits[1].batch_id, taken[0])
        self.assertEqual(len(debits.batch_id), 3)
        self.assertEqual(debits.batch_id.mapped("debit_count"), [1, 1, 1])

    def test_one_bad_journal_stops_no_other(self):
        second = self._create_second_company()
        self._create_bare_debit(self._create_mandate(company_id=second.id))
        self.journal.sdd_connection_id = self._create_folder_connection()
        mine = self._real()
        with mute_logger(LOGGER), self._without_commits():
            self.batches._cron_collect()
            self.batches._cron_collect()
        theirs = self.env["sdd.debit"].search([("company_id", "=", second.id)])
        self.assertEqual((mine.state, theirs.state), ("batched", "batched"))
        activity = mine.batch_id.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("/nowhere", activity.note)

    def test_job_leaves_out_what_was_paid_meanwhile(self):
        self.journal.sdd_connection_id = self._create_folder_connection(self._make_folder())
        invoice = self._create_order()._sdd_invoice()
        paid = invoice._queue_sdd_debit(mandate=self.mandate)
        other = self._real(collection_date=paid.collection_date)
        self.assertEqual(self._make().debit_ids, paid | other)
        self._register_payment(invoice)
        with self._without_commits():
            self.batches._cron_collect()
        self.assertEqual((paid.state, other.state), ("cancelled", "submitted"))
        self.assertNotIn(paid.end_to_end_id, other.batch_id.file_content.decode())
