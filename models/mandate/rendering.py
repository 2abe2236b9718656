"""Documents and messages that users may write themselves: templates reach every field.

Odoo's ORM hands a template the number as it is. So what a template has made of it is masked, for
everybody without the right to see it. The company's own account, for example, stays readable.
"""

from odoo import api, models


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    @api.model
    def _render_template(
        self,
        template_src,
        model,
        res_ids,
        engine="inline_template",
        add_context=None,
        options=None,
    ):
        """Override to mask the account numbers of mandates in messages."""
        rendered = super()._render_template(
            template_src, model, res_ids, engine=engine, add_context=add_context, options=options
        )
        banks = self.env["res.partner.bank"]
        for res_id, text in rendered.items():
            masked = banks._sdd_mask_in_text(text) if isinstance(text, str) else text
            if masked is not text:
                # What was markup stays markup; a mask has no special characters.
                rendered[res_id] = type(text)(masked)
        return rendered


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_template(self, template, values=None):
        """Override to mask the account numbers of mandates in documents."""
        page = super()._render_template(template, values)
        text = page.decode()
        masked = self.env["res.partner.bank"]._sdd_mask_in_text(text)
        return page if masked is text else masked.encode()
