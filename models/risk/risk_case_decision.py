"""How a case is decided: by two people when the customer gets more than the policy allows."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...scoring.model import RANK
from ...sepa import iban as sepa_iban
from .const import DECIDED_COLOURS


class RiskCase(models.Model):
    _inherit = "risk.case"

    proposed_colour = fields.Selection(
        DECIDED_COLOURS, string="Proposal", readonly=True, copy=False
    )
    proposed_by_id = fields.Many2one(
        "res.users", string="Proposed by", readonly=True, copy=False, index="btree_not_null"
    )
    proposed_date = fields.Datetime(string="Proposed on", readonly=True, copy=False)
    proposed_reason = fields.Text(string="Why", readonly=True, copy=False)
    decided_colour = fields.Selection(DECIDED_COLOURS, string="Decision", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_date = fields.Datetime(string="Decided on", readonly=True, copy=False)
    decided_reason = fields.Text(string="Why so", readonly=True, copy=False)
    may_agree = fields.Boolean(compute="_compute_may_agree")

    def _compute_may_agree(self):
        """Whether the user may be the second person. Not stored: it differs by user."""
        is_accountant = self.env.user.has_group("support_debit.group_accountant")
        for case in self:
            case.may_agree = (
                is_accountant and case.state == "proposed" and case.proposed_by_id != self.env.user
            )

    # === ACTION METHODS === #

    def action_decide(self):
        """Open the dialogue in which a person says how the order may be paid."""
        self.ensure_one()
        self._check_may("propose")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How may %s pay?", self.partner_id.name or ""),
            "res_model": "risk.case.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def action_agree(self):
        """Agree to what somebody else has proposed."""
        for case in self:
            case._check_may("decide")
            case._lock()
            case._check_state("proposed")
            if case.proposed_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You have proposed this yourself. A second person has to agree: that is what"
                        " four eyes are for."
                    )
                )
            case.sudo()._decide(case.proposed_colour, case.proposed_reason)

    def action_disagree(self):
        """Put a proposal back: somebody has to look again."""
        for case in self:
            case._check_may("propose")
            case._lock()
            case._check_state("proposed")
            case.sudo()._move_to(
                "open", proposed_colour=False, proposed_by_id=False, proposed_date=False
            )
            case.message_post(
                body=self.env._("%s did not agree to the proposal.", self.env.user.name),
                subtype_xmlid="mail.mt_note",
            )

    # === BUSINESS METHODS === #

    def _propose(self, colour, reason):
        """Say how the order may be paid. Decides at once where no second person is needed.

        Note: self.ensure_one()

        :param str colour: a value of `const.DECIDED_COLOURS`.
        :param str reason: why, in words.
        :raise UserError: when there is no reason, or somebody else was faster.
        """
        self.ensure_one()
        self._check_may("propose")
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why, in a sentence that others understand."))
        self._lock()
        self._check_state("open")
        case, reason = self.sudo(), sepa_iban.mask_in_text(reason.strip())
        if self._needs_second(colour):
            case._move_to(
                "proposed",
                proposed_colour=colour,
                proposed_reason=reason,
                proposed_by_id=self.env.user.id,
                proposed_date=fields.Datetime.now(),
            )
            case.activity_unlink(["mail.mail_activity_data_todo"])
        else:
            case._decide(colour, reason)

    def _needs_second(self, colour):
        """Return whether a second person has to agree that this colour counts.

        Always when the user may only propose; else when it is better than what the policy says and
        the amount is above the company's limit.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if not self.env.user.has_group("support_debit.group_accountant"):
            return True
        is_better = RANK[colour] < RANK[self.assessment_id.sudo().effective_colour]
        limit = self.company_id.risk_four_eyes_amount
        return is_better and self.currency_id.compare_amounts(self.amount, limit) > 0

    def _check_state(self, state):
        """Refuse a step when somebody else was faster.

        Note: self.ensure_one()

        :raise UserError: says what the case is now.
        """
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(case)s is “%(state)s” by now. Open it again to see what has happened.",
                    case=self.display_name,
                    state=labels[self.state],
                )
            )

    def _decide(self, colour, reason):
        """Let a colour count for the assessment from now on, and tell whom it concerns (sudo).

        Note: self.ensure_one()

        :param str colour: a value of `const.DECIDED_COLOURS`.
        :param str reason: why, in words.
        """
        self.ensure_one()
        self._move_to(
            "decided",
            decided_colour=colour,
            decided_reason=reason,
            decided_by_id=self.env.user.id,
            decided_date=fields.Datetime.now(),
        )
        assessment = self.assessment_id
        if colour != assessment.effective_colour:
            assessment._override(colour, reason)
        self._finish(reason)
        self._on_decided()

    def _on_decided(self):
        """Do what follows from a decision. Later rooms let go what waited for it.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self._note_on_order()
        if self.is_contested:
            self._answer_contest()

    def _note_on_order(self):
        """Tell the salesperson in the order what was decided.

        Note: self.ensure_one()
        """
        if not self.order_id:
            return
        labels = dict(self._fields["decided_colour"]._description_selection(self.env))
        self.order_id.message_post(
            body=self.env._(
                "%(user)s has looked at how this order may be paid: %(colour)s. %(reason)s",
                user=self.decided_by_id.name,
                colour=labels[self.decided_colour],
                reason=self.decided_reason,
            ),
            subtype_xmlid="mail.mt_note",
        )

    # === RIGHTS AND RACES === #

    def _check_may(self, step):
        """Refuse a step to those who may not take it.

        :param str step: `propose` (everybody in sales and support) or `decide` (accountants).
        :raise UserError: says who may.
        """
        self.check_access("read")
        groups = {
            "propose": "support_debit.group_support_user",
            "decide": "support_debit.group_accountant",
        }
        if not self.env.user.has_group(groups[step]):
            group = self.env.ref(groups[step])
            raise UserError(
                self.env._(
                    "Somebody of the group “%s” has to do this. Ask your administrator.", group.name
                )
            )

    def _lock(self):
        """Let nobody else decide these cases meanwhile, and read what stands there now."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("SELECT id FROM risk_case WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids))
        )
        self.invalidate_recordset(["state"])
