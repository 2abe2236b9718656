"""The bank's files come in any order, some twice: the end is always the same."""

from itertools import permutations

from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestAnyOrder(SupportDebitCommon):
    """Of four debits one is refused, one comes back with a fee, one is refunded, one stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(4).with_env(cls.env)
        cls.refused, cls.returned, cls.refunded, cls.kept = cls.debits
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def _make_files(self, came):
        """Return the files by name; `came` are the entries with which the money came."""
        back = self._entry_return(self.returned, fee=3.5)
        refund = self._entry_return(self.refunded, reason="MD06")
        return {
            "answer": self._pain002(self.batch, refused=self.refused),
            "notice": self._camt([back], kind="054", message_id="N-1"),
            "credit": self._camt(came, message_id="S-1"),
            "return": self._camt([back, refund], message_id="S-2"),
        }

    def _check_orders(self, files):
        for number, order in enumerate(permutations(files)):
            with self.subTest(" ".join(order)):
                savepoint = self.env.cr.savepoint()
                try:
                    messages = [self._import(files[name], name) for name in order]
                    # Everything once more with another checksum, here and there: it takes time.
                    for name in order if number % 4 == 0 else ():
                        messages.append(self._import(files[name] + "\n", f"{name} again"))
                    self._check_end(messages)
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def _check_end(self, messages):
        failed = [(m.name, m.findings_text) for m in messages if m.state == "failed"]
        self.assertFalse(failed)
        self.assertIn(self.refused.state, ("rejected", "returned"))
        self.assertEqual(
            (self.debits - self.refused).mapped("state"), ["returned", "returned", "settled"]
        )
        self.assertEqual(self._get_transit(), 0)
        invoices = [debit.invoice_ids for debit in self.debits]
        self.assertEqual([i.payment_state for i in invoices], ["not_paid"] * 3 + ["paid"])
        self.assertEqual([i.amount_residual for i in invoices], [99.9] * 3 + [0.0])
        self.assertEqual([len(debit.return_ids) for debit in self.debits], [1, 1, 1, 0])
        self.assertEqual(self.returned.return_ids.fee, 3.5)
        lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.journal.id)]
        )
        self.assertEqual([line.payment_ref for line in lines if not line.is_reconciled], [])
        self.assertAlmostEqual(sum(lines.mapped("amount")), self.expected_on_account)

    def test_one_sum_less_what_was_refused(self):
        """The bank credits what is left; the answer comes before the statement."""
        self.expected_on_account = 99.9 - 3.5
        files = self._make_files([self._entry_batch(self.batch, amount=299.7)])
        answer = files.pop("answer")
        self._import(answer)
        self._check_orders(files)

    def test_one_sum_and_the_refused_one_goes_back(self):
        self.expected_on_account = 99.9 - 3.5
        gone = self._entry_return(self.refused, reason="AC04")
        self._check_orders(self._make_files([self._entry_batch(self.batch), gone]))

    def test_single_credits(self):
        self.expected_on_account = 99.9 - 3.5
        came = [self._entry_single(d) for d in self.debits - self.refused]
        self._check_orders(self._make_files(came))
