"""How well a mandate is proven, and what may be debited on that."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .const import GRADES


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    evidence_grade = fields.Selection(
        [(grade, grade) for grade in GRADES],
        string="Evidence",
        compute="_compute_evidence_grade",
        store=True,
        index=True,
        tracking=True,
        help="How well the mandate is proven: A signed, B confirmed by the customer on his own"
        " device, C code or e-mail, D by word of mouth or imported.",
    )
    grade_text = fields.Char(string="Proven by", compute="_compute_grade_text")

    # === COMPUTE METHODS === #

    @api.depends("event_ids.evidence_code")
    def _compute_evidence_grade(self):
        grades = self.env["sdd.evidence.kind"]._get_grades()
        for mandate in self:
            # In sudo mode: the grade may be seen without the right to read the history.
            found = {grades.get(code) for code in mandate.sudo()._get_evidence_codes()}
            mandate.evidence_grade = next((grade for grade in GRADES if grade in found), False)

    @api.depends("evidence_grade")
    @api.depends_context("lang")
    def _compute_grade_text(self):
        kinds = self.env["sdd.evidence.kind"].with_context(active_test=False)
        # In sudo mode: the customer reads how his mandate was confirmed.
        kinds = {kind.code: kind for kind in kinds.sudo().search([])}
        for mandate in self:
            found = [kinds[code] for code in mandate.sudo()._get_evidence_codes() if code in kinds]
            best = [kind.name for kind in found if kind.grade == mandate.evidence_grade]
            mandate.grade_text = best[-1] if best else self.env._("Nothing on file yet")

    # === BUSINESS METHODS === #

    def _log_event(self, kind, data=None):
        """Append an event to the mandates' history.

        :param str kind: a value of `sdd.mandate.event.kind`.
        :param dict data: the evidence, JSON values only.
        :return: the events (sudo).
        :rtype: `sdd.mandate.event` recordset
        """
        # In sudo mode: nobody has the right to write history by hand.
        return (
            self.env["sdd.mandate.event"]
            .sudo()
            .create(
                [{"mandate_id": mandate.id, "kind": kind, "data": data or {}} for mandate in self]
            )
        )

    @api.model
    def _create_given(self, values, evidence, *, by_link=False):
        """Create a mandate that the customer has just given, with its evidence, and activate it.

        :param dict values: values of the mandate; `text_shown` is what the customer saw.
        :param dict evidence: time in UTC, IP address, user agent, channel, hash of the text...
        :param bool by_link: send the customer a link instead; the mandate is active when he has
            confirmed it there.
        :rtype: `sdd.mandate` record
        :raise AccessError: when the user may not create mandates.
        """
        self.check_access("create")
        text_hash = self.env["sdd.mandate.text"]._hash(values["text_shown"])
        # In sudo mode: nobody writes by hand what the customer has seen.
        mandate = self.sudo().create({**values, "text_hash": text_hash}).with_env(self.env)
        mandate._check_evidence_code(evidence.get("evidence", "own_device_tick"))
        mandate._log_event(
            "given", {"evidence": "own_device_tick", **evidence, "text_hash": mandate.text_hash}
        )
        if by_link:
            mandate._send_confirmation()
        else:
            mandate.action_activate()
        return mandate

    def _get_evidence_codes(self):
        """Return the kinds of evidence for the account that is debited now, the oldest first.

        Who signed for one account has not signed for another: after a change of account only what
        came with it and after it counts.

        Note: self.ensure_one() (sudo)

        :rtype: list[str]
        """
        events = self.event_ids.filtered("evidence_code").sorted("number")
        changes = [n for n, event in enumerate(events) if event.kind == "amended"]
        return events[changes[-1] if changes else 0 :].mapped("evidence_code")

    def _add_evidence(self, code, data=None):
        """Add evidence to the history of this mandate.

        Note: self.ensure_one()

        :param str code: code of a `sdd.evidence.kind`.
        :param dict data: what proves it; JSON values, no account number in clear.
        :return: the event (sudo).
        :rtype: `sdd.mandate.event` record
        :raise UserError: for an unknown code, or when the mandate has ended.
        """
        self.ensure_one()
        self._check_evidence_code(code)
        if self.state in ("revoked", "expired"):
            raise UserError(
                self.env._("Mandate %s has ended; the customer must give a new one.", self.name)
            )
        event = self._log_event("evidence", {**(data or {}), "evidence": code})
        self._on_better_evidence()
        return event

    def _confirm(self, code, data=None):
        """Add evidence and let the mandate be used: the customer has agreed.

        Note: self.ensure_one()

        :param str code: code of a `sdd.evidence.kind`.
        :param dict data: what proves it.
        :return: the event (sudo).
        :rtype: `sdd.mandate.event` record
        """
        event = self._add_evidence(code, data)
        if self.state in ("draft", "pending"):
            self.action_activate()
        return event

    @api.model
    def _check_evidence_code(self, code):
        """Raise a UserError unless this is the code of a kind of evidence."""
        if code not in self.env["sdd.evidence.kind"]._get_grades():
            raise UserError(self.env._("There is no kind of evidence “%s”.", code))

    def _on_better_evidence(self):
        """Hook: debits that waited for a better grade may go. Overridden by the room of debits."""

    def _get_grade_obstacle(self, amount):
        """Return why an amount cannot be debited at once on this mandate, "" if it can.

        Note: self.ensure_one()

        :param float amount: euro.
        :rtype: str
        """
        self.ensure_one()
        limit = self.env["sdd.evidence.limit"]._get_limit(self.company_id, self.evidence_grade)
        currency = self.company_id.currency_id
        if limit is None or currency.compare_amounts(amount, limit) <= 0:
            return ""
        params = {
            "mandate": self.name,
            "grade": self.evidence_grade,
            "limit": format_amount(self.env, limit, currency),
        }
        if not self.evidence_grade:
            return self.env._(
                "Nothing proves mandate %(mandate)s yet: only up to %(limit)s is debited at once."
                " Ask the customer to confirm it by a link.",
                **params,
            )
        return self.env._(
            "Mandate %(mandate)s has evidence of grade %(grade)s: only up to %(limit)s is debited"
            " at once. Ask the customer to confirm it by a link.",
            **params,
        )
