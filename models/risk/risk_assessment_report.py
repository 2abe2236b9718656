"""What a customer is told about how an assessment came about: Art. 15(1)(h) GDPR, CJEU C-203/22."""

from datetime import timedelta

from odoo import models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from .signals import get_label

_lt = LazyTranslate(__name__)

#: A bureau is asked before the assessment is noted; clocks of two servers differ a little.
CLOCK_TOLERANCE = timedelta(minutes=5)

#: The data of a question (`scoring.subject.Subject`), as a customer reads them.
DATA_LABELS = {
    "name": _lt("Name"),
    "holder": _lt("Account holder"),
    "iban": _lt("Account number (kept as a code that cannot be read back)"),
    "street": _lt("Street"),
    "zip_code": _lt("Postcode"),
    "city": _lt("Town"),
    "country_code": _lt("Country, for the form of postcode and telephone number only"),
    "email": _lt("E-mail address"),
    "phone": _lt("Telephone number"),
    "vat": _lt("VAT number"),
    "birth_date": _lt("Date of birth, for legal capacity only"),
    "ip_address": _lt("Internet address, against mass attempts only"),
    "session": _lt("Browser session, against mass attempts only"),
}


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    # === ACTION METHODS === #

    def action_print_report(self):
        """Print what the customer is entitled to know, in his language.

        :rtype: dict
        """
        self.check_access("read")
        report = self.env.ref("support_debit.action_report_risk_assessment")
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _get_report_lang(self):
        """Return the language of the customer's report.

        Note: self.ensure_one()

        :rtype: str
        """
        # In sudo mode: salespeople print it without rights on all contacts.
        return self.sudo().partner_id.lang or self.env.lang or "en_US"

    def _get_report_data(self):
        """Return what was used, how it counted and what would change it, in the context's language.

        Note: self.ensure_one()

        :return: {date, document, colour, sentence, offers: [text], reasons: [text], better: [text],
            cards: [{title, points, rows: [{label, value, points, effect, direction}]}],
            checks: [{title, rows: [{label, text, status}]}], data: [text],
            bureaus: [{date, bureau, answer, legal_basis}], policy, person}.
        :rtype: dict
        """
        self.ensure_one()
        assessment = self.sudo()  # What is his own, a customer may see without rights on policies.
        return {
            "date": format_date(self.env, assessment.date),
            "document": assessment.order_id.name or assessment.invoice_id.name or "",
            "amount": assessment.amount,
            "currency": assessment.currency_id,
            "company": assessment.company_id,
            "colour": assessment.effective_colour,
            "sentence": assessment._get_report_sentence(),
            "offers": assessment._get_panel()["offers"],
            "reasons": assessment._get_reasons_text(),
            "better": assessment._get_counterfactual_text()
            if assessment.effective_colour != "green"
            else [],
            "cards": assessment._get_report_cards(),
            "checks": assessment._get_report_checks(),
            "data": assessment._get_report_sources(),
            "bureaus": assessment._get_report_bureaus(),
            "policy": assessment._get_report_policy(),
            "person": assessment._get_report_person(),
        }

    def _get_report_sentence(self):
        """Return the result as the customer reads it: what he can do, never what he cannot.

        Note: self.ensure_one()

        :rtype: str
        """
        if self.stage == "collection":
            return self.env._("Before we collect a later invoice, we look at whether that fits.")
        if self.effective_colour == "green":
            return self.env._("You can pay by direct debit, and your support starts at once.")
        if self.effective_colour == "yellow":
            return self.env._(
                "You can buy what you want. For this order we offer ways to pay that are safe for"
                " both of us."
            )
        return self.env._("You can buy what you want. For this order we offer other ways to pay.")

    def _get_report_cards(self):
        """Return how each fact counted, in words.

        Note: self.ensure_one()

        :rtype: list[dict]
        """
        cards = self._get_card_rows()
        for card in cards:
            for row in card["rows"]:
                row["direction"] = "against" if row["lost"] > 0 else "for"
                row["effect"] = (
                    self.env._("%s points less than the best possible", row["lost"])
                    if row["lost"] > 0
                    else self.env._("as good as possible")
                )
        return cards

    def _get_report_checks(self):
        """Return the checks that found something or could not run, by group.

        Note: self.ensure_one()

        :rtype: list[dict]
        """
        groups = []
        for group in self._get_check_groups():
            rows = [row for row in group["rows"] if row["status"] != "ok"]
            if rows:
                groups.append({"title": group["title"], "rows": rows})
        return groups

    def _get_report_sources(self):
        """Return which data were used: what the customer gave, then what we knew.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        given = (self.inputs or {}).get("given", ())
        texts = [self.env._(DATA_LABELS[name]) for name in given if name in DATA_LABELS]
        texts += [get_label(self.env, code) for code in self.signals or {}]
        return list(dict.fromkeys(texts))

    def _get_report_bureaus(self):
        """Return which bureaus had been asked about the customer by then, and what they said.

        Note: self.ensure_one()

        :rtype: list[dict]
        """
        calls = self.env["risk.provider.call"]
        lines = calls._get_customer_lines(self.partner_id) if self.partner_id else []
        until = self.date + CLOCK_TOLERANCE
        return [
            {
                "date": format_date(self.env, line["date"]),
                "bureau": line["bureau"],
                "answer": line["answer"] or line["result"],
                "legal_basis": line["legal_basis"],
            }
            for line in lines
            if line["date"] <= until
        ]

    def _get_report_policy(self):
        """Return by which rules it was decided.

        Note: self.ensure_one()

        :rtype: str
        """
        if not self.policy_id:
            return ""
        return self.env._(
            "%(policy)s, version %(version)s",
            policy=self.policy_id.name,
            version=self.policy_version,
        )

    def _get_report_person(self):
        """Return what a person has done with it, "" when nobody has looked.

        Note: self.ensure_one()

        :rtype: str
        """
        if self._get_pending_case():
            return self.env._("A person is looking at it. We will write to you.")
        if decided := self.case_ids.filtered(lambda case: case.state == "decided")[-1:]:
            return self.env._(
                "A person has looked at it on %s and has decided.",
                format_date(self.env, decided.decided_date),
            )
        return ""
