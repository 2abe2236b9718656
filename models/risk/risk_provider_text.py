"""Wordings that customers were shown, and what they agreed to."""

import hashlib
import json

from odoo import api, fields, models


class RiskProviderText(models.Model):
    """A wording in all languages, as it was shown for a while. Never changed."""

    _name = "risk.provider.text"
    _description = "Wording about a Bureau"
    _order = "id desc"

    provider_id = fields.Many2one("risk.provider", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    number = fields.Integer(string="Version", readonly=True)
    digest = fields.Char(readonly=True)
    texts = fields.Json(readonly=True, help="{language: wording}")
    text = fields.Text(string="Wording", compute="_compute_text")

    _once = models.UniqueIndex("(provider_id, digest)")

    @api.depends("texts")
    @api.depends_context("lang")
    def _compute_text(self):
        for version in self:
            texts = version.texts or {}
            fallback = next(iter(texts.values()), "")
            version.text = texts.get(self.env.lang) or texts.get("en_US") or fallback

    @api.depends("number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._("Version %s", version.number)


class RiskConsent(models.Model):
    """That a customer agreed to a bureau being asked, and to which wording."""

    _name = "risk.consent"
    _description = "Consent to a Bureau"
    _order = "date desc, id desc"
    _check_company_auto = True

    provider_id = fields.Many2one(
        "risk.provider", string="Bureau", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    text_id = fields.Many2one("risk.provider.text", string="Wording", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    channel = fields.Char(readonly=True)
    revoked_date = fields.Datetime(string="Withdrawn on", readonly=True)

    def action_revoke(self):
        """Note down that the customers have withdrawn their consent."""
        self.check_access("read")
        # In sudo mode: whoever looks after customers may note this, and change nothing else.
        held = self.sudo().filtered(lambda item: not item.revoked_date)
        held.revoked_date = fields.Datetime.now()


class RiskProvider(models.Model):
    _inherit = "risk.provider"

    def _get_text(self):
        """Return the wording of today, kept from now on.

        Note: self.ensure_one()

        :rtype: `risk.provider.text` record (sudo)
        """
        self.ensure_one()
        # In sudo mode: the program keeps what was shown.
        versions = self.env["risk.provider.text"].sudo()
        texts = {
            line["lang"]: line["value"]
            for line in self.get_field_translations("notice")[0]
            if line["value"]
        }
        if not texts and self.notice:
            texts = {self.env.lang or "en_US": self.notice}
        if not texts:
            return versions
        digest = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
        own = versions.search([("provider_id", "=", self.id)])
        return own.filtered(lambda item: item.digest == digest)[:1] or versions.create(
            {
                "provider_id": self.id,
                "number": len(own) + 1,
                "digest": digest,
                "texts": texts,
            }
        )

    @api.model
    def _get_notices(self, company):
        """Return what customers are told before an order is placed.

        :param company: `res.company`.
        :return: one dict per bureau in use: id, name, text (language of the environment),
            needs_consent (whether a box has to be ticked; without it the bureau is not asked).
        :rtype: list[dict]
        """
        # In sudo mode: visitors of the shop read the wording only.
        providers = self.sudo().browse(self._get_ids(company.id, "submit"))
        return [
            {
                "id": provider.id,
                "name": provider.name,
                "text": provider.notice or "",
                "needs_consent": provider.legal_basis == "consent",
            }
            for provider in providers.with_context(lang=self.env.lang)
        ]

    @api.model
    def _give_consent(self, partner, provider_ids, channel="web"):
        """Note down that a customer agreed; who has agreed to this wording before is not noted again.

        :param partner: `res.partner`.
        :param list[int] provider_ids: of bureaus; others are passed over.
        :param str channel: where it was said.
        It is committed at once: the bureau is asked from a transaction of its own.
        """
        # In sudo mode: a visitor writes his own consent only.
        for provider in self.sudo().browse(provider_ids).exists():
            with provider._open_locked() as own:
                customer = partner.with_env(own.env).commercial_partner_id.exists()
                if customer:
                    own._note_consent(customer, channel)
            if not customer:
                # Made in this very transaction: his consent counts when it has ended.
                provider._note_consent(partner.sudo().commercial_partner_id, channel)

    def _note_consent(self, customer, channel):
        """Note down the consent of a customer, unless he has given it before.

        Note: self.ensure_one()
        """
        text = self._get_text()
        known = self._find_consent(customer)
        if not known or known.text_id != text:
            # In sudo mode: see above.
            self.env["risk.consent"].sudo().create(
                {
                    "provider_id": self.id,
                    "partner_id": customer.id,
                    "text_id": text.id,
                    "channel": channel,
                }
            )

    def _find_consent(self, partner):
        """Return the last consent of a customer that holds (sudo).

        Note: self.ensure_one()
        """
        return (
            self.env["risk.consent"]
            .sudo()  # In sudo mode: only whether there is one matters.
            .search(
                [
                    ("provider_id", "=", self.id),
                    ("partner_id", "=", partner.id),
                    ("revoked_date", "=", False),
                ],
                limit=1,
            )
        )
