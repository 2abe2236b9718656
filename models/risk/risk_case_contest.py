"""A customer who asks that a person looks at the decision: Art. 22(3) GDPR."""

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...sepa import iban as sepa_iban

#: What a customer writes is cut here.
MAX_TEXT = 4000


class RiskCase(models.Model):
    _inherit = "risk.case"

    is_contested = fields.Boolean(string="Asked for by the customer", readonly=True, copy=False)
    contest_text = fields.Text(string="The customer writes", readonly=True, copy=False)
    contest_date = fields.Datetime(string="Asked on", readonly=True, copy=False)

    @api.model
    def _contest(self, assessment, text=""):
        """Let a person look at an assessment because the customer asks for it.

        Called again while somebody looks, it adds what the customer writes; what has been decided by
        a person already is opened anew. A link of an earlier try leads to the newest one: a decision
        about what the customer no longer orders would help nobody.

        :param assessment: `risk.assessment` record.
        :param str text: what the customer writes, plain text; may be empty.
        :return: the case (sudo).
        :rtype: `risk.case` record
        """
        # In sudo mode: a customer reads no assessments.
        newest = assessment.sudo()._search_same(limit=1)
        case = self._open_for(newest or assessment, "contest")
        # Some people write their account number although they are asked not to.
        text = sepa_iban.mask_in_text((text or "").strip()[:MAX_TEXT])
        if case.is_contested and text == (case.contest_text or ""):
            return case
        parts = [part for part in (case.contest_text, text) if part]
        case._write_state(
            {
                "is_contested": True,
                "reason": "contest",
                "contest_text": "\n\n".join(parts)[-MAX_TEXT:],
                "contest_date": case.contest_date or fields.Datetime.now(),
            }
        )
        case.message_post(
            body=self.env._("The customer asks that a person looks at this.")
            + plaintext2html(text),
            author_id=case.partner_id.id or None,
            subtype_xmlid="mail.mt_comment",
        )
        return case

    def _get_customer_url(self):
        """Return where the customer reads why, and what was decided.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        return self.get_base_url() + self.assessment_id._get_link()

    def _answer_contest(self):
        """Tell the customer what a person has decided.

        Note: self.ensure_one()
        """
        self.ensure_one()
        template = self.env.ref(
            "support_debit.mail_template_risk_decided", raise_if_not_found=False
        )
        if template and self.partner_id.email:
            template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
