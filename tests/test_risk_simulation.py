import sys
from pathlib import Path
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .common import SupportDebitCommon

ROOT = Path(__file__).parents[1]
ORDERS = 40
OUTCOMES = {"AC01", "AC04", "AM04", "MS03"}


@tagged("-at_install", "post_install")
class TestRiskSimulation(SupportDebitCommon):
    """Simulated customers go through the shipped policy, their returns through the bank's files.

    What happens to them is drawn by the simulator, whose truth the add-on can't see.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["risk.policy"]
        cls.policy = policies._get_active(cls.company)
        if not cls.policy:
            shipped = cls.env.ref("support_debit.risk_policy_default")
            cls.policy = shipped.copy({"company_id": cls.company.id})
            cls.policy._move_to("rehearsed")
            cls.policy.action_activate()

    def _get_world(self):
        """Return orders of new customers: all that come back, then others; and their fate."""
        # The simulator is a program of its own, with the pure packages beside it.
        with patch.object(sys, "path", [str(ROOT), str(ROOT / "tests"), *sys.path]):
            from simulator import run, world

            orders = [order for order in world.make_world(4, 400) if order.is_new]
        fates = [(order, run.get_reason(order, order.typed)) for order in orders]
        fates.sort(key=lambda pair: not pair[1])
        return sorted(fates[:ORDERS], key=lambda pair: pair[0].number)

    def _place(self, order):
        """Return the real order of a simulated one."""
        partner = self._create_customer(
            order.person.name, email=order.person.email, street=f"Weg {order.number}"
        )
        line = {"product_id": self.package.id, "price_unit": round(order.amount / 1.19, 2)}
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "order_line": [Command.create(line)],
            }
        )

    def _assess(self, sale, order):
        return self.env["risk.policy"].assess(
            {
                "order_id": sale.id,
                "iban": order.typed,
                "holder": order.person.holder,
                "session": order.person.session,
                "channel": order.channel,
            }
        )

    def _debit(self, sale, order):
        """Return the queued debit of a confirmed order."""
        mandate = self._create_mandate(sale.partner_id, order.typed)
        sale.action_confirm()
        return sale._sdd_invoice()._queue_sdd_debit(mandate=mandate)

    def test_outcomes_of_simulated_orders(self):
        fates = {}
        for order, reason in self._get_world():
            sale = self._place(order)
            assessment = self._assess(sale, order)
            self.assertEqual(assessment.order_id, sale)
            self.assertTrue(assessment._get_offers())
            if assessment.effective_colour != "red":
                fates[self._debit(sale, order)] = (assessment, reason)
            elif order.typed == order.person.iban and order.person.kind == "honest":
                self.fail("a new honest customer with a right IBAN was not offered a direct debit")
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_submit()
        # Debits that wait for a better proof of their mandate are not followed.
        fates = {debit: fate for debit, fate in fates.items() if debit in batch.debit_ids}
        self._import_returns(batch, fates)
        self._check_labels(fates)

    def _import_returns(self, batch, fates):
        self._import(self._camt([self._entry_batch(batch)], message_id="S-1"))
        returned = [(debit, reason) for debit, (_one, reason) in fates.items() if reason]
        entries = [self._entry_return(debit, 3.0, reason) for debit, reason in returned]
        self._import(self._camt(entries, message_id="S-2"))

    def _check_labels(self, fates):
        self.assertGreater(len(fates), ORDERS / 2)
        for assessment, reason in fates.values():
            expected = "bad_bank" if reason in OUTCOMES else "bad_customer"
            with self.subTest(reason=reason, colour=assessment.state):
                self.assertEqual(assessment.outcome, expected if reason else "open")
                self.assertEqual(assessment.outcome_code or "", reason)
        paid = self.env["risk.assessment"].union(
            *(one for one, reason in fates.values() if not reason)
        )
        self.assertTrue(all(paid.mapped("matures_on")))
        paid._write_label({"matures_on": fields.Date.today()})
        with self._without_commits():
            self.env["risk.assessment"]._cron_mature()
        self.assertEqual(set(paid.mapped("outcome")), {"good"})
