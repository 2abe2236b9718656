"""What the screens of the staff show of an assessment: colour, reasons, what to say, how it counted."""

from odoo import api, fields, models
from odoo.tools import format_datetime

from .signals import GROUPS, SIGNALS, get_label, get_sentence


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    risk_panel = fields.Json(compute="_compute_risk_panel", help="What the badge shows.")
    risk_facts = fields.Json(compute="_compute_risk_facts", help="Checks and points, in words.")
    case_count = fields.Integer(compute="_compute_case_count", compute_sudo=True)
    has_pending_case = fields.Boolean(compute="_compute_case_count", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("effective_colour")
    @api.depends_context("lang")
    def _compute_risk_panel(self):
        for assessment in self:
            assessment.risk_panel = assessment._get_panel()

    @api.depends("signals")
    @api.depends_context("lang")
    def _compute_risk_facts(self):
        for assessment in self:
            assessment.risk_facts = {
                "cards": assessment._get_card_rows(),
                "groups": assessment._get_check_groups(),
            }

    @api.depends("case_ids.state")
    def _compute_case_count(self):
        for assessment in self:
            assessment.case_count = len(assessment.case_ids)
            assessment.has_pending_case = bool(assessment._get_pending_case())

    @api.depends("date", "partner_id")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for assessment in self:
            parts = (assessment.partner_id.name, format_datetime(self.env, assessment.date))
            assessment.display_name = " · ".join(filter(None, parts))

    # === ACTION METHODS === #

    def action_view_cases(self):
        """Open the cases in which people looked at these assessments."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_risk_case")
        action["domain"] = [("assessment_id", "in", self.ids)]
        action["context"] = {}
        cases = self.case_ids
        return cases._action_open() if len(cases) == 1 else action

    # === BUSINESS METHODS === #

    def _get_panel(self):
        """Return what the screens show of an assessment, in the language of the context.

        Note: self.ensure_one()

        :return: {id, colour, label, changed: who has changed it and why, or "", sampled, points,
            chance: "4.2 %" or "", reasons, better, offers, sentence, date}.
        :rtype: dict
        """
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        scores = [self.bank_points or 0, self.customer_points or 0]
        return {
            "id": self.id,
            "colour": self.effective_colour,
            "label": labels.get(self.effective_colour, ""),
            "changed": self._get_override_text(),
            "sampled": self.is_sampled and not self.override_colour,
            "points": min((points for points in scores if points), default=0),
            "chance": f"{self.pd:.1%}".replace("%", " %") if self.has_pd else "",
            "reasons": self._get_reasons_text(),
            "better": self._get_counterfactual_text() if self.effective_colour != "green" else [],
            # A later debit offers nothing: the customer has ordered long ago.
            "sentence": "" if self.stage == "collection" else self._get_suggested_sentence(),
            "offers": [] if self.stage == "collection" else self._get_offer_labels(),
            "date": format_datetime(self.env, self.date, dt_format="short"),
        }

    def _get_override_text(self):
        """Return who has put what above the policy's colour, "" when nobody has.

        Note: self.ensure_one()

        :rtype: str
        """
        if not self.override_colour:
            return ""
        # In sudo mode: salespeople read the name of a colleague of another company, too.
        user = self.sudo().override_user_id.name or ""
        return f"{user}: {self.override_reason}" if self.override_reason else user

    def _get_form_panel(self):
        """Return what the form of an order or debit shows: the panel, and who looks at it.

        Note: self.ensure_one()

        :rtype: dict
        """
        case = self.case_ids.sorted("id")[-1:]
        labels = dict(case._fields["state"]._description_selection(self.env))
        return {
            **self._get_panel(),
            "case": bool(case) and {"id": case.id, "name": case.name, "state": labels[case.state]},
            "pending": bool(self._get_pending_case()),
        }

    def _get_offer_labels(self):
        """Return the ways to pay that the customer is offered, in words.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        field = self.env["risk.policy.offer"]._fields["offer"]
        labels = dict(field._description_selection(self.env))
        return [labels[code] for code in self._get_offers() if code in labels]

    # === HOW IT COUNTED === #

    def _get_card_rows(self):
        """Return how each fact counted in the score cards, the one that cost most first.

        Note: self.ensure_one()

        :return: [{title, points, rows: [{code, label, value, points, lost}]}].
        :rtype: list[dict]
        """
        titles = {
            "bank": self.env._("Will the bank return it?"),
            "customer": self.env._("Will the customer take it back?"),
        }
        cards = []
        for name, title in titles.items():
            if score := (self.decision or {}).get(name):
                rows = [self._get_point_row(item) for item in score["contributions"]]
                rows.sort(key=lambda row: -row["lost"])
                cards.append({"title": title, "points": score["points"], "rows": rows})
        return cards

    def _get_point_row(self, item):
        """Return how one fact counted.

        Note: self.ensure_one()

        :param dict item: fields of `scoring.model.Contribution`.
        :rtype: dict
        """
        code = item["signal"]
        return {
            "code": code,
            "label": get_label(self.env, code),
            "value": self._translate_row(code, item["label"]),
            "points": round(item["points"]),
            "lost": round(item["best"] - item["points"]),
        }

    def _get_check_groups(self):
        """Return what the checks found, by group.

        Note: self.ensure_one()

        :return: [{title, rows: [{code, label, text, status, severity}]}].
        :rtype: list[dict]
        """
        rows = {}
        for code, found in (self.signals or {}).items():
            group = SIGNALS[code].group if code in SIGNALS else "customer"
            rows.setdefault(group, []).append(self._get_check_row(code, found))
        return [
            {"title": self.env._(title), "rows": rows[group]}
            for group, title in GROUPS.items()
            if group in rows
        ]

    def _get_check_row(self, code, found):
        """Return what one check found, in words.

        :param str code: of the signal.
        :param dict found: {value, status, severity, params}.
        :rtype: dict
        """
        status = found.get("status", "ok")
        if status == "unknown":
            text = self.env._("Could not be checked.")
        elif found.get("value") in (None, False, ""):
            text = self.env._("Nothing to say.")
        else:
            text = get_sentence(self.env, code, found.get("value"), found.get("params"))
        return {
            "code": code,
            "label": get_label(self.env, code),
            "text": text,
            "status": status,
            "severity": found.get("severity", "info"),
        }


class RiskCase(models.Model):
    _inherit = "risk.case"

    risk_panel = fields.Json(related="assessment_id.risk_panel")

    def action_view_assessment(self):
        """Open the assessment that the case is about."""
        self.ensure_one()
        return self.assessment_id._get_records_action()
