import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLACEHOLDER = "{creditor}"


class SddMandateText(models.Model):
    """The wording of a mandate in one language and version, quoted from its official source."""

    _name = "sdd.mandate.text"
    _description = "Mandate Wording"
    _order = "scheme, lang, valid_from desc"

    name = fields.Char(compute="_compute_name", store=True)
    scheme = fields.Selection(
        [("CORE", "SEPA Core"), ("B2B", "SEPA B2B")], required=True, default="CORE"
    )
    lang = fields.Char(string="Language", required=True, help="Two letters, such as “de”.")
    version = fields.Char(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day on which it is shown to customers. Empty: no end.")
    title = fields.Char(required=True)
    body = fields.Text(
        required=True, help="The official wording. {creditor} stands for the creditor's name."
    )
    source = fields.Char(required=True, help="The document that the wording is quoted from.")
    mandate_count = fields.Integer(compute="_compute_mandate_count")

    _version_unique = models.Constraint(
        "UNIQUE(scheme, lang, version)", "This version of the wording exists already."
    )
    _validity = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_to >= valid_from)",
        "The wording cannot end before it starts.",
    )

    @api.depends("scheme", "lang", "version")
    def _compute_name(self):
        for text in self:
            text.name = f"{text.scheme} {text.lang} {text.version}"

    def _compute_mandate_count(self):
        counts = dict(
            self.env["sdd.mandate"]._read_group(
                [("text_id", "in", self.ids)], ["text_id"], ["__count"]
            )
        )
        for text in self:
            text.mandate_count = counts.get(text, 0)

    @api.constrains("body")
    def _check_body(self):
        for text in self:
            if PLACEHOLDER not in text.body:
                raise ValidationError(
                    self.env._(
                        "The wording must name the creditor: put {creditor} where the name belongs."
                    )
                )

    def write(self, vals):
        """A wording that somebody has agreed to never changes; a new one gets a new version."""
        if {"body", "title", "scheme", "lang", "version"} & vals.keys() and self.filtered(
            "mandate_count"
        ):
            raise UserError(
                self.env._(
                    "Customers have agreed to this wording. Duplicate it and give the copy a new version."
                )
            )
        return super().write(vals)

    def action_view_mandates(self):
        """Open the mandates that were given with these wordings."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        action["domain"] = [("text_id", "in", self.ids)]
        action["context"] = {}
        return action

    @api.model
    def _get_text(self, lang, scheme="CORE"):
        """Return the wording to show: the language's newest valid one, English if it has none.

        :param str lang: an Odoo language code such as `de_DE`.
        :param str scheme: `CORE` or `B2B`.
        :rtype: `sdd.mandate.text` record, empty when not even English exists.
        """
        today = fields.Date.context_today(self)
        for code in ((lang or "en")[:2], "en"):
            text = self.search(
                [
                    ("scheme", "=", scheme),
                    ("lang", "=", code),
                    ("valid_from", "<=", today),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", today),
                ],
                order="valid_from desc, id desc",
                limit=1,
            )
            if text:
                return text
        return self.browse()

    def _render(self, creditor_name):
        """Return the wording with the creditor's name in it, as the debtor reads it.

        :param str creditor_name: the name that also stands in the bank file.
        :rtype: str
        """
        self.ensure_one()
        return self.body.replace(PLACEHOLDER, creditor_name)

    @staticmethod
    def _hash(text):
        """Return the SHA-256 of a text as shown, in hexadecimal."""
        return hashlib.sha256(text.encode()).hexdigest()
