"""Queries per debit: a bound for each step of the pipeline, whatever the size of the batch."""

from odoo.tests import tagged

from .common import DEBTOR_IBANS, SupportDebitCommon

SMALL, LARGE = 10, 40
#: Queries that one more debit may cost. A statement line is a journal entry of its own, and the
#: customer is told by an e-mail of his own when the file is made at once.
BOUNDS = {"queue": 0.2, "batch": 2.5, "submit": 0.5, "answer": 2.0, "statement": 7.0}
#: How many of a batch's debits a step works on: half come back, half are credited.
SHARES = {"answer": 0.5, "statement": 0.5}


@tagged("-at_install", "post_install")
class TestQueryCounts(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A statement of single entries, as some banks write it.
        cls.journal.sdd_batch_booking = False
        cls.invoices = cls.env["account.move"]
        for number in range(SMALL + LARGE):
            partner = cls._create_customer(f"Customer {number}")
            cls._create_mandate(partner, DEBTOR_IBANS[number % len(DEBTOR_IBANS)])
            cls.invoices |= cls._create_invoice(partner)
        cls.invoices.action_post()

    @classmethod
    def _create_invoice(cls, partner):
        return cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [(0, 0, {"name": "Support", "price_unit": 10.0})],
            }
        )

    def _count(self, function, *args):
        """Return a function's result and how many queries it took with a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = function(*args)
        self.env.flush_all()
        return result, self.env.cr.sql_log_count - before

    def _run_pipeline(self, invoices):
        """Return the queries of each step for these invoices."""
        counts = {}
        debits, counts["queue"] = self._count(invoices._queue_sdd_debit)
        batches = self.env["sdd.batch"]
        batch, counts["batch"] = self._count(batches._create_due_batches, self.journal)
        self.assertEqual(batch.debit_ids, debits.with_env(self.env))
        _none, counts["submit"] = self._count(batch.action_submit)
        refused = batch.debit_ids[: len(batch.debit_ids) // 2]
        answer = self._pain002(batch, refused, message_id=f"A-{batch.id}")
        message, counts["answer"] = self._count(self._import, answer)
        self.assertEqual((message.state, message.returned_count), ("done", len(refused)))
        left = batch.debit_ids - refused
        content = self._camt([self._entry_single(d) for d in left], message_id=f"S-{batch.id}")
        message, counts["statement"] = self._count(self._import, content)
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(set(left.mapped("state")), {"settled"})
        return counts

    def test_queries_do_not_grow_with_the_batch(self):
        self._run_pipeline(self.invoices[:1])
        small = self._run_pipeline(self.invoices[1:SMALL])
        large = self._run_pipeline(self.invoices[SMALL:])
        more = LARGE - SMALL + 1
        for step, bound in BOUNDS.items():
            with self.subTest(step, small=small[step], large=large[step]):
                self.assertLessEqual(large[step] / LARGE, small[step] / (SMALL - 1))
                cost = (large[step] - small[step]) / (more * SHARES.get(step, 1))
                self.assertLessEqual(cost, bound)
