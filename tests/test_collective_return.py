"""Debits that came back in one sum, which the bank does not explain on the statement."""

from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestCollectiveReturn(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(3).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def setUp(self):
        super().setUp()
        self._import(self._camt([self._entry_batch(self.batch)]))

    def _sum(self, amount, count=None, reference="R-77"):
        """Return an entry of returns without details."""
        number = f"<NbOfTxs>{count}</NbOfTxs>" if count else ""
        batch = f"<Btch><MsgId>R-77</MsgId>{number}</Btch>"
        return self._entry(-amount, reference, "", family="UPDD", batch=batch)

    def _announce(self, debits, message_id="N-1"):
        details = [self._entry_return(debit) for debit in debits]
        return self._import(self._camt(details, kind="054", message_id=message_id))

    def _get_balances(self, message):
        """Return what stands on the other side of the lines of a file, by account."""
        names = {
            self.journal.sdd_transit_account_id: "transit",
            self.journal.sdd_fee_account_id: "fee",
            self.journal.suspense_account_id: "suspense",
            self.company_data["default_account_receivable"]: "receivable",
        }
        items = message.statement_line_ids.line_ids.grouped("account_id").items()
        return {names[a]: round(sum(x.mapped("balance")), 2) for a, x in items if a in names}

    def test_announced_before(self):
        back = self.debits[:2]
        self._announce(back)
        self.assertEqual(self._get_transit(), -199.8)
        message = self._import(self._camt([self._sum(205.8, count=2)], message_id="S-2"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self._get_balances(message), {"transit": 199.8, "fee": 6.0})
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(self.debits.mapped("return_on_statement"), [True, True, False])
        # The same return on another line is no new one.
        again = self._import(
            self._camt([self._entry_return(back[0], reference="R-9")], message_id="S-3")
        )
        self.assertEqual(again.finding_ids.mapped("code"), ["already_returned"])

    def test_one_debit_bears_its_fee(self):
        self._announce(self.debits[0])
        message = self._import(self._camt([self._sum(103.4)], message_id="S-2"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self._get_balances(message), {"transit": 99.9, "fee": 3.5})
        self.assertEqual(self.debits[0].return_ids.fee, 3.5)

    def test_two_announcements_of_the_same_amount(self):
        """Either may be meant: the money waits, and somebody is told."""
        self._announce(self.debits[0], "N-1")
        self._announce(self.debits[1], "N-2")
        message = self._import(self._camt([self._sum(102.9, count=1)], message_id="S-2"))
        self.assertRecordValues(
            message.finding_ids,
            [{"code": "collective_return", "direction": "return", "amount": -102.9}],
        )
        self.assertEqual(message.state, "attention")
        self.assertEqual(self._get_balances(message), {"suspense": 102.9})
        self.assertEqual(self._get_transit(), -199.8)

    def test_statement_comes_before_the_announcement(self):
        message = self._import(self._camt([self._sum(205.8, count=2)], message_id="S-2"))
        finding = message.finding_ids
        self.assertEqual((finding.code, finding.state), ("collective_return", "open"))
        self.assertIn("205.8", finding.text)
        self._announce(self.debits[:2])
        self.assertEqual((finding.state, message.state), ("assigned", "done"))
        self.assertEqual(self._get_balances(message), {"transit": 199.8, "fee": 6.0})
        self.assertEqual(self.debits.mapped("state"), ["returned", "returned", "settled"])
        self.assertEqual(self._get_transit(), 0)

    def test_assigned_by_hand(self):
        message = self._import(self._camt([self._sum(205.8, count=2)], message_id="S-2"))
        finding = message.finding_ids
        with self._refused("does not fit"):
            finding._assign(self.debits)
        finding._assign(self.debits[:2])
        self.assertEqual(message.state, "done")
        self.assertEqual(self._get_balances(message), {"receivable": 199.8, "fee": 6.0})
        self.assertEqual(self.debits.mapped("state"), ["returned", "returned", "settled"])
        announced = self._announce(self.debits[:2])
        self.assertEqual(announced.state, "done", announced.findings_text)
        self.assertEqual(self._get_transit(), 0)
