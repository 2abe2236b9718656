"""Large imports: the job, what happens when it is killed or somebody else is faster, queries."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.mandate import sdd_mandate_import_run as run
from ..sepa import mandate_write
from .test_mandate_import import MandateImportCase

SMALL, LARGE = 10, 40
#: Queries that one more line may cost: Odoo looks for an archived account, one by one.
BOUND_OF_CHECK, BOUND_OF_IMPORT = 0.1, 2.0


class Killed(BaseException):
    """What a process that is killed in the middle does: no handler sees it."""


@tagged("-at_install", "post_install")
class TestMandateImportRun(MandateImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("support_debit.cron_import_mandates")

    def _start(self, count, chunk=2):
        """Return an import of so many lines that waits for the job."""
        self.startPatcher(patch.object(run, "AT_ONCE", 1))
        self.startPatcher(patch.object(run, "CHUNK", chunk))
        record = self._upload([self._row(n, customer_ref=f"N-{n // 2}") for n in range(count)])
        record.action_import()
        self.assertEqual(record.state, "running")
        return record

    def _run_job(self):
        with self._without_commits():
            self.env["sdd.mandate.import"]._cron_import()

    def test_large_files_are_imported_by_the_job(self):
        triggers = self.env["ir.cron.trigger"].sudo().search_count([])
        record = self._start(5)
        self.assertGreater(self.env["ir.cron.trigger"].sudo().search_count([]), triggers)
        self.assertEqual((record.progress, record.done_count), (0, 0))
        self._run_job()
        self.assertEqual((record.state, record.progress, record.done_count), ("done", 100, 5))
        mandates = record.line_ids.sorted("number").mandate_id
        self.assertEqual(mandates.mapped("name"), [f"OLD-{n}" for n in range(5)])
        # Two lines of each customer, also when they lie in different chunks.
        self.assertEqual(len(mandates.partner_id), 3)
        self.assertEqual(mandates.event_ids.user_id, self.accountant)

    def test_killed_after_the_first_chunk(self):
        record = self._start(5)
        made = []

        def kill(_jobs, processed=0, **_kwargs):
            made.append(processed)
            if sum(made) >= 2:
                raise Killed

        jobs = self.env.registry["ir.cron"]
        # Not `assertRaises`, which would take back what the first chunk has committed.
        with patch.object(jobs, "_commit_progress", kill), suppress(Killed):
            self.env["sdd.mandate.import"]._cron_import()
        self.assertEqual(made, [0, 2])
        self.assertEqual((record.state, record.done_count, record.progress), ("running", 2, 40))
        self._run_job()
        self.assertEqual((record.state, record.done_count), ("done", 5))
        names = record.line_ids.mapped("reference")
        self.assertEqual(self.env["sdd.mandate"].search_count([("name", "in", names)]), 5)

    def test_another_worker_was_faster(self):
        record = self._start(3)
        self._run_job()
        with self._without_commits():
            self.assertTrue(record._run())
        self.assertEqual((record.state, record.hint_text), ("done", ""))

    def test_very_many_references_at_once(self):
        mandate = self._create_mandate()
        creditor = mandate.creditor_identifier[:4] + mandate.creditor_identifier[7:]
        wanted = {(creditor, f"X-{n}") for n in range(20_000)} | {(creditor, mandate.name)}
        found = self.env["sdd.mandate.import"]._find_taken(wanted)
        self.assertEqual(found, {(creditor, mandate.name)})

    def test_time_is_up(self):
        record = self._start(5)
        jobs = self.env.registry["ir.cron"]
        with patch.object(jobs, "_commit_progress", lambda *_args, **_kwargs: 0):
            self.env["sdd.mandate.import"]._cron_import()
        self.assertEqual((record.state, record.done_count), ("running", 2))
        self._run_job()
        self.assertEqual((record.state, record.done_count), ("done", 5))

    def test_reference_taken_while_the_job_runs(self):
        record = self._start(5)
        self._create_mandate(name="OLD-3")
        self._run_job()
        self.assertEqual((record.state, record.done_count), ("checked", 2))
        line = record.line_ids.filtered(lambda found: found.severity == "error")
        self.assertEqual((line.number, line.mandate_id.id), (5, False))
        record.action_untick_wrong()
        record.action_import()
        self._run_job()
        self.assertEqual((record.state, record.done_count), ("done", 4))
        with self._refused("imported or being imported already"):
            record.line_ids.chosen = True

    def test_an_import_whose_rest_somebody_else_has_done_ends(self):
        record = self._start(3)
        self._create_mandate(name="OLD-2")
        self._run_job()
        self.assertEqual((record.state, record.done_count), ("checked", 2))
        record.action_untick_wrong()
        record.action_import()
        self.assertEqual((record.state, record.done_count), ("done", 2))
        self.assertFalse(record.sudo().file_data)

    def test_two_users_import_the_same_file_at_the_same_moment(self):
        rows = [self._row(1)]
        record = self._upload(rows)
        self._create_mandate(name="OLD-1")
        # The other one's transaction was not to be seen yet; the unique index sees it.
        with (
            patch.object(
                self.env.registry["sdd.mandate.import"], "_find_taken", lambda *_args: set()
            ),
            self._refused("Somebody else has imported one of these mandates"),
        ):
            record.action_import()
        self.assertEqual(record.state, "checked")
        self.assertFalse(record.line_ids.mandate_id)

    def test_an_import_that_stops_tells_a_person_and_lets_the_next_one_go(self):
        first, second = self._start(3), self._upload([self._row(n) for n in range(10, 13)])
        second.action_import()
        real = run.MandateMaker.create
        reason = "The cat sat on it."

        def fail(maker):
            if maker.record == first:
                raise UserError(reason)
            return real(maker)

        with (
            patch.object(run.MandateMaker, "create", fail),
            patch.object(self.env.cr, "rollback", lambda: None),
            self.assertLogs(run._logger, "ERROR"),
        ):
            self._run_job()
        self.assertEqual((first.state, second.state), ("checked", "done"))
        self.assertIn("The import stopped: The cat sat on it.", first.hint_text)

    def test_a_running_import_cannot_be_changed(self):
        record = self._start(3)
        for action in (record.action_check, record.action_import, record.action_untick_wrong):
            with self._refused("not possible while the import is “Being imported”"):
                action()
        with self._refused("cannot be changed by hand"):
            record.create_state = "draft"
        with self._refused("stays on record"):
            record.unlink()

    def _count(self, function):
        """Return how many queries a function takes with a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_file(self):
        counts = {}
        for size in (1, SMALL, LARGE):
            rows = [
                self._row(
                    n,
                    reference=f"Q{size}-{n}",
                    customer_ref=f"Q{size}-{n}",
                    original_reference=f"O{n}",
                    last_collection_date=self.signed + timedelta(days=1),
                )
                for n in range(size)
            ]
            record = self._upload(rows, mandate_write.write_xlsx)
            counts[size] = (self._count(record.action_check), self._count(record.action_import))
            self.assertEqual(record.done_count, size)
        more = LARGE - SMALL
        check, imported = (
            (large - small) / more
            for small, large in zip(counts[SMALL], counts[LARGE], strict=True)
        )
        self.assertLessEqual(check, BOUND_OF_CHECK, counts)
        self.assertLessEqual(imported, BOUND_OF_IMPORT, counts)
