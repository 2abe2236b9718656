"""A scorecard as plain values, and back."""

from odoo import Command, api, models, tools
from odoo.tools import groupby

from ...scoring.card_check import find_gaps
from ...scoring.model import Attribute, Card
from .signals import SIGNALS, get_label


class RiskCard(models.Model):
    _inherit = "risk.card"

    def _get_data(self):
        """Return this card as plain values, its texts in the source language.

        Note: self.ensure_one()

        :rtype: scoring.model.Card
        """
        self.ensure_one()
        return self._get_data_by_id(self.id)

    @api.model
    @tools.ormcache("card_id")
    def _get_data_by_id(self, card_id):
        """Return the `Card` of a record; every change of a card empties the cache."""
        card = self.sudo().with_context(lang="en_US").browse(card_id)
        attributes = tuple(
            Attribute(signal, tuple(line._prepare_data() for line in lines))
            for signal, lines in groupby(card.line_ids.sorted(), lambda line: line.signal)
        )
        return Card(
            code=card.code,
            version=card.version,
            base=card.base,
            attributes=attributes,
            factor=card.factor,
            offset=card.offset,
            slope=card.slope,
            intercept=card.intercept,
        )

    @api.model
    def _prepare_values(self, data):
        """Return the values with which a record of a card is created, the reverse of `_get_data`.

        :param scoring.model.Card data: a card.
        :rtype: dict
        """
        lines = [
            Command.create(self.env["risk.card.line"]._prepare_values(attribute.signal, row))
            for attribute in data.attributes
            for row in attribute.bins
        ]
        names = ("code", "version", "base", "factor", "offset", "slope", "intercept")
        return {"line_ids": lines, **{name: getattr(data, name) for name in names}}

    def _get_problems(self):
        """Return what is wrong with a card: facts that do not exist, values that find no row.

        Note: self.ensure_one()

        :return: sentences in the language of the context.
        :rtype: list[str]
        """
        self.ensure_one()
        if not self.line_ids:
            return [self.env._("Card “%s”: enter points, it has no line.", self.name)]
        texts = {
            "unknown": self.env._("Card “%(card)s”, %(fact)s: add a line for “unknown”."),
            "gap": self.env._(
                "Card “%(card)s”, %(fact)s: some values find no line. Close the gap."
            ),
            "overlap": self.env._("Card “%(card)s”, %(fact)s: some values fit two lines."),
            "order": self.env._("Card “%(card)s”, %(fact)s: a line ends before it starts."),
            "fact": self.env._("Card “%(card)s”: there is no fact “%(fact)s”. Choose another."),
        }
        mistakes = [(line, "fact") for line in dict.fromkeys(self.line_ids.mapped("signal"))]
        mistakes = [pair for pair in mistakes if pair[0] not in SIGNALS]
        return [
            texts[mistake] % {"card": self.name, "fact": get_label(self.env, code)}
            for code, mistake in [*mistakes, *find_gaps(self._get_data())]
        ]
