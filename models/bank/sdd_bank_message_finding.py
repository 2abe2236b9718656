"""What in a file of the bank needs a person: kept as one finding each, told in words."""

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...const import say
from . import const, facts


class SddBankMessage(models.Model):
    _inherit = "sdd.bank.message"

    findings = fields.Json(string="Findings (codes)", readonly=True)
    findings_text = fields.Text(string="Findings", compute="_compute_findings_text")
    finding_ids = fields.One2many("sdd.bank.finding", "message_id", readonly=True)
    finding_count = fields.Integer(string="To look at", readonly=True)

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_findings_text(self):
        for message in self:
            message.findings_text = "\n".join(
                self._describe_finding(finding) for finding in message.findings or []
            )

    # === ACTION METHODS === #

    def action_mark_done(self):
        """Note that a person has looked at all findings of these files."""
        self.check_access("write")
        # In sudo mode: findings are closed by the program only.
        self.sudo().finding_ids.filtered(lambda f: f.state == "open").action_dismiss()
        self.filtered(lambda m: m.state == "attention").state = "done"

    def action_view_findings(self):
        """Open what was found in these files."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_finding"
        )
        action["domain"] = [("message_id", "in", self.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _finish(self, findings, failed=False, ignored=False, **values):
        """Write what came of the file.

        Note: self.ensure_one()

        :param list[dict] findings: {code, params, where} each; `facts` holds fields of the finding
            beyond them.
        :param bool failed: the file could not be read at all.
        :param bool ignored: nothing in the file is for us.
        :param values: counts and relations.
        """
        self._note_findings(self._get_loud(findings))
        count = len(self.finding_ids.filtered(lambda f: f.state == "open"))
        state = "failed" if failed else "ignored" if ignored else "attention" if count else "done"
        texts = self._strip(findings)
        self.write({"state": state, "findings": texts, "finding_count": count, **values})
        if state in ("attention", "failed"):
            self._notify_accountant()

    @api.model
    def _get_loud(self, findings):
        """Return those of the findings that a person must look at."""
        return [finding for finding in findings if finding["code"] not in const.QUIET_FINDINGS]

    def _note_findings(self, findings, is_complete=True):
        """Make a finding of each; read again, the file adds new ones and heals those that are gone.

        What waits on a statement line stays open: a second reading passes over known entries.

        :param list[dict] findings: as for `_finish`, without those that need nobody.
        :param bool is_complete: what is not among them is not there any more.
        """
        known = {facts.key_of(f.code, f.where, f.params): f for f in self.finding_ids}
        lines = self._get_lines_of(findings)
        values, found = [], self.env["sdd.bank.finding"]
        for item in findings:
            params, where = item.get("params") or {}, item.get("where") or ""
            key = facts.key_of(item["code"], where, params)
            if key in known:
                found |= known[key]
                continue
            line = lines.get(self._get_entry_place(where), False)
            values.append(
                {
                    "message_id": self.id,
                    "code": item["code"],
                    "params": params,
                    "where": where,
                    "statement_line_id": line,
                    **item.get("facts", {}),
                }
            )
        found |= found.create(values)
        gone = (self.finding_ids - found).filtered(
            lambda f: (
                is_complete
                and f.state == "open"
                and f.code not in const.STANDING_FINDINGS
                and not f.statement_line_id
                and not f.bank_statement_id
            )
        )
        gone.action_dismiss(self.env._("No longer found when the file was read again."))

    @api.model
    def _get_entry_place(self, where):
        """Return where in the file the entry is that a place is in."""
        return where.partition("/TxDtls[")[0]

    def _get_lines_of(self, findings):
        """Return `{place in the file: id of the statement line}` for what findings are about."""
        places = {self._get_entry_place(item.get("where") or "") for item in findings} - {""}
        lines = self.env["account.bank.statement.line"].search_fetch(
            [("sdd_message_id", "=", self.id), ("sdd_entry_place", "in", list(places))],
            ["sdd_entry_place"],
        )
        return {line.sdd_entry_place: line.id for line in lines}

    def _add_findings(self, findings):
        """Add what was found while a file was read on; a file that was done is so no more.

        Note: self.ensure_one()

        :param list[dict] findings: as for `_finish`.
        """
        findings = self._get_loud(findings)
        self._note_findings(findings, is_complete=False)
        self._update_finding_state()
        if findings and self.state == "done" and self.finding_count:
            self.write(
                {"state": "attention", "findings": (self.findings or []) + self._strip(findings)}
            )
            self._notify_accountant()

    @api.model
    def _strip(self, findings):
        """Return findings without the facts that are kept on their records."""
        return [{k: v for k, v in item.items() if k != "facts"} for item in findings]

    def _update_finding_state(self):
        """Mark files done whose findings are all closed."""
        counts = dict(
            self.env["sdd.bank.finding"]._read_group(
                [("message_id", "in", self.ids), ("state", "=", "open")],
                ["message_id"],
                ["__count"],
            )
        )
        for message in self:
            message.finding_count = counts.get(message, 0)
            if message.state == "attention" and not message.finding_count:
                message.state = "done"
                message.activity_unlink(["mail.mail_activity_data_todo"])

    def _notify_accountant(self):
        """Put the file on somebody's list: what could not be matched reaches a person."""
        user = self.journal_id._sdd_get_responsible()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("Look at the bank file %s", self.name),
            note=plaintext2html(self.findings_text),
        )

    @api.model
    def _describe_finding(self, finding):
        """Return a finding as a sentence in the user's language.

        :param dict finding: {code, params, where}.
        :rtype: str
        """
        params = {key: str(value) for key, value in (finding.get("params") or {}).items()}
        text = const.FINDINGS.get(finding["code"])
        try:
            sentence = say(self.env, text, params) if text else None
        except KeyError:
            sentence = None
        if sentence is None:
            details = ", ".join(f"{key} {value}" for key, value in params.items())
            sentence = say(
                self.env, const.FINDINGS["other"], {"code": finding["code"], "details": details}
            )
        where = finding.get("where")
        return f"{where}: {sentence}" if where else sentence
