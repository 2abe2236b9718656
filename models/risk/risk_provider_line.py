"""The tables of a bureau's interface: what is asked in which field, what is read from where."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...scoring import bureau
from .bureau_facts import FACTS
from .signals import SIGNALS, get_label


class RiskProviderField(models.Model):
    """One field of the request."""

    _name = "risk.provider.field"
    _description = "Field of a Question to a Bureau"
    _order = "sequence, id"

    provider_id = fields.Many2one("risk.provider", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    fact = fields.Selection(
        lambda self: [(code, self.env._(label)) for code, label in FACTS],
        string="What is told",
        required=True,
    )
    text = fields.Char(string="Fixed text")
    path = fields.Char(
        string="Field of the bureau", required=True, help="With points: person.address.city"
    )
    is_required = fields.Boolean(
        string="Needed", help="Without it, nothing is asked about a customer."
    )

    @api.constrains("path")
    def _check_paths(self):
        for lines in self.grouped("provider_id").values():
            tree = {}
            for line in lines.provider_id.field_ids:
                try:
                    bureau.put(tree, line.path, line.fact)
                except bureau.BureauError as error:
                    raise ValidationError(
                        self.env._(
                            "The field “%s” cannot be filled: it is no path like "
                            "person.address.city, or stands there twice.",
                            line.path,
                        )
                    ) from error


class RiskProviderResult(models.Model):
    """One value of the answer."""

    _name = "risk.provider.result"
    _description = "Result of a Bureau"
    _order = "sequence, id"

    provider_id = fields.Many2one("risk.provider", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    path = fields.Char(
        string="Field of the bureau", required=True, help="With points: result.checks[0].code"
    )
    signal = fields.Selection(
        lambda self: [(code, get_label(self.env, code)) for code in bureau.CODES],
        string="Is read as",
        required=True,
    )
    table = fields.Char(
        string="Translated by",
        help="What the bureau's texts mean, such as G=green; Y=yellow; R=red. * is all the rest.",
    )
    factor = fields.Float(
        string="Times", default=1.0, digits=(16, 6), help="0.01 makes per cent a share."
    )
    choices = fields.Char(string="Possible texts", compute="_compute_choices")

    @api.depends("signal")
    def _compute_choices(self):
        for line in self:
            line.choices = ", ".join(self._get_texts(line.signal)) or self.env._("a number")

    @api.constrains("path", "table", "signal", "factor")
    def _check_reading(self):
        for line in self:
            try:
                bureau.parse_path(line.path)
                table = bureau.parse_table(line.table)
            except bureau.BureauError as error:
                raise ValidationError(
                    self.env._("“%s” is not understood.", error.detail or line.path)
                ) from error
            texts = self._get_texts(line.signal)
            if texts and (wrong := [text for text in table.values() if text not in texts]):
                raise ValidationError(
                    self.env._(
                        "“%(wrong)s” is not known for “%(signal)s”. Possible are: %(texts)s.",
                        wrong=", ".join(wrong),
                        signal=get_label(self.env, line.signal),
                        texts=", ".join(texts),
                    )
                )

    @api.model
    def _get_texts(self, code):
        """Return the texts that a signal may have; none for numbers."""
        if code in bureau.FLAGS:
            return ["yes", "no"]
        return list(SIGNALS[code].choices) if code in SIGNALS else []

    def _get_readings(self):
        """Return these lines as plain values.

        :rtype: list[scoring.bureau.Reading]
        """
        return [
            bureau.Reading(line.path, line.signal, bureau.parse_table(line.table), line.factor)
            for line in self
        ]
