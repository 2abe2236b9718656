"""What the assessment of an order means for its first debit, which was judged with the order."""

from odoo import api, models
from odoo.tools import SQL

from ..risk.const import DEBIT_OFFERS


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    @api.model
    def _get_order_pairs_query(self, condition):
        """Return the query for the assessments of orders that tell about the orders' first debits.

        Only what was asked when the order was placed and saw the account counts: an assessment
        without it says nothing about the account, nor does one of another account. Later debits of
        an order are judged on their own.

        :param SQL condition: on `a` (`risk_assessment`) or `d` (`sdd_debit`).
        :return: a query for debit_id and id of the assessment.
        :rtype: SQL
        """
        return SQL(
            """
            SELECT d.id AS debit_id, a.id
              FROM sdd_debit d
              JOIN sdd_mandate m ON m.id = d.mandate_id
              LEFT JOIN res_partner_bank b ON b.id = m.bank_account_id
              JOIN sdd_debit_invoice_rel i ON i.debit_id = d.id
              JOIN account_move_line l ON l.move_id = i.move_id
              JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
              JOIN sale_order_line s ON s.id = r.order_line_id
              JOIN risk_assessment a ON a.order_id = s.order_id
             WHERE %(condition)s
               AND a.debit_id IS NULL
               AND a.stage = 'submit'
               AND a.is_shadow IS NOT TRUE
               AND (a.mandate_id = d.mandate_id OR a.inputs->'given' ? 'iban')
               AND COALESCE(a.inputs->'marks'->>'iban', b.iban_hash, '') = COALESCE(b.iban_hash, '')
               AND NOT EXISTS (
                       SELECT 1
                         FROM sale_order_line os
                         JOIN sale_order_line_invoice_rel ol ON ol.order_line_id = os.id
                         JOIN account_move_line ll ON ll.id = ol.invoice_line_id
                         JOIN sdd_debit_invoice_rel oi ON oi.move_id = ll.move_id
                         JOIN sdd_debit o ON o.id = oi.debit_id
                        WHERE os.order_id = s.order_id
                          AND o.id < d.id
                          AND o.attempt = 1
                          AND o.state <> 'cancelled'
                   )
            """,
            condition=condition,
        )

    @api.model
    def _flush_order_pairs(self):
        """Write what `_get_order_pairs_query` reads."""
        for model, names in {
            "sdd.debit": ["state", "attempt", "mandate_id", "invoice_ids"],
            "sdd.mandate": ["bank_account_id"],
            "res.partner.bank": ["iban_hash"],
            "sale.order.line": ["order_id", "invoice_lines"],
            "account.move.line": ["move_id"],
            "risk.assessment": None,
        }.items():
            self.env[model].flush_model(names)

    def _is_first_of_order(self, order):
        """Return whether no other debit of an order was there before.

        Note: self.ensure_one() (sudo)

        :param order: `sale.order` record (sudo).
        :rtype: bool
        """
        self.ensure_one()
        others = order.sdd_debit_ids - self
        return not others.filtered(
            lambda d: d.attempt == 1 and d.state != "cancelled" and d.id < self.id
        )

    def _get_order_assessments(self):
        """Return the latest assessment of the order of each of these debits that is its first one.

        :rtype: dict[`sdd.debit`, `risk.assessment`] (sudo)
        """
        if not self.ids:
            return {}
        self._flush_order_pairs()
        pairs = self.env.execute_query(self._get_order_pairs_query(SQL("d.id = ANY(%s)", self.ids)))
        # In sudo mode: whoever makes a file need not see assessments.
        assessments = self.env["risk.assessment"].sudo()
        assessments = assessments.browse({assessment_id for _debit, assessment_id in pairs})
        newest = {}
        for debit_id, assessment_id in pairs:
            newest.setdefault(debit_id, set()).add(assessment_id)
        return {
            self.browse(debit_id): assessments.browse(ids).sorted("id").sorted("date")[-1:]
            for debit_id, ids in newest.items()
        }

    def _get_deciding_assessments(self):
        """Return the assessment of each of these debits that says whether it may be collected.

        It is the last one: its own, or that of the order of which it is the first debit.

        :rtype: dict[`sdd.debit`, `risk.assessment`] (sudo)
        """
        found = self._get_order_assessments()
        own = self.filtered("company_id.risk_check_collections")
        for debit, assessment in own._get_last_collection_assessments().items():
            last = found.get(debit, assessment)
            if (assessment.date, assessment.id) >= (last.date, last.id):
                found[debit] = assessment
        return found

    def _is_debit_agreed(self, assessment):
        """Return whether the customer and we have agreed to this debit although the order is red.

        He chose a debit among what this assessment offered him, or paid with this mandate in the
        shop, where nothing else is taken.

        Note: self.ensure_one() (sudo)

        :param assessment: `risk.assessment` record (sudo) of the debit's order.
        :rtype: bool
        """
        self.ensure_one()
        order = assessment.order_id
        if order.risk_offer in DEBIT_OFFERS and order.risk_offer in assessment._get_offers():
            return True
        return any(
            tx.risk_offer in DEBIT_OFFERS and tx.sdd_mandate_id == self.mandate_id
            for tx in order.transaction_ids
        )

    def _plan_assessment(self):
        """Have the job judge these new debits soon: some are due tomorrow."""
        policies = self.env["risk.policy"]
        companies = self.company_id.filtered("risk_check_collections")
        if any(policies._get_active(company) for company in companies):
            # In sudo mode: whoever queues debits need not have rights on jobs.
            self.env.ref("support_debit.cron_risk_collections").sudo()._trigger()


class AccountMove(models.Model):
    _inherit = "account.move"

    def _queue_sdd_debit(self, mandate=None, due_date=None):
        """Override to have the new debits judged before they go into a file."""
        debits = super()._queue_sdd_debit(mandate, due_date)
        debits._plan_assessment()
        return debits


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_risk_check(self):
        """Override to let a debit go on that waited, when the order is judged better now."""
        super().action_risk_check()
        # In sudo mode: salespeople have no rights on debits.
        self.sudo().sdd_debit_ids._release("risk")

    def _action_cancel(self):
        """Override of `sale`: nobody needs to judge the debits of a cancelled order any more."""
        # In sudo mode: salespeople cancel orders without rights on debits.
        waiting = self.sudo().sdd_debit_ids.filtered(
            lambda d: d.state == "held" and d.hold_code == "risk"
        )
        waiting._write_state(
            {"hold_code": "other", "state_reason": self.env._("The order was cancelled.")}
        )
        return super()._action_cancel()
