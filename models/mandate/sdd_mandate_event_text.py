"""The history of a mandate in words that a salesperson and a bank clerk understand."""

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What a key of an event's data is called; a key that is missing here shows as it is spelt.
LABELS = {
    "reason": _lt("Reason"),
    "change": _lt("Change"),
    "told_by": _lt("Told us"),
    "told_date": _lt("Told us on"),
    "by": _lt("By"),
    "date": _lt("Date"),
    "signature_date": _lt("Signed on"),
    "note": _lt("Note"),
    "recording": _lt("Recording"),
    "file": _lt("File"),
    "old_iban": _lt("Old account"),
    "new_iban": _lt("New account"),
    "old_reference": _lt("Old reference"),
    "new_reference": _lt("New reference"),
    "old_holder": _lt("Old account holder"),
    "new_holder": _lt("New account holder"),
    "holder": _lt("Account holder"),
    "iban": _lt("Account"),
    "bank": _lt("Bank"),
    "sent_by": _lt("Sent by"),
    "sent_to": _lt("Sent to"),
    "with_code": _lt("With a one-time code"),
    "expires": _lt("Valid until"),
    "code_sent_by": _lt("Code sent by"),
    "code_sent_to": _lt("Code sent to"),
    "code_sent_utc": _lt("Code sent at"),
    "tries": _lt("Tries"),
    "tries_left": _lt("Tries left"),
    "renewed": _lt("A newer link took its place"),
    "lapses_on": _lt("Lapses on"),
    "to": _lt("To"),
    "transaction": _lt("Payment"),
    "amount": _lt("Amount"),
    "channel": _lt("Channel"),
    "time_utc": _lt("Time"),
    "language": _lt("Language"),
    "text_version": _lt("Version of the text"),
    "ip_address": _lt("IP address"),
    "user_agent": _lt("Browser"),
    "sha256": _lt("SHA-256 of the file"),
}
#: For machines: digests and ids, and the kind of evidence, which has its own column.
HIDDEN = frozenset(
    "about agreed attachment_id attachment_ids bank_account_id evidence events iban_hash link"
    " new_account_id new_bank_account_id new_iban_hash old_account_id old_bank_account_id"
    " old_iban_hash size text_hash text_id".split()
)
DATES = frozenset({"told_date", "signature_date", "date", "lapses_on"})
MOMENTS = frozenset({"time_utc", "expires", "code_sent_utc"})
#: Values of our own tables, in words.
WORDS = {
    "account": _lt("another account"),
    "creditor": _lt("another creditor"),
    "reference": _lt("another reference"),
    "email": _lt("e-mail"),
    "sms": _lt("SMS"),
    "none": _lt("handed over by staff"),
}


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
        # The database keeps the keys in an order of its own.
        order = {key: number for number, key in enumerate(LABELS)}
        facts = sorted((self.data or {}).items(), key=lambda item: order.get(item[0], len(order)))
        for key, value in facts:
            if key in HIDDEN or value in (None, False, "", [], {}):
                continue
            label = self.env._(LABELS[key]) if key in LABELS else key.replace("_", " ").capitalize()
            lines.append(f"{label}: {self._get_word(key, value)}")
        return "\n".join(lines)

    def _get_word(self, key, value):
        """Return one value of the data as a person reads it.

        :param str key: what the value is.
        :param value: JSON value.
        :rtype: str
        """
        if value is True:
            return self.env._("yes")
        if key in ("change", "sent_by", "code_sent_by") and value in WORDS:
            return self.env._(WORDS[value])
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
