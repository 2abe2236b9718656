"""Statements with very many entries: read in chunks, the lines of others made by a job."""

from contextlib import suppress
from unittest.mock import patch

from odoo.tests import tagged

from ..models.bank import const
from ..models.bank.statement_import import StatementImport
from ..models.bank.statement_rest import StatementRest
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestLongStatement(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(2).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()
        cls.startClassPatcher(patch.object(const, "ENTRIES_AT_ONCE", 3))
        cls.startClassPatcher(patch.object(const, "LINES_AT_ONCE", 3))
        cls.startClassPatcher(patch.object(const, "OTHERS_AT_ONCE", 2))

    def _make_file(self):
        """Return a statement with nine entries of others around a credit and a return of ours."""
        others = [self._entry(-1.0 - number, f"O-{number}", "") for number in range(9)]
        ours = [self._entry_batch(self.batch), self._entry_return(self.debits[0], fee=3.0)]
        return self._camt([*others[:4], ours[0], *others[4:7], ours[1], *others[7:]])

    def _assert_end(self):
        self.assertEqual(self.debits.mapped("state"), ["returned", "settled"])
        self.assertEqual(self.debits[0].return_ids.fee, 3.0)
        self.assertEqual(self._get_transit(), 0)

    def test_ours_at_once_the_others_by_the_job(self):
        message = self._import(self._make_file())
        self.assertEqual(message.state, "done", message.findings_text)
        self._assert_end()
        self.assertEqual((message.line_count, message.left_count), (4, 7))
        self.assertFalse(message.statement_line_ids.statement_id)
        with self._without_commits():
            self.env["sdd.bank.message"]._cron_complete_statements()
        self.assertEqual((message.line_count, message.left_count), (11, 0))
        self.assertEqual(len(message.statement_line_ids), 11)
        statement = message.statement_line_ids.statement_id
        self.assertEqual(len(statement.line_ids), 11)
        self.assertAlmostEqual(statement.balance_end, statement.balance_end_real)
        self._assert_end()

    def test_two_statements_of_the_account_in_one_file(self):
        """Each gets its own lines and balances, though the job makes the lines of both."""
        first = self._camt([self._entry(-1.0 - n, f"A-{n}", "") for n in range(4)], opening=0.0)
        second = self._camt(
            [self._entry(-1.0 - n, f"B-{n}", "") for n in range(5)], opening=-10.0, message_id="S-2"
        )
        part = second[second.index("<Stmt>") : second.index("</BkToCstmrStmt>")]
        message = self._import(first.replace("</BkToCstmrStmt>", f"{part}</BkToCstmrStmt>"))
        self.assertEqual((message.line_count, message.left_count), (2, 7), message.findings_text)
        with self._without_commits():
            self.env["sdd.bank.message"]._cron_complete_statements()
        self.assertEqual((message.line_count, message.left_count), (9, 0))
        self.assertRecordValues(
            message.statement_line_ids.statement_id.sorted("id"),
            [
                {"name": "S-1", "balance_start": 0.0, "balance_end_real": -10.0},
                {"name": "S-2", "balance_start": -10.0, "balance_end_real": -25.0},
            ],
        )
        for statement in message.statement_line_ids.statement_id:
            self.assertAlmostEqual(statement.balance_end, statement.balance_end_real)

    def test_job_goes_on_where_it_stopped(self):
        message = self._import(self._make_file())
        jobs = self.env.registry["ir.cron"]
        left = iter([100, 100, 0] + [100, 0, 100, 0] * 20)
        with patch.object(jobs, "_commit_progress", lambda *_args, **_kwargs: next(left)):
            for _turn in range(12):
                self.env["sdd.bank.message"]._cron_complete_statements()
        self.assertEqual((message.line_count, message.left_count), (11, 0))
        self.assertEqual(len(message.statement_line_ids), 11)
        self._assert_end()

    def test_another_program_collects_over_the_account(self):
        """So many debits that nobody knows: some are findings, the others wait in suspense."""
        strangers = [
            self._entry(5.0 + n, f"S-{n}", self._details_unknown(n, 5.0 + n)) for n in range(9)
        ]
        with patch.object(const, "FINDINGS_KEPT", 3):
            message = self._import(self._camt([*strangers, self._entry_batch(self.batch)]))
            self.assertEqual(self.debits.mapped("state"), ["settled", "settled"])
            self._assert_findings(message)
            self.assertEqual((message.line_count, message.left_count), (6, 4))
            with self._without_commits():
                self.env["sdd.bank.message"]._cron_complete_statements()
            self.assertEqual((message.line_count, message.left_count), (10, 0))
            self._assert_findings(message)
            message.action_read_again()
        self._assert_findings(message)
        suspense = self.journal.suspense_account_id
        waiting = message.statement_line_ids.line_ids.filtered(lambda i: i.account_id == suspense)
        self.assertAlmostEqual(sum(waiting.mapped("balance")), -sum(5.0 + n for n in range(9)))

    def test_same_findings_again_are_not_more(self):
        """What the first reading has found, the job finds, too: it is one finding, not two."""
        odd = [self._entry(-1.0 - n, f"O-{n}", "") for n in range(2)]
        odd = [(amount, xml.replace('Ccy="EUR"', 'Ccy="USD"')) for amount, xml in odd]
        others = [self._entry(-1.0 - n, f"N-{n}", "") for n in range(6)]
        content = self._camt([*odd, *others], opening=0.0)
        with patch.object(const, "FINDINGS_KEPT", 3):
            message = self._import(content)
            codes = sorted(message.finding_ids.mapped("code"))
            self.assertEqual((codes.count("other_currency"), message.left_count), (2, 4))
            with self._without_commits():
                self.env["sdd.bank.message"]._cron_complete_statements()
        self.assertEqual(message.left_count, 0)
        self.assertEqual(sorted(message.finding_ids.mapped("code")), codes)

    def test_findings_are_kept_with_each_commit(self):
        """A job that is killed after a commit has written what it found about the lines made."""
        others = [self._entry(-1.0 - n, f"N-{n}", "") for n in range(9)]
        message = self._import(self._camt(others, opening=0.0))
        self.assertEqual((message.state, message.left_count), ("done", 7))

        def note_lines(job, lines):
            place = lines[0].sdd_entry_place
            job.add_finding("impossible_amount", place, reference="R", amount=lines[0].amount)
            StatementImport.note_lines(job, lines)

        jobs = self.env.registry["ir.cron"]
        answers = iter([100, KeyboardInterrupt()])

        def commit(*_args, **_kwargs):
            if isinstance(answer := next(answers), BaseException):
                raise answer
            return answer

        with (
            patch.object(StatementRest, "note_lines", note_lines),
            patch.object(jobs, "_commit_progress", commit),
            # Not by `assertRaises`, which takes back what was committed.
            suppress(KeyboardInterrupt),
        ):
            self.env["sdd.bank.message"]._cron_complete_statements()
        self.assertEqual(message.finding_ids.mapped("code"), ["impossible_amount"])
        self.assertIn(message.finding_ids.statement_line_id, message.statement_line_ids)
        self.assertEqual((message.state, message.finding_count), ("attention", 1))
        self.assertTrue(message.activity_ids)

    def test_findings_with_several_parameters_are_recognised(self):
        """The database sorts the parameters anew; the finding is the same all the same."""
        message = self._import(self._camt([self._entry_batch(self.batch)])).sudo()
        finding = {
            "code": "impossible_amount",
            "where": "x",
            "params": {"reference": "R", "amount": "1"},
        }
        for _time in range(2):
            message._note_findings([finding], is_complete=False)
            self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(message.finding_ids.mapped("code").count("impossible_amount"), 1)

    def _details_unknown(self, number, amount):
        """Return a detail of a debit that another program has sent."""
        return (
            f"<TxDtls><Refs><EndToEndId>STRANGE-{number}</EndToEndId></Refs>"
            f'<Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
        )

    def _assert_findings(self, message):
        """Three findings with their lines, and one that says that there are more."""
        self.assertEqual(message.state, "attention")
        self.assertEqual(
            sorted(message.finding_ids.mapped("code")), ["many"] + 3 * ["unknown_credit"]
        )
        listed = message.finding_ids.filtered(lambda f: f.code == "unknown_credit")
        self.assertEqual(len(listed.statement_line_id), 3)
        self.assertEqual(set(message.finding_ids.mapped("state")), {"open"})
        self.assertEqual(message.finding_count, 4)

    def test_another_import_brings_the_rest(self):
        self.journal.sdd_statement_lines = "debits"
        message = self._import(self._make_file())
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual((message.line_count, message.left_count), (2, 0))
        self.assertIn("9 entries", message.findings_text)
        self.assertFalse(message.statement_line_ids.statement_id)
        self._assert_end()

    def test_reference_that_is_not_unique(self):
        """Another amount or day under a known reference is another entry."""
        self._import(self._camt([self._entry(-1.0, "00001", "")]))
        other = self._import(self._camt([self._entry(-2.0, "00001", "")]))
        again = self._import(self._camt([self._entry(-2.0, "00001", "")]))
        self.assertEqual((other.line_count, again.line_count), (1, 0))

    def test_same_statement_in_another_format_with_other_references(self):
        entries = [self._entry(5.0, "A-1", ""), self._entry(5.0, "A-2", "")]
        first = self._camt(entries, opening=0.0)
        second = first.replace("A-1", "B-1").replace("A-2", "B-2").replace(".08", ".04")
        self.assertEqual(self._import(first).line_count, 2)
        message = self._import(second)
        self.assertEqual((message.line_count, message.state), (0, "done"), message.findings_text)
