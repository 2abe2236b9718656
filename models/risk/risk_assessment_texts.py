"""An assessment in words, for the staff who talk to the customer."""

from odoo import models
from odoo.tools import format_list

from .signals import get_change, get_label, get_sentence

#: So many reasons are said; more than that nobody listens to.
SPOKEN_REASONS = 3


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_offers(self):
        """Return the ways to pay that the customer is offered, the best first.

        What a person has decided counts: the offers are then those of that colour.

        :return: codes of `OFFERS`; direct debit alone when nothing was assessed.
        :rtype: list[str]
        """
        if not self:
            return ["sdd"]
        if self.override_colour and self.policy_id:
            return list(self.policy_id._get_data().offers.get(self.override_colour, ()))
        return list((self.decision or {}).get("offers") or ())

    # === WHY === #

    def _get_reasons_text(self, hidden=frozenset()):
        """Return why it is not green, the weightiest reason first, in the language of the context.

        :param hidden: codes of signals about which nothing is said, see `_get_hidden_codes`.
        :return: short sentences; none for an order that is green by itself.
        :rtype: list[str]
        """
        reasons = (self.decision or {}).get("reasons", ()) if self else ()
        texts = [
            self._get_reason_text(reason)
            for reason in reasons
            if reason["kind"] == "unknown" or reason["signal"] not in hidden
        ]
        return list(dict.fromkeys(filter(None, texts)))[:SPOKEN_REASONS]

    def _get_reason_text(self, reason):
        """Return a reason as a sentence.

        Note: self.ensure_one()

        :param dict reason: fields of `scoring.model.Reason`.
        :rtype: str
        """
        code = reason["signal"]
        if reason["kind"] == "rule":
            # In sudo mode: salespeople explain a decision without rights on policies.
            rule = self.env["risk.rule"].sudo().browse(reason["rule_id"]).exists()
            return rule.reason_text or self._get_signal_text(code)
        if reason["kind"] == "unknown":
            return self.env._("Could not be checked: %s", get_label(self.env, code))
        if reason["kind"] == "default":
            return self.env._("Nothing is known about this order yet.")
        row = self._translate_row(code, reason["label"])
        return self.env._("%(fact)s: %(value)s", fact=get_label(self.env, code), value=row)

    def _get_signal_text(self, code):
        """Return what a check found in this order, as a sentence in the language of the context.

        Note: self.ensure_one()

        :param str code: code of a signal.
        :rtype: str
        """
        found = (self.signals or {}).get(code, {})
        return get_sentence(self.env, code, found.get("value"), found.get("params"))

    # === WHAT WOULD CHANGE IT === #

    def _get_counterfactual_text(self, hidden=frozenset()):
        """Return what would have made it green, in the language of the context.

        :param hidden: codes of signals about which nothing is said, see `_get_hidden_codes`.
        :return: each line alone is enough; several things that are needed together are one line.
        :rtype: list[str]
        """
        if not self or self.own_colour == "green":
            return []
        changes = (self.decision or {}).get("counterfactuals", ())
        together = [one for one in changes if one.get("needs_all")]
        alone = [
            self._get_change_text(one)
            for one in changes
            if not one.get("needs_all") and one["signal"] not in hidden
        ]
        # A part of what is needed together is not enough.
        if together and not any(one["signal"] in hidden for one in together):
            texts = dict.fromkeys(self._get_change_text(one) for one in together)
            alone.append(format_list(self.env, list(texts)))
        return list(dict.fromkeys(alone))[:SPOKEN_REASONS]

    def _get_change_text(self, change):
        """Return one change in words.

        Note: self.ensure_one()

        :param dict change: fields of `scoring.model.Counterfactual`.
        :rtype: str
        """
        code, row = change["signal"], self._translate_row(change["signal"], change["label"])
        if row:
            return self.env._("%(fact)s: %(value)s", fact=get_label(self.env, code), value=row)
        if text := get_change(self.env, code):
            return text
        return self.env._("otherwise: %s", get_label(self.env, code))

    def _translate_row(self, code, label):
        """Return the words of a row of a points table in the language of the context.

        :param str code: code of a signal.
        :param str label: the words in the source language, "" for none.
        :rtype: str
        """
        if not label:
            return ""
        # In sudo mode: salespeople explain a score without rights on cards.
        lines = (self.bank_card_id | self.customer_card_id).sudo().line_ids
        source = lines.with_context(lang="en_US").filtered(
            lambda line: line.signal == code and line.name == label
        )
        return source[:1].with_context(lang=self.env.lang).name or label

    # === WHAT TO SAY === #

    def _get_suggested_sentence(self):
        """Return what a salesperson may say to the customer, in the language of the context.

        Honest and without blame, and always with a way to buy.

        :rtype: str
        """
        colour = self.effective_colour if self else "green"
        if colour == "green":
            return self.env._(
                "All set: we collect the amount by direct debit, and your support starts now."
            )
        offers = self._join_offers(self._get_offers())
        if colour == "red":
            return self.env._(
                "I am glad to take your order. For this one I can offer you: %s.",
                offers or self.env._("another way to pay"),
            )
        return self.env._(
            "I am glad to take your order by direct debit. You can choose: %s.", offers
        )

    def _join_offers(self, codes):
        """Return ways to pay as staff read them aloud.

        :param codes: iterable of codes of `OFFERS`.
        :rtype: str
        """
        field = self.env["risk.policy.offer"]._fields["offer"]
        labels = dict(field._description_selection(self.env))
        known = [labels[code] for code in codes if code in labels]
        return format_list(self.env, known, style="or") if known else ""
