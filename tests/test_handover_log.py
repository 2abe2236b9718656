"""Every attempt to hand a file over is written down before the bank is touched."""

import hashlib
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestHandoverLog(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["sdd.bank.connection"].create(
            {"name": "Folder", "kind": "folder", "company_id": cls.company.id}
        )
        cls.debit = cls._create_debit().with_env(cls.env)

    def setUp(self):
        super().setUp()
        self.drop = Path(tempfile.mkdtemp(prefix="support_debit_log_"))
        self.addCleanup(shutil.rmtree, self.drop, ignore_errors=True)
        self.connection.drop_folder = str(self.drop)

    def _commit(self):
        """Run what happens after the commit."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.env.invalidate_all()

    def _make_old(self, handover, minutes=20):
        handover.sudo().started = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_by_hand(self):
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_download()
        batch.action_submit()
        self.assertRecordValues(
            batch.handover_ids.sorted("id"),
            [
                {"kind": "manual", "outcome": "downloaded", "user_id": self.env.uid},
                {"kind": "manual", "outcome": "confirmed", "user_id": self.env.uid},
            ],
        )
        self.assertIn(self.env.user.name, batch.handover_ids[0].message)
        self.assertEqual(batch.handover_state, "delivered")
        self.assertEqual(
            batch.handover_ids[0].checksum, hashlib.sha256(batch.file_content).hexdigest()
        )

    def test_folder(self):
        self.journal.sdd_connection_id = self.connection
        batch = self._submit(self.debit)
        handover = batch.handover_ids
        self.assertRecordValues(handover, [{"kind": "folder", "outcome": "started"}])
        self.assertEqual(handover.file_size, len(batch.file_content))
        self._commit()
        self.assertEqual((handover.outcome, batch.handover_state), ("delivered", "delivered"))
        self.assertTrue(handover.finished)

    def test_cut_off_asks_a_person(self):
        """The crash leaves the row; nothing is sent again by itself."""
        self.journal.sdd_connection_id = self.connection
        batch = self._submit(self.debit)
        self.env.cr.postcommit.clear()
        handover = batch.handover_ids
        self.assertFalse(batch.handover_is_unknown)
        with self._refused("on its way"):
            batch.action_hand_over_again()
        self._make_old(handover)
        self.assertTrue(batch.handover_is_unknown, "whoever opens it sees it at once")
        with self._without_commits():
            self.env["sdd.bank.connection"]._cron_fetch()
            self.env["sdd.batch"]._cron_collect()
        self.assertEqual((handover.outcome, batch.handover_state), ("unknown", "unknown"))
        self.assertIn(batch.name, batch.activity_ids.mapped("summary")[-1])
        self._commit()
        self.assertFalse(list(self.drop.iterdir()))

    def test_bank_does_not_have_it(self):
        self.journal.sdd_connection_id = self.connection
        batch = self._submit(self.debit)
        self.env.cr.postcommit.clear()
        self._make_old(batch.handover_ids)
        batch.action_hand_over_again()
        with self._refused("on its way"):
            batch.action_hand_over_again()
        self._commit()
        self.assertEqual(batch.handover_ids.sorted("id").mapped("outcome"), ["failed", "delivered"])
        self.assertEqual(len(list(self.drop.iterdir())), 1)
        with self._refused("bank has the file"):
            batch.action_hand_over_again()

    def test_bank_has_it(self):
        self.journal.sdd_connection_id = self.connection
        batch = self._submit(self.debit)
        self.env.cr.postcommit.clear()
        self._make_old(batch.handover_ids)
        self.env["sdd.handover"]._give_up_stale()
        batch.action_confirm_delivered()
        self.assertEqual(batch.handover_ids.outcome, "confirmed")
        self.assertEqual((batch.handover_state, batch.handover_is_unknown), ("delivered", False))

    def test_answer_decides_an_unknown_one(self):
        self.journal.sdd_connection_id = self.connection
        batch = self._submit(self.debit)
        self.env.cr.postcommit.clear()
        self._make_old(batch.handover_ids)
        self.env["sdd.handover"]._give_up_stale()
        self._import(self._pain002(batch))
        self.assertEqual((batch.handover_ids.outcome, batch.handover_state), ("delivered",) * 2)

    def test_submitted_once_only(self):
        self.journal.sdd_connection_id = self.connection
        batch = self._submit(self.debit)
        with self._refused("submitted already"):
            batch.action_submit()
        self.assertEqual(len(batch.handover_ids), 1)

    def test_nobody_writes_the_log(self):
        batch = self._submit(self.debit)
        accountant = new_test_user(self.env, "hlog", groups="support_debit.group_accountant")
        handover = batch.handover_ids.with_user(accountant)
        self.assertEqual(handover.outcome, "confirmed")
        with self.assertRaises(AccessError):
            handover.write({"outcome": "failed"})
        with self.assertRaises(AccessError):
            handover.unlink()
