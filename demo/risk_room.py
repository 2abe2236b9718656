"""What the demo company knows about risk: judged orders, open cases, a policy tried on the past."""

from datetime import timedelta

from odoo import Command, fields

from . import stories
from .dates import at


class RiskRoom:
    """Judges the demo's orders, each with what was known on its day.

    :param company: `res.company` record.
    :param dict ibans: the customers' accounts by key.
    """

    def __init__(self, company, ibans):
        self.company = company
        self.env = company.env
        self.ibans = ibans
        self._find_policy()

    def _find_policy(self):
        """Let the policy that comes with the module decide in this company, too."""
        policies = self.env["risk.policy"]
        if policies._get_active(self.company):
            return
        standard = self.env.ref("support_debit.risk_policy_default")
        policy = standard._make_version(company=self.company)
        policy._move_to("rehearsed")
        policy._activate()

    # === ORDERS === #

    def judge(self, order, sale, day):
        """Judge an order as the shop or the telephone did on its day.

        :param order: `sale.order` record, not confirmed yet.
        :param sale: its `Sale`.
        :param date day: when it was placed.
        :rtype: `risk.assessment` record (sudo)
        """
        values = {
            "order_id": order.id,
            "iban": self.ibans[sale.customer],
            "holder": order.partner_id.name,
            "channel": "web" if sale.channel == "web" else "phone",
            "now": at(day, 9, 20),
        }
        return self.env["risk.policy"].assess(values, "submit")

    def accept(self, assessment, day):
        """Let somebody decide that a red order is debited all the same: it would wait otherwise.

        :param assessment: `risk.assessment` record (sudo).
        :param date day: when the order was placed.
        """
        if assessment.effective_colour == "red":
            assessment._override("yellow", stories.RED_ACCEPTED)
            assessment._write_label({"override_date": at(day, 9, 40)})

    # === WHAT FOLLOWS === #

    def play(self, desk):
        """Let people and jobs do what they do with what was judged.

        :param desk: `OrderDesk`.
        """
        self._close_books()
        self._open_cases(desk)
        # Here a person decides, so that a visitor sees what is proposed.
        self.company.risk_governor = "propose"
        self.env["risk.governor"]._govern(self.company)
        active = self.env["risk.policy"]._get_active(self.company)
        for card in active.bank_card_id | active.customer_card_id:
            self.env["risk.monitor"]._measure(card, self.company)
        self._try_policy(active)

    def _close_books(self):
        """Say of the orders of the past how they turned out, and close what people looked at then."""
        today = fields.Date.context_today(self.company)
        due = self.env["risk.assessment"].search(
            [
                ("company_id", "=", self.company.id),
                ("outcome", "=", "open"),
                ("matures_on", "<=", today),
            ]
        )
        due._mature()
        old = self.env["risk.case"].search(
            [("company_id", "=", self.company.id), ("state", "in", ("open", "proposed"))]
        )
        old._close(stories.CASE_CLOSED)

    def _open_cases(self, desk):
        """Open a case because much money is at stake, and one because the customer asks for it."""
        today = fields.Date.context_today(self.company)
        days = [today] * len(stories.REVIEWED)
        for order, (sale, text) in zip(
            desk.offer([sale for sale, _text in stories.REVIEWED], days),
            stories.REVIEWED,
            strict=True,
        ):
            assessment = self.judge(order, sale, today)
            if text:
                self.env["risk.case"]._contest(assessment, text)
            else:
                self.env["risk.case"]._open_for(assessment, "staff")

    def _try_policy(self, active):
        """Try a stricter policy on the past, and leave it to a person to activate it."""
        draft = active._make_version()
        draft.rule_ids = [Command.create({**stories.NEW_RULE, "sequence": 300})]
        draft.action_rehearse()
        self.env["risk.rehearsal"].search([("policy_id", "=", draft.id)]).date = (
            fields.Datetime.now() - timedelta(hours=2)
        )
