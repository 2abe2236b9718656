"""Better scorecards, learned from what happened; a person decides whether they count."""

from odoo import models

from ...scoring import fit, measures
from ...scoring.card import score
from ...scoring.fit import MIN_BADS


class RiskMonitor(models.Model):
    _inherit = "risk.monitor"

    def _propose_card(self):
        """Learn a card from what happened, when that is enough; a person decides about it.

        Note: self.ensure_one()

        :return: the proposed draft, or nothing.
        :rtype: `risk.card` record
        """
        self.ensure_one()
        card = self.card_id
        if self.bad_count < MIN_BADS or self._has_proposal():
            return card.browse()
        rows, labels, _date = self._get_history(card, self.company_id)
        old = card._get_data()

        def learn(train, results):
            return fit.refit_card(old, train, results)

        new_pds = fit.cross_validate(learn, rows, labels)
        old_pds = [score(old, fit.to_signals(row)).pd for row in rows]
        gain = measures.auc_gain(old_pds, new_pds, labels)
        area = measures.auc(new_pds, labels)
        draft = card._make_version(data=learn(rows, labels), source="fit")
        draft.sudo().write(
            {
                "learned_date": self.date,
                "learned_count": len(rows),
                "learned_bad_count": sum(labels),
                "learned_auc": area.value or 0.0,
                "learned_gain": gain.value or 0.0,
            }
        )
        self.proposal_id = draft
        self._announce(draft)
        return draft

    def _has_proposal(self):
        """Return whether a learned draft of this card waits for a decision already."""
        domain = [
            ("code", "=", self.card_id.code),
            ("source", "=", "fit"),
            ("state", "in", ("draft", "challenger")),
        ]
        return bool(self.env["risk.card"].search_count(domain, limit=1))

    def _announce(self, draft):
        """Ask a person to look at a learned card.

        :param draft: `risk.card` record.
        """
        draft.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("A scorecard was learned from outcomes"),
            note=draft.learned_from,
            user_id=(self.company_id.risk_reviewer_id or self.env.ref("base.user_admin")).id,
        )
