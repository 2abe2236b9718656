"""Asks a bureau once by hand, and shows what went out, what came back and what was read."""

import json
from decimal import Decimal

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_escape

from ..models.risk import bureau_http, vault
from ..models.risk.bureau_facts import get_facts
from ..models.risk.risk_provider_call import OUTCOMES
from ..models.risk.signals import get_label, get_value_text
from ..scoring import bureau, bureau_payone
from ..scoring.subject import Subject
from ..sepa import iban as sepa_iban


class RiskProviderTry(models.TransientModel):
    """One question by hand."""

    _name = "risk.provider.try"
    _description = "Try a Bureau"

    provider_id = fields.Many2one("risk.provider", required=True, readonly=True)
    currency_id = fields.Many2one(related="provider_id.currency_id")
    price = fields.Monetary(related="provider_id.price")
    partner_id = fields.Many2one("res.partner", string="Take from a customer")
    name = fields.Char(default="Erika Mustermann")
    street = fields.Char(default="Heidestraße 17")
    zip_code = fields.Char(string="Postcode", default="51147")
    city = fields.Char(string="Town", default="Köln")
    country_id = fields.Many2one("res.country", default=lambda self: self.env.company.country_id)
    email = fields.Char(string="E-mail", default="erika@example.com")
    phone = fields.Char(string="Telephone")
    vat = fields.Char(string="VAT number")
    is_company = fields.Boolean(string="Company")
    iban = fields.Char(
        string="IBAN",
        compute="_compute_iban",
        inverse="_inverse_iban",
        default="DE02120300000000202051",
    )
    iban_token = fields.Text(groups=fields.NO_ACCESS)
    amount = fields.Monetary(default=99.90)
    outcome = fields.Selection(OUTCOMES, string="Result", readonly=True)
    http_status = fields.Integer(string="HTTP", readonly=True)
    latency_ms = fields.Float(string="Time taken (ms)", readonly=True, digits=(10, 0))
    advice = fields.Text(readonly=True)
    sent = fields.Text(string="What went out", readonly=True)
    answer = fields.Text(string="What came back", readonly=True)
    result = fields.Html(string="What was read", readonly=True, sanitize=False)

    # === COMPUTE METHODS === #

    @api.depends("iban_token")
    def _compute_iban(self):
        for wizard in self:
            # In sudo mode: who opened this typed it himself; it is not kept in the clear.
            wizard.iban = vault.decrypt(self.env, wizard.sudo().iban_token)

    def _inverse_iban(self):
        for wizard in self:
            token = vault.encrypt(self.env, (wizard.iban or "").replace(" ", ""))
            wizard.sudo().iban_token = token  # In sudo mode: see above.

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if partner := self.partner_id:
            self.update(
                {
                    "name": partner.name,
                    "street": partner.street,
                    "zip_code": partner.zip,
                    "city": partner.city,
                    "country_id": partner.country_id.id,
                    "email": partner.email,
                    "phone": partner.phone,
                    "vat": partner.vat,
                    "is_company": partner.is_company,
                    "iban": False,
                }
            )

    # === ACTION METHODS === #

    def action_ask(self):
        """Ask the bureau now; what was asked and answered is noted as a trial.

        Note: self.ensure_one()

        :raise UserError: when something that is needed is missing.
        """
        self.ensure_one()
        self.provider_id.check_access("write")
        provider = self.provider_id.sudo()  # In sudo mode: its key is read by the program.
        facts = get_facts(
            self._make_subject(), {}, provider._make_reference(), provider.legal_basis
        )
        pairs = provider._get_pairs(facts)
        if pairs is None:
            raise UserError(
                self.env._(
                    "Nothing can be asked: a value that this bureau needs is empty above, or none of "
                    "the fields under “What is asked” says who is meant."
                )
            )
        # Nothing of this transaction is locked while the bureau thinks.
        self.env.flush_all()
        question = provider._make_question(facts, pairs)
        reply = bureau_http.send(question, provider.timeout_ms / 1000.0)
        answer, outcome = provider._read_reply(reply)
        self._note(provider, facts, reply, answer, outcome)
        self.write(self._prepare_result(provider, pairs, reply, answer, outcome))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try It"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _make_subject(self):
        """Return what is typed as the subject of a question."""
        return Subject(
            stage="submit",
            now=fields.Datetime.now(),
            company_id=self.provider_id.company_id.id,
            partner_id=self.partner_id.id or 0,
            amount=Decimal(str(self.amount or 0)),
            is_company=self.is_company,
            name=self.name or "",
            holder=self.name or "",
            iban=self.iban or "",
            street=self.street or "",
            zip_code=self.zip_code or "",
            city=self.city or "",
            country_code=self.country_id.code or "",
            email=self.email or "",
            phone=self.phone or "",
            vat=self.vat or "",
        )

    def _note(self, provider, facts, reply, answer, outcome):
        """Note the trial down, so that its cost counts."""
        now = provider._now()
        values = provider._prepare_outcome(reply, answer, outcome)
        self.env["risk.provider.call"].sudo().create(
            {
                **values,
                "valid_until": False,
                "provider_id": provider.id,
                "company_id": provider.company_id.id,
                "date": now,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "reference": facts["reference"],
                "legal_basis": provider.legal_basis,
                "is_trial": True,
            }
        )

    def _prepare_result(self, provider, pairs, reply, answer, outcome):
        """Return what the dialog shows afterwards."""
        told = {path: value for path, value, _passing in pairs if value not in (None, "")}
        text = json.dumps(
            {path: self._mask(value) for path, value in told.items()}, indent=2, ensure_ascii=False
        )
        return {
            "outcome": outcome,
            "http_status": reply.status,
            "latency_ms": reply.milliseconds,
            "sent": text,
            "answer": self._mask(reply.body.decode("utf-8", "replace")[:20_000]),
            "advice": self._get_advice(outcome, reply, answer),
            "result": self._render(provider, reply, answer),
        }

    @api.model
    def _mask(self, value):
        """Return a value without readable IBANs: the dialog is kept for some hours."""
        return sepa_iban.mask_in_text(value) if isinstance(value, str) else value

    def _get_advice(self, outcome, reply, answer):
        """Return what to do about a trial that did not work, "" when it did."""
        return {
            "ok": "",
            "unknown": self.env._(
                "The bureau answered, but nothing of what you read was in it. Compare the fields "
                "below with the ones under “What is read”."
            ),
            "timeout": self.env._(
                "No whole answer within %s ms. Try again, or let it wait longer.",
                self.provider_id.timeout_ms,
            ),
            "error": self.env._(
                "The bureau was not reached, or is out of order. Check the address."
            ),
            "refused": self.env._(
                "The bureau refused the question%s. Check user name, key and the fields asked.",
                f" ({reply.status or answer.message})" if reply.status or answer.message else "",
            ),
            "rejected": self.env._(
                "The bureau did not accept these data (%s). Check the address and the fields asked.",
                reply.status,
            ),
            "busy": self.env._("Too many questions wait for bureaus at this moment. Try again."),
            "malformed": self.env._(
                "The answer is not what this interface expects. See what came back."
            ),
        }.get(outcome, "")

    def _render(self, provider, reply, answer):
        """Return the table of what was read, and of what else the answer holds."""
        rows = [
            (get_label(self.env, code), get_value_text(self.env, code, value))
            for code, value in {**dict.fromkeys(provider._get_codes()), **answer.values}.items()
        ]
        parts = [self._render_table(self.env._("Signal"), self.env._("Value"), rows)]
        if rest := self._get_unread(provider, reply):
            parts.append(Markup("<h4 class='mt-3'>%s</h4>") % self.env._("Also in the answer"))
            parts.append(
                self._render_table(self.env._("Field of the bureau"), self.env._("Value"), rest)
            )
        return Markup("").join(parts)

    @api.model
    def _render_table(self, left, right, rows):
        head = Markup("<tr><th>%s</th><th>%s</th></tr>") % (left, right)
        body = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td></tr>") % (html_escape(a), html_escape(b))
            for a, b in rows
        )
        return Markup("<table class='table table-sm'>%s%s</table>") % (head, body)

    def _get_unread(self, provider, reply):
        """Return the fields of the answer that nothing reads, with their values."""
        try:
            if provider.kind == "json":
                pairs = bureau.flatten(bureau.parse_json(reply.body))
            else:
                pairs = list(bureau_payone.decode(reply.body).items())
        except bureau.BureauError:
            return []
        read = set(provider.result_ids.mapped("path")) | {provider.ok_path}
        return [(path, self._mask(str(value))[:80]) for path, value in pairs if path not in read][
            :40
        ]


class RiskProviderAnswer(models.TransientModel):
    """What a bureau answered, for the moment in which somebody reads it."""

    _name = "risk.provider.answer"
    _description = "Answer of a Bureau"

    call_id = fields.Many2one("risk.provider.call", readonly=True)
    text = fields.Text(string="Answer", compute="_compute_text")

    @api.depends("call_id")
    def _compute_text(self):
        for item in self:
            item.call_id.provider_id.check_access("write")
            # In sudo mode: the right was checked, and the reading noted down by the button.
            item.text = vault.decrypt(self.env, item.call_id.sudo().raw_token)
