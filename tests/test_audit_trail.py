"""What was posted stays posted, and everything is found by what stands on the paper statement."""

from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestAuditTrail(SupportDebitCommon):
    def test_nothing_posted_is_deleted_or_changed(self):
        self.company.restrictive_audit_trail = True
        debits = self._create_debits(3)
        batch = self._submit(debits)
        posted = self.env["account.move"].search([("state", "=", "posted")])
        figures = {line: line.balance for line in posted.line_ids}
        self._import(self._pain002(batch, refused=debits[0]))
        self._import(self._camt([self._entry_batch(batch, amount=199.8)]))
        self._import(self._camt([self._entry_return(debits[1], 3)], kind="054", message_id="N-1"))
        self._import(
            self._camt([self._entry_return(debits[1], 3)], message_id="S-2", opening=199.8)
        )
        lost = self._camt([self._entry_return(debits[2], 3)], message_id="S-3", opening=96.9)
        lost = lost.replace(debits[2].end_to_end_id, "NOTPROVIDED").replace(
            f"<MndtId>{debits[2].mandate_id.name}</MndtId>", ""
        )
        finding = self._import(lost).finding_ids
        statement_entry = finding.statement_line_id.move_id
        finding._assign(debits[2])
        self.assertEqual(debits.mapped("state"), ["rejected", "returned", "returned"])
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(posted.exists(), posted)
        self.assertEqual(set(posted.mapped("state")), {"posted"})
        self.assertEqual({line: line.balance for line in posted.line_ids.exists()}, figures)
        self.assertEqual(statement_entry.state, "posted")

    def test_found_by_what_the_paper_says(self):
        debit = self._create_debit()
        batch = self._submit(debit)
        message = self._import(self._camt([self._entry_batch(batch, reference="2026112200047")]))
        line = message.statement_line_ids
        self.assertEqual(line.ref, "2026112200047")
        search = self.env.ref("support_debit.account_move_line_view_search").arch
        self.assertIn("sdd_entry_key", search)
        items = self.env["account.move.line"]
        for reference, found in (
            (("statement_line_id.sdd_entry_key", "ilike", "2026112200047"), line.line_ids),
            (("ref", "ilike", "2026112200047"), line.line_ids),
            (("sdd_debit_id.end_to_end_id", "ilike", debit.end_to_end_id), debit.entry_line_ids),
            (("sdd_batch_id.name", "ilike", batch.name), batch.move_ids.line_ids[:1]),
        ):
            self.assertTrue(items.search([reference]) & found, reference)
        for text in (debit.end_to_end_id, batch.name, debit.payment_information_id):
            domain = [
                "|",
                "|",
                ("end_to_end_id", "ilike", text),
                ("batch_id.name", "ilike", text),
                ("payment_information_id", "ilike", text),
            ]
            self.assertIn(debit, self.env["sdd.debit"].search(domain), text)
