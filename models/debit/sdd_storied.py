"""What orders, invoices, debits and customers have in common: a payment story."""

from odoo import api, fields, models

#: Who hears the story; it names batches and payments that not everybody can open.
TIMELINE_GROUPS = (
    "support_debit.group_support_user,sales_team.group_sale_salesman,"
    "account.group_account_invoice,account.group_account_readonly"
)


class SddStoried(models.AbstractModel):
    """A record whose payment story can be shown and read out."""

    _name = "sdd.storied"
    _description = "Payment Story"

    sdd_timeline = fields.Json(
        string="Payment Story",
        compute="_compute_sdd_timeline",
        compute_sudo=True,
        groups=TIMELINE_GROUPS,
    )

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_sdd_timeline(self):
        for record in self:
            events = record._get_whole_story()
            record.sdd_timeline = events is not None and self.env["sdd.timeline"]._present(events)

    def _get_whole_story(self):
        """Hook: return all that belongs to the story of this record (sudo).

        Note: self.ensure_one()

        :return: in any order; None when there is no story to tell.
        :rtype: list[TimelineEvent] or None
        """
        return []
