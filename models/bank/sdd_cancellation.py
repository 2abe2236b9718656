from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import camt055
from . import const


class SddCancellation(models.Model):
    """A request to the bank to call debits back before they settle."""

    _name = "sdd.cancellation"
    _description = "Cancellation of Debits"
    _inherit = "sdd.request"
    _handover_field = "cancellation_id"
    _transitions = const.CANCELLATION_TRANSITIONS
    _fixed_fields = frozenset("name batch_id debit_ids line_ids reason note way".split())
    _guarded_fields = frozenset({"state", "file_data", "sent_date", "answer_date"})
    _states_to_take = ("submitted",)
    _prefix = "C"

    line_ids = fields.One2many("sdd.cancellation.line", "cancellation_id", string="Debits")
    debit_ids = fields.Many2many(
        "sdd.debit", compute="_compute_debit_ids", inverse="_inverse_debit_ids"
    )
    handover_ids = fields.One2many("sdd.handover", "cancellation_id", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "At the bank"),
            ("accepted", "Accepted"),
            ("partly", "Partly accepted"),
            ("refused", "Refused"),
            ("too_late", "Too late"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    way = fields.Selection(
        [("camt055", "File for the bank (camt.055)"), ("phone", "Call the bank")],
        default="phone",
        required=True,
    )
    reason = fields.Selection(
        [
            ("CUST", "Agreed with the customer"),
            ("DUPL", "Collected twice"),
            ("AM09", "Wrong amount"),
            ("TECH", "Technical fault"),
            ("FRAD", "Fraud"),
        ],
        default="CUST",
        required=True,
    )
    sent_date = fields.Datetime(string="Sent", readonly=True, copy=False)
    answer_date = fields.Datetime(string="Answered", readonly=True, copy=False)

    @api.depends("line_ids.debit_id.amount")
    def _compute_totals(self):
        """Override: the debits are those of the lines."""
        return super()._compute_totals()

    @api.depends("line_ids.debit_id")
    def _compute_debit_ids(self):
        for request in self:
            request.debit_ids = request.line_ids.debit_id

    def _inverse_debit_ids(self):
        for request in self:
            wanted = request.debit_ids
            request.line_ids.filtered(
                lambda line, wanted=wanted: line.debit_id not in wanted
            ).unlink()
            fresh = wanted - request.line_ids.debit_id
            self.env["sdd.cancellation.line"].create(
                [{"cancellation_id": request.id, "debit_id": debit.id} for debit in fresh]
            )

    @api.depends("name")
    def _compute_file_name(self):
        for request in self:
            request.file_name = f"camt.055-{request.name}.xml"

    # === ACTION METHODS === #

    def action_send(self):
        """Send the request over the bank's connection, or note that the bank was called."""
        for request in self:
            request.check_access("write")
            request.lock_for_update()
            request.invalidate_recordset(["state"])
            request._check_debits(request.debit_ids)
            is_file = request.way == "camt055"
            if is_file:
                request._ensure_file()
            request._move_to("sent", sent_date=fields.Datetime.now())
            request.line_ids.sudo().outcome = "pending"
            if is_file:
                request._start_handover()

    def action_accept(self):
        """The bank says yes to everything that is open."""
        self._answer_by_hand("accepted")

    def action_refuse(self):
        """The bank says no to everything that is open."""
        self._answer_by_hand("refused")

    def action_too_late(self):
        """The bank says that the money has moved already."""
        self._answer_by_hand("too_late")

    def action_print(self):
        """Print the sheet with all references for the call."""
        return self.env.ref("support_debit.action_report_sdd_cancellation").report_action(self)

    # === BUSINESS METHODS === #

    @api.model
    def _check_debits(self, debits):
        """Override: a debit is called back once at a time, and before it is due."""
        super()._check_debits(debits)
        asked = self.env["sdd.cancellation.line"].search(
            [("debit_id", "in", debits.ids), ("outcome", "=", "pending")], limit=1
        )
        if asked:
            raise UserError(
                self.env._("%s is being called back already.", asked.debit_id.display_name)
            )

    @api.model
    def _prepare_request(self, debits):
        """Override: the way is the one that the bank takes."""
        way = debits.journal_id.sdd_cancellation_way or "phone"
        return super()._prepare_request(debits) | {"way": way}

    def _was_submitted(self):
        """Override: what was sent counts as handed over."""
        return self.state != "draft"

    def _build_file(self, sent):
        """Return the camt.055.

        :param list sent: `sepa.pain008_read.SentDebit` of the debits.
        """
        values = self._prepare_file()
        return camt055.write(
            camt055.CancellationRequest(request_id=self.name, debits=sent, **values)
        )

    def _answer_by_hand(self, outcome):
        """A person has heard the bank's answer."""
        for request in self:
            request.check_access("write")
            if request.state != "sent":
                raise UserError(self.env._("%s does not wait for an answer.", request.name))
            text = self.env._("Heard by %s.", self.env.user.name)
            lines = request.line_ids.filtered(lambda line: line.outcome == "pending")
            request._note_answers(dict.fromkeys(lines, (outcome, text)))

    def _note_answers(self, answers, message=None):
        """Carry out what the bank says.

        :param dict answers: {`sdd.cancellation.line`: (outcome, text)}.
        :param message: the `sdd.bank.message` that says it, if it is one.
        :return: the debits that were taken back.
        :rtype: `sdd.debit` recordset
        """
        debits = self.env["sdd.debit"]
        for line, (outcome, text) in answers.items():
            line.sudo().write({"outcome": outcome, "answer": text})
            if outcome == "accepted" and line.debit_id.state in ("submitted", "settled"):
                debits |= line.debit_id
        debits._take_back_on_request(self[:1], message)
        self._update_state()
        return debits

    def _update_state(self):
        """Set the state from the answers for the single debits."""
        for request in self.filtered(lambda r: r.state == "sent"):
            outcomes = set(request.line_ids.mapped("outcome"))
            if "pending" in outcomes:
                continue
            state = "partly" if "accepted" in outcomes else "refused"
            if outcomes == {"accepted"}:
                state = "accepted"
            elif "accepted" not in outcomes and "too_late" in outcomes:
                state = "too_late"
            request.sudo()._move_to(state, answer_date=fields.Datetime.now())


class SddCancellationLine(models.Model):
    """One debit of a request, and the bank's answer for it."""

    _name = "sdd.cancellation.line"
    _description = "Cancelled Debit"
    _check_company_auto = True

    cancellation_id = fields.Many2one(
        "sdd.cancellation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cancellation_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    debit_id = fields.Many2one(
        "sdd.debit", required=True, index=True, ondelete="restrict", check_company=True
    )
    amount = fields.Monetary(related="debit_id.amount")
    state = fields.Selection(related="debit_id.state")
    outcome = fields.Selection(
        [
            ("pending", "Waits"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("too_late", "Too late"),
        ],
        string="Bank's answer",
        readonly=True,
    )
    answer = fields.Char(string="What it said", readonly=True)

    _debit_unique = models.Constraint(
        "UNIQUE(cancellation_id, debit_id)", "A request holds each debit once."
    )
