"""What a customer is told about how an assessment came about: Art. 15(1)(h) GDPR, CJEU C-203/22."""

from datetime import timedelta

from odoo import models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from .signals import get_label, is_about_others

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

    def _get_report_data(self, *, hides_others=False):
        """Return what was used, how it counted and what would change it, in the context's language.

        Note: self.ensure_one()

        :param bool hides_others: whether what could concern other people is left out: for whoever has
            not shown to a person that the name and the account he entered are his own.
        :return: {date, document, colour, sentence, offers: [text], reasons: [text], better: [text],
            cards: [{title, points, rows: [{label, value, points, effect, direction}]}],
            checks: [{title, rows: [{label, text, status}]}], data: [text],
            bureaus: [{date, bureau, answer, legal_basis}], policy, person, hidden: a sentence about
            what was left out, or ""}.
        :rtype: dict
        """
        self.ensure_one()
        assessment = self.sudo()  # What is his own, a customer may see without rights on policies.
        hidden = assessment._get_hidden_codes() if hides_others else frozenset()
        return {
            "date": format_date(self.env, assessment.date),
            "document": assessment.order_id.name or assessment.invoice_id.name or "",
            "amount": assessment.amount,
            "currency": assessment.currency_id,
            "company": assessment.company_id,
            "colour": assessment.effective_colour,
            "sentence": assessment._get_report_sentence(),
            "offers": assessment._get_panel()["offers"],
            "reasons": assessment._get_reasons_text(hidden),
            "better": assessment._get_counterfactual_text(hidden)
            if assessment.effective_colour != "green"
            else [],
            "cards": assessment._get_report_cards(hidden),
            "checks": assessment._get_report_checks(hidden),
            "data": assessment._get_report_sources(hidden),
            "bureaus": assessment._get_report_bureaus(hides_others),
            "policy": assessment._get_report_policy(),
            "person": assessment._get_report_person(),
            "hidden": assessment._get_hidden_sentence(hidden),
        }

    def _get_hidden_codes(self):
        """Return the signals of this assessment that may tell about other people.

        Note: self.ensure_one()

        :rtype: frozenset[str]
        """
        decision = self.decision or {}
        items = [*decision.get("reasons", ()), *decision.get("counterfactuals", ())]
        for card in ("bank", "customer"):
            items += (decision.get(card) or {}).get("contributions", ())
        codes = {*(self.signals or {}), *(item["signal"] for item in items)}
        # A reason without any signal ("nothing is known") tells about nobody.
        return frozenset(code for code in codes if code and is_about_others(code))

    def _get_hidden_sentence(self, hidden):
        """Return what stands in place of all that is left out, "" when nothing of it spoke against him.

        Note: self.ensure_one()

        :param frozenset hidden: codes of signals.
        :rtype: str
        """
        reasons = (self.decision or {}).get("reasons", ())
        codes = {one["signal"] for one in reasons if one["kind"] != "unknown"}
        codes |= {
            code for code, found in (self.signals or {}).items() if found.get("status") == "hit"
        }
        codes |= {
            row["code"] for card in self._get_card_rows() for row in card["rows"] if row["lost"] > 0
        }
        if not codes & hidden:
            return ""
        return self.env._(
            "Something about the account or the details given, which we do not show here because it"
            " could concern other people. A person can look at it."
        )

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

    def _get_report_cards(self, hidden=frozenset()):
        """Return how each fact counted, in words.

        Note: self.ensure_one()

        :param frozenset hidden: codes of signals that are left out; where one of them cost points, the
            total is, too: it would tell how many.
        :rtype: list[dict]
        """
        cards = self._get_card_rows()
        for card in cards:
            left_out = [row for row in card["rows"] if row["code"] in hidden]
            if any(row["lost"] > 0 for row in left_out):
                card["points"] = None
            card["rows"] = [row for row in card["rows"] if row["code"] not in hidden]
            for row in card["rows"]:
                row["direction"] = "against" if row["lost"] > 0 else "for"
                row["effect"] = (
                    self.env._("%s points less than the best possible", row["lost"])
                    if row["lost"] > 0
                    else self.env._("as good as possible")
                )
        return cards

    def _get_report_checks(self, hidden=frozenset()):
        """Return the checks that found something or could not run, by group.

        Note: self.ensure_one()

        :param frozenset hidden: codes of signals; what they found is left out.
        :rtype: list[dict]
        """
        groups = []
        for group in self._get_check_groups():
            rows = [
                row
                for row in group["rows"]
                if row["status"] == "unknown"
                or (row["status"] != "ok" and row["code"] not in hidden)
            ]
            if rows:
                groups.append({"title": group["title"], "rows": rows})
        return groups

    def _get_report_sources(self, hidden=frozenset()):
        """Return which data were used: what the customer gave, then what we knew.

        Note: self.ensure_one()

        :param frozenset hidden: codes of signals that are named together: some exist only where
            something was found.
        :rtype: list[str]
        """
        given = (self.inputs or {}).get("given", ())
        texts = [self.env._(DATA_LABELS[name]) for name in given if name in DATA_LABELS]
        texts += [get_label(self.env, code) for code in self.signals or {} if code not in hidden]
        if hidden:
            texts.append(
                self.env._("What we know about the account and the details given from other orders")
            )
        return list(dict.fromkeys(texts))

    def _get_report_bureaus(self, hides_answers=False):
        """Return which bureaus had been asked about the customer by then, and what they said.

        Note: self.ensure_one()

        :param bool hides_answers: whether it is not said what they said.
        :rtype: list[dict]
        """
        calls = self.env["risk.provider.call"]
        lines = calls._get_customer_lines(self.partner_id) if self.partner_id else []
        until = self.date + CLOCK_TOLERANCE
        instead = hides_answers and self.env._(
            "You get the answer from us when you have shown that it is about you."
        )
        return [
            {
                "date": format_date(self.env, line["date"]),
                "bureau": line["bureau"],
                "answer": instead or line["answer"] or line["result"],
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
