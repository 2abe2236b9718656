"""What a mandate brings to a dispute: a document for the bank, and a chain that anyone can check."""

import json

from odoo import fields, models
from odoo.exceptions import UserError

from .const import HASH_SCHEME_1


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def action_print_proof_pack(self):
        """Print what proves these mandates, ready to be sent to the bank.

        :return: the action that downloads the PDF.
        :rtype: dict
        """
        if drafts := self.filtered(lambda mandate: mandate.state == "draft"):
            raise UserError(
                self.env._(
                    "Mandate %s is a draft: there is nothing to prove yet. Print the form and have it"
                    " signed, or send the customer a link.",
                    drafts[0].display_name,
                )
            )
        report = self.env.ref("support_debit.action_report_sdd_proof_pack")
        return report.report_action(self, config=False)


class SddMandateEvent(models.Model):
    _inherit = "sdd.mandate.event"

    def _get_hashed_text(self):
        """Return the text whose SHA-256 is this event's hash, so that others can compute it anew.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        content = [self.data_digest, self.evidence_code or ""] if self.scheme else [self.data or {}]
        return json.dumps(
            [
                self.scheme or HASH_SCHEME_1,
                self.mandate_id.id,
                self.number,
                fields.Datetime.to_string(self.date),
                self.kind,
                self.user_id.id,
                *content,
                self.previous_hash or "",
            ],
            sort_keys=True,
            ensure_ascii=False,
            default=str,
        )
