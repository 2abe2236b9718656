"""What a customer is told about how an assessment came about: Art. 15(1)(h) GDPR, CJEU C-203/22."""

from odoo import models


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_report_data(self):
        """Return what was used, how it counted and what would change it, in the context's language.

        Note: self.ensure_one()

        :return: {date, colour, title, sentence, offers: [text], facts: [{group, rows: [{label, value,
            effect, direction}]}], better: [sentence], sources: [text], person: text or ""}.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "date": self.date,
            "colour": self.effective_colour,
            "title": "",
            "sentence": "",
            "offers": [],
            "facts": [],
            "better": [],
            "sources": [],
            "person": "",
        }
