"""The way of a file to the bank's folder and of the bank's files back, and what can go wrong."""

import os
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SupportDebitCommon

LOGGER = "odoo.addons.support_debit.models.bank.sdd_deliverable"


@tagged("-at_install", "post_install")
class TestHandover(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["sdd.bank.connection"].create(
            {"name": "Folder", "kind": "folder", "company_id": cls.company.id}
        )
        cls.journal.sdd_connection_id = cls.connection
        cls.debit = cls._create_debit().with_env(cls.env)

    def setUp(self):
        super().setUp()
        folder = Path(tempfile.mkdtemp(prefix="support_debit_folder_"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.drop, self.pickup = folder / "drop", folder / "pickup"
        self.drop.mkdir()
        self.pickup.mkdir()
        self.connection.write({"drop_folder": str(self.drop), "pickup_folder": str(self.pickup)})

    def _commit(self):
        """Run what happens after the commit."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    # === TO THE BANK === #

    def test_delivered_after_the_commit(self):
        batch = self._submit(self.debit)
        self.assertEqual((batch.handover_state, list(self.drop.iterdir())), ("pending", []))
        self._commit()
        self.assertEqual((batch.handover_state, batch.handover_error), ("delivered", False))
        self.assertEqual([path.name for path in self.drop.iterdir()], [batch.file_name])
        self.assertEqual((self.drop / batch.file_name).read_bytes(), batch.file_content)
        with self._refused("bank has the file"):
            batch.action_hand_over_again()

    def test_rolled_back_submission_delivers_nothing(self):
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertFalse(list(self.drop.iterdir()))
        self.assertFalse(batch.handover_state)

    def test_folder_is_missing(self):
        shutil.rmtree(self.drop)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        with self._refused("drop"):
            batch.action_submit()
        self.assertEqual((batch.state, self.debit.state), ("generated", "batched"))
        self.assertFalse(batch.move_ids)

    def test_folder_is_not_named(self):
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        for folder in (False, "relative/folder"):
            self.connection.drop_folder = folder
            with self.subTest(folder), self._refused("full path"):
                batch.action_submit()

    def test_disk_full_then_again(self):
        batch = self._submit(self.debit)
        with (
            mute_logger(LOGGER),
            patch("os.replace", side_effect=OSError(28, "No space left on device")),
        ):
            self._commit()
        self.assertEqual(batch.handover_state, "failed")
        self.assertIn("No space left", batch.handover_error)
        self.assertEqual((batch.state, self.debit.state), ("submitted", "submitted"))
        self.assertFalse(list(self.drop.glob("*.xml")))
        entries = batch.move_ids
        batch.action_hand_over_again()
        self._commit()
        self.assertEqual((batch.handover_state, batch.handover_error), ("delivered", False))
        self.assertEqual(batch.move_ids, entries)

    def test_crash_between_commit_and_folder_waits_for_a_person(self):
        batch = self._submit(self.debit)
        self.env.cr.postcommit.clear()
        self.assertEqual(batch.handover_state, "pending")
        with self._without_commits():
            self.env["sdd.batch"]._cron_collect()
        self.env.cr.postcommit.clear()
        self.assertEqual(batch.handover_state, "pending")
        self.assertFalse(list(self.drop.iterdir()))
        batch.action_confirm_delivered()
        self.assertEqual(batch.handover_state, "delivered")

    def test_answer_of_the_bank_proves_delivery(self):
        batch = self._submit(self.debit)
        self.env.cr.postcommit.clear()
        self._import(self._pain002(batch))
        self.assertEqual(batch.state, "accepted")
        with self._refused("bank has the file"):
            batch.action_hand_over_again()
        self.assertEqual(batch.handover_state, "delivered")

    # === FROM THE BANK === #

    def _put(self, name, content, age=0):
        """Write a file into the pickup folder, as if some seconds ago."""
        path = self.pickup / name
        path.write_bytes(content.encode())
        written = path.stat().st_mtime - age
        os.utime(path, (written, written))

    def _fetch(self):
        self.env.cr.postcommit.clear()
        messages = self.connection._fetch()
        self._commit()
        return messages

    def test_files_are_read_once_in_order(self):
        batch = self._submit(self.debit)
        self._put("camt.053-10.xml", self._camt([self._entry_batch(batch)]))
        self._put("pain.002-9.xml", self._pain002(batch))
        for name in (".hidden.xml", "half.xml.tmp", "half.part"):
            self._put(name, "<not yet")
        messages = self._fetch()
        self.assertEqual(set(messages.mapped("name")), {"pain.002-9.xml", "camt.053-10.xml"})
        self.assertEqual(self.debit.state, "settled")
        left = {path.name for path in self.pickup.iterdir() if path.is_file()}
        self.assertEqual(left, {".hidden.xml", "half.xml.tmp", "half.part"})
        self.assertEqual(len(list((self.pickup / "processed").iterdir())), 2)
        self.assertFalse(self._fetch())

    def test_accountant_looks_into_the_folder(self):
        """Who may not see the server's folders may have them read."""
        accountant = new_test_user(self.env, "acc", groups="support_debit.group_accountant")
        batch = self._submit(self.debit)
        self._put("1.xml", self._pain002(batch))
        action = self.connection.with_user(accountant).action_fetch()
        self.assertEqual(action["res_model"], "sdd.bank.message")
        self.assertEqual(batch.state, "accepted")
        self.assertTrue(self.connection.last_fetch)

    def test_files_stay_until_the_commit(self):
        """A transaction that fails after reading must not lose the file."""
        batch = self._submit(self.debit)
        self._put("1.xml", self._pain002(batch))
        savepoint = self.env.cr.savepoint()
        self.connection._fetch()
        savepoint.close(rollback=True)
        self.env.cr.postcommit.clear()
        self.env.invalidate_all()
        self.assertEqual(batch.state, "submitted")
        self.assertEqual(self._fetch().mapped("name"), ["1.xml"])
        self.assertEqual(batch.state, "accepted")

    def test_file_that_cannot_be_read_stops_no_other(self):
        batch = self._submit(self.debit)
        self._put("1.xml", self._pain002(batch))
        self._put("2.xml", "secret")
        self._put("3.xml", "gone")
        read = Path.read_bytes

        def read_bytes(path):
            if path.name == "2.xml":
                raise PermissionError(13, "Permission denied")
            if path.name == "3.xml":
                raise FileNotFoundError(2, "No such file or directory")
            return read(path)

        with patch.object(Path, "read_bytes", read_bytes):
            messages = self._fetch()
        self.assertEqual(messages.mapped("name"), ["1.xml"])
        self.assertEqual(batch.state, "accepted")
        self.assertEqual(self.connection.last_error, "2.xml: Permission denied")
        self.assertTrue((self.pickup / "2.xml").exists())

    def test_file_that_cannot_be_moved_is_read_once(self):
        batch = self._submit(self.debit)
        self._put("1.xml", self._camt([self._entry_batch(batch)]))
        with (
            patch.object(Path, "replace", side_effect=PermissionError(13, "Permission denied")),
            mute_logger("odoo.addons.support_debit.models.bank.sdd_bank_connection"),
        ):
            first = self._fetch()
        self.assertEqual((self._fetch(), self._get_transit()), (first, 0))

    def test_pickup_folder_is_missing(self):
        shutil.rmtree(self.pickup)
        self.assertFalse(self._fetch())
        self.assertIn("pickup", self.connection.last_error)
        self.pickup.mkdir()
        self._fetch()
        self.assertFalse(self.connection.last_error)

    def test_bad_file_stops_no_other(self):
        batch = self._submit(self.debit)
        self._put("1.xml", "hello")
        self._put("2.xml", "", age=90)
        self._put("3.xml", self._pain002(batch))
        messages = self._fetch()
        self.assertEqual(messages.sorted("name").mapped("state"), ["failed", "failed", "done"])
        self.assertEqual(batch.state, "accepted")
        self.assertFalse([path for path in self.pickup.iterdir() if path.is_file()])

    def test_half_a_file_is_left_until_it_is_whole(self):
        batch = self._submit(self.debit)
        content = self._camt([self._entry_batch(batch)])
        for part in ("", content[: len(content) // 2], content[:-3]):
            self._put("1.xml", part)
            with self.subTest(len(part)):
                self.assertFalse(self._fetch())
                self.assertTrue((self.pickup / "1.xml").exists())
        self.assertFalse(self.connection.last_error)
        self._put("1.xml", content)
        self.assertEqual((self._fetch().state, self.debit.state), ("done", "settled"))
        self.assertFalse((self.pickup / "1.xml").exists())

    def test_file_that_never_gets_its_end_is_read(self):
        batch = self._submit(self.debit)
        self._put("1.xml", self._camt([self._entry_batch(batch)])[:-20], age=90)
        message = self._fetch()
        self.assertEqual(message.state, "attention", message.findings_text)
        self.assertIn("too early", message.findings_text)

    def test_files_of_one_name_are_all_kept(self):
        batch = self._submit(self.debit)
        contents = [
            self._pain002(batch),
            self._camt([self._entry_batch(batch)]),
            self._camt([self._entry_return(self.debit)], message_id="S-2"),
        ]
        for content in contents:
            self._put("daily.xml", content)
            self._fetch()
        kept = {path.name: path.read_text() for path in (self.pickup / "processed").iterdir()}
        self.assertEqual(
            kept, dict(zip(("daily.xml", "daily-1.xml", "daily-2.xml"), contents, strict=True))
        )

    def test_one_bad_connection_stops_no_other(self):
        self.env["sdd.bank.connection"].create(
            {
                "name": "A broken one",
                "kind": "folder",
                "company_id": self.company.id,
                "pickup_folder": "/nowhere",
            }
        )
        batch = self._submit(self.debit)
        self._put("1.xml", self._pain002(batch))
        with self._without_commits():
            self.env["sdd.bank.connection"]._cron_fetch()
        self.assertEqual(batch.state, "accepted")

    def test_journal_of_another_company(self):
        """A file for another company's account is not imported with this company's connection."""
        second = self._create_second_company()
        theirs = self._create_bare_debit(self._create_mandate(company_id=second.id))
        batch = self.env["sdd.batch"]._create_due_batches(second.sdd_journal_id)
        batch._move_to("submitted")
        theirs._move_to("submitted")
        self._put("1.xml", self._pain002(batch, refused=theirs))
        message = self._fetch()
        self.assertEqual((message.company_id, message.state), (self.company, "attention"))
        self.assertEqual((batch.state, theirs.state), ("submitted", "submitted"))
