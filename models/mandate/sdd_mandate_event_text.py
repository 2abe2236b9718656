"""The history of a mandate in words that a salesperson and a bank clerk understand."""

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What a key of an event's data is called; a key that is missing here shows as it is spelt.
LABELS = {
    "attachment_name": _lt("File"),
    "attempts": _lt("Attempts"),
    "bank": _lt("Bank"),
    "channel": _lt("Channel"),
    "email": _lt("E-mail"),
    "expires": _lt("Valid until"),
    "file": _lt("File"),
    "holder": _lt("Account holder"),
    "iban": _lt("Account"),
    "ip_address": _lt("IP address"),
    "language": _lt("Language"),
    "new_iban": _lt("New account"),
    "new_reference": _lt("New reference"),
    "note": _lt("Note"),
    "old_iban": _lt("Old account"),
    "old_reference": _lt("Old reference"),
    "phone": _lt("Telephone"),
    "reason": _lt("Reason"),
    "recording": _lt("Recording"),
    "sha256": _lt("SHA-256 of the file"),
    "text_version": _lt("Version of the text"),
    "time_utc": _lt("Time"),
    "told_by": _lt("Told us by"),
    "told_date": _lt("Told us on"),
    "tries": _lt("Tries"),
    "user_agent": _lt("Browser"),
}
#: For machines: digests and ids, and the kind of evidence, which has its own column.
HIDDEN = frozenset(
    "agreed attachment_id attachment_ids bank_account_id evidence events iban_hash new_account_id"
    " new_iban_hash old_account_id old_iban_hash size text_hash text_id".split()
)
DATES = frozenset({"told_date", "signature_date", "date"})
MOMENTS = frozenset({"time_utc", "expires"})


class SddMandateEvent(models.Model):
    _inherit = "sdd.mandate.event"

    evidence_name = fields.Char(string="Proven by", compute="_compute_evidence_name")
    data_text = fields.Text(string="Details", compute="_compute_data_text")
    has_file = fields.Boolean(compute="_compute_data_text")

    # === COMPUTE METHODS === #

    @api.depends("evidence_code")
    @api.depends_context("lang")
    def _compute_evidence_name(self):
        kinds = self.env["sdd.evidence.kind"].with_context(active_test=False)
        # In sudo mode: whoever reads the history also reads what kind of evidence it is.
        kinds = {kind.code: kind for kind in kinds.sudo().search([])}
        for event in self:
            kind = kinds.get(event.evidence_code)
            event.evidence_name = f"{kind.grade} · {kind.name}" if kind else event.evidence_code

    @api.depends("data", "erased_date")
    @api.depends_context("lang", "tz")
    def _compute_data_text(self):
        for event in self:
            event.data_text = event._get_words()
            event.has_file = bool((event.data or {}).get("attachment_id"))

    # === ACTION METHODS === #

    def action_open_file(self):
        """Open the file that this event was logged with, e.g. the scan of the signed form."""
        self.ensure_one()
        self.mandate_id.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{int(self.data['attachment_id'])}",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _get_words(self):
        """Return what this event's data says, a line for each fact.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        if self.erased_date:
            return self.env._(
                "Erased on %s. What was here is still bound by its digest.",
                format_date(self.env, self.erased_date),
            )
        lines = []
        for key, value in (self.data or {}).items():
            if key in HIDDEN or value in (None, False, "", [], {}):
                continue
            label = LABELS.get(key) or key.replace("_", " ").capitalize()
            lines.append(f"{label}: {self._get_word(key, value)}")
        return "\n".join(lines)

    def _get_word(self, key, value):
        """Return one value of the data as a person reads it.

        :param str key: what the value is.
        :param value: JSON value.
        :rtype: str
        """
        if isinstance(value, (list, tuple)):
            return ", ".join(str(item) for item in value)
        if isinstance(value, dict):
            return ", ".join(f"{name}: {item}" for name, item in value.items())
        if key == "channel":
            labels = self.env["sdd.mandate"]._fields["channel"]._description_selection(self.env)
            return dict(labels).get(value, value)
        if key == "language":
            return dict(self.env["res.lang"].get_installed()).get(value, value)
        try:
            if key in DATES:
                return format_date(self.env, value)
            if key in MOMENTS:
                return format_datetime(self.env, fields.Datetime.from_string(value), tz="UTC") + (
                    " UTC"
                )
        except ValueError:
            # Written by an earlier version or by another system: shown as it is.
            return str(value)
        return str(value)
