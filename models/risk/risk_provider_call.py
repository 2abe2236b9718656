"""Each question to a bureau: what it cost, how long it took, under which wording it was asked."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...scoring import bureau
from . import vault
from .const import CHANNELS, STAGES
from .risk_provider import LEGAL_BASES
from .signals import get_label, get_value_text

OUTCOMES = [
    ("asked", "Waits for the answer"),
    ("ok", "Answered"),
    ("unknown", "Nothing known"),
    ("cached", "Earlier answer used"),
    ("timeout", "Too slow"),
    ("error", "Not reached"),
    ("refused", "Refused by the bureau"),
    ("rejected", "Data of the question not accepted"),
    ("malformed", "Answer not understood"),
    ("paused", "Left alone after failures"),
    ("busy", "Not asked: too many questions at once"),
    ("cap", "Cost limit reached"),
    ("limit", "Too many questions by one visitor"),
    ("consent", "No consent"),
]
#: Answers of which no second one is needed.
ANSWERED = ("ok", "unknown")
#: Questions that went out and brought nothing, whomever they were about: too many pause a bureau.
FAILED = ("timeout", "error", "refused", "malformed")
#: Questions that show how the bureau is. One about data that it does not take says that it works.
TELLING = (*ANSWERED, *FAILED, "rejected")
#: Questions that went out.
SENT = ("asked", *TELLING)
#: The bureau's own words are kept so long, and who was asked about so long as refunds are possible.
RAW_DAYS = 30
KEEP_DAYS = 13 * 31 + 56
CHUNK = 1000


class RiskProviderCall(models.Model):
    """One question to a bureau. Written by the program only."""

    _name = "risk.provider.call"
    _description = "Question to a Bureau"
    _order = "date desc, id desc"
    _check_company_auto = True

    provider_id = fields.Many2one(
        "risk.provider", string="Bureau", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    stage = fields.Selection(STAGES, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    outcome = fields.Selection(OUTCOMES, string="Result", required=True, readonly=True)
    http_status = fields.Integer(string="HTTP", readonly=True)
    latency_ms = fields.Float(
        string="Time taken (ms)", readonly=True, digits=(10, 1), aggregator="avg"
    )
    cost = fields.Monetary(readonly=True)
    saved = fields.Monetary(readonly=True)
    is_trial = fields.Boolean(string="Trial", readonly=True)
    values = fields.Json(readonly=True, help="{signal: value}")
    values_text = fields.Char(string="Answer", compute="_compute_values_text")
    input_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    asker_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    network_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    valid_until = fields.Datetime(readonly=True)
    reference = fields.Char(readonly=True)
    legal_basis = fields.Selection(LEGAL_BASES, readonly=True)
    text_id = fields.Many2one("risk.provider.text", string="Wording shown", readonly=True)
    raw_token = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    has_raw = fields.Boolean(compute="_compute_has_raw")

    _answers = models.Index("(provider_id, input_hash, date DESC)")
    _latest = models.Index("(provider_id, date DESC)")
    _askers = models.Index("(provider_id, asker_hash, date DESC)")

    # === COMPUTE METHODS === #

    @api.depends("values")
    def _compute_values_text(self):
        for call in self:
            values = call.values or {}
            call.values_text = "; ".join(
                f"{get_label(self.env, code)}: {get_value_text(self.env, code, value)}"
                for code, value in values.items()
                if code in bureau.CODES
            )

    @api.depends("raw_token")
    def _compute_has_raw(self):
        for call in self.sudo():  # In sudo mode: whether there is something to read is no secret.
            call.has_raw = bool(call.raw_token)

    @api.depends("provider_id", "date")
    def _compute_display_name(self):
        for call in self:
            call.display_name = f"{call.provider_id.name} {call.date or ''}"

    # === ACTION METHODS === #

    def action_show_raw(self):
        """Show what the bureau answered, and note down who looked.

        Note: self.ensure_one()

        :raise UserError: when it has been deleted already.
        """
        self.ensure_one()
        self.provider_id.check_access("write")
        # In sudo mode: the right was checked; the reading is noted down.
        text = vault.decrypt(self.env, self.sudo().raw_token)
        if not text:
            raise UserError(
                self.env._("The bureau's own words are kept for %s days only.", RAW_DAYS)
            )
        note = self.env._(
            "%(user)s read the answer %(reference)s.",
            user=self.env.user.name,
            reference=self.reference or self.id,
        )
        self.provider_id.message_post(body=note)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of the Bureau"),
            "res_model": "risk.provider.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_customer_lines(self, partner):
        """Return what a customer may know about the questions asked about him: Art. 15 GDPR.

        :param partner: `res.partner`.
        :return: one dict per question that went out, or whose earlier answer was used: date (UTC),
            bureau, result and answer (in words), legal_basis, wording.
        :rtype: list[dict]
        """
        calls = self.sudo().search(  # In sudo mode: his own data, shown to him or his agent.
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("outcome", "in", (*SENT, "cached")),
            ]
        )
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        bases = dict(self._fields["legal_basis"]._description_selection(self.env))
        return [
            {
                "date": call.date,
                "bureau": call.provider_id.name,
                "result": outcomes[call.outcome],
                "answer": call.values_text or "",
                "legal_basis": bases.get(call.legal_basis, ""),
                "wording": call.text_id.text or "",
            }
            for call in calls
        ]

    @api.model
    def _cron_forget(self):
        """Delete the bureaus' own words after 30 days, and the questions when refunds have ended."""
        jobs = self.env["ir.cron"]
        now = fields.Datetime.now()
        calls = self.sudo()  # In sudo mode: a job.
        jobs._commit_progress(remaining=calls.search_count(self._get_due_domain(now)))
        while due := calls.search(self._get_due_domain(now), limit=CHUNK):
            old = due.filtered(lambda call: call.date < now - timedelta(days=KEEP_DAYS))
            old.unlink()
            lost = (due - old).filtered(lambda call: call.outcome == "asked")
            lost.outcome = "error"
            (due - old).raw_token = False
            if not jobs._commit_progress(len(due)):
                break

    @api.model
    def _get_due_domain(self, now):
        """Return the domain of what has been kept long enough; answers that never came, too."""
        return (
            Domain("date", "<", now - timedelta(days=KEEP_DAYS))
            | (
                Domain("date", "<", now - timedelta(days=RAW_DAYS))
                & Domain("raw_token", "!=", False)
            )
            | (Domain("outcome", "=", "asked") & Domain("date", "<", now - timedelta(hours=1)))
        )
