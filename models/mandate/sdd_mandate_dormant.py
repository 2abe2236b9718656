"""A mandate that nobody collects with for 36 months lapses (EPC016-06 4.1)."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .const import DORMANT_MONTHS, DORMANT_WARNING_MONTHS


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    expiry_date = fields.Date(
        compute="_compute_expiry_date",
        store=True,
        help="Without a further debit the mandate lapses on this day (36 months).",
    )
    lapse_warning_date = fields.Date(
        string="Warned on", readonly=True, copy=False, help="When somebody was told that it lapses."
    )
    replaces_id = fields.Many2one(
        "sdd.mandate",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    replaced_by_ids = fields.One2many("sdd.mandate", "replaces_id", string="Replaced by")

    # === COMPUTE METHODS === #

    @api.depends("signature_date", "last_collection_date")
    def _compute_expiry_date(self):
        for mandate in self:
            start = max(
                filter(None, [mandate.last_collection_date, mandate.signature_date]), default=None
            )
            mandate.expiry_date = start and start + relativedelta(months=DORMANT_MONTHS)

    # === BUSINESS METHODS === #

    def _note_collection(self, collection_date):
        """Remember that a debit was presented; called by the room that collects.

        :param date collection_date: the due date of the debit.
        """
        for mandate in self:
            if not mandate.last_collection_date or mandate.last_collection_date < collection_date:
                mandate.last_collection_date = collection_date

    def _create_replacement(self, **values):
        """Return a new draft mandate that takes the place of this one once it is active.

        Note: self.ensure_one()

        :param values: what is different in the new one, such as another holder.
        :rtype: `sdd.mandate` record
        :raise UserError: when a replacement waits for the customer already.
        """
        self.ensure_one()
        if waiting := self.replaced_by_ids.filtered(lambda m: m.state in ("draft", "pending")):
            raise UserError(
                self.env._(
                    "%(new)s waits to take the place of %(old)s already.",
                    new=waiting[0].name,
                    old=self.name,
                )
            )
        self.check_access("write")
        # In sudo mode: nobody links two mandates by hand.
        new = self.sudo().create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "holder": self.holder,
                "bank_account_id": self.bank_account_id.id,
                "scheme": self.scheme,
                "channel": "staff",
                "lang": self.lang,
                "replaces_id": self.id,
                **values,
            }
        )
        return new.with_env(self.env)

    def _on_activated(self):
        """Override to end the mandate whose place this one takes."""
        super()._on_activated()
        old = self.replaces_id
        if old and old.state not in ("revoked", "expired"):
            self._take_over(old)
            old._log_event("replaced", {"by": self.name})
            old.sudo()._revoke(self.env._("Replaced by mandate %s.", self.name))

    def _take_over(self, old):
        """Hook: what waits for the old mandate goes on with this one.

        Note: self.ensure_one()

        :param old: `sdd.mandate` record that ends now.
        """

    # === SCHEDULED JOBS === #

    @api.model
    def _cron_expire(self):
        """End the mandates that lapsed, and warn of those that are going to."""
        today = fields.Date.context_today(self)
        lapsed = self.search(
            [("state", "in", ("pending", "active", "suspended")), ("expiry_date", "<=", today)]
        )
        lapsed._move_to("expired", end_reason=self.env._("Nothing was collected for 36 months."))
        self._warn_of_lapse(today)

    @api.model
    def _warn_of_lapse(self, today):
        """Tell those who look after the customers which mandates lapse within three months.

        :param date today: the day of the run.
        """
        horizon = today + relativedelta(months=DORMANT_WARNING_MONTHS)
        lapsing = self.search(
            [("state", "in", ("active", "suspended")), ("expiry_date", "<=", horizon)]
        )
        for mandate in lapsing:
            warned = mandate.lapse_warning_date
            # A debit after the last warning has moved the day on.
            if warned and warned + relativedelta(months=DORMANT_WARNING_MONTHS, days=1) >= (
                mandate.expiry_date
            ):
                continue
            mandate.lapse_warning_date = today
            mandate._warn()

    def _warn(self):
        """Schedule an activity, and write to the customer if the company wants that.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self._log_event("reminded", {"lapses_on": fields.Date.to_string(self.expiry_date)})
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.expiry_date,
            summary=self.env._("The mandate lapses on %s", format_date(self.env, self.expiry_date)),
            note=self.env._(
                "Nothing was collected with it for almost 36 months. Collect before that day, or ask"
                " the customer for a new mandate."
            ),
            user_id=self._get_responsible().id,
        )
        if self.company_id.sdd_lapse_mail:
            self._ask_for_renewal()

    def _get_responsible(self):
        """Return who looks after this customer.

        Note: self.ensure_one()

        :rtype: `res.users` record
        """
        self.ensure_one()
        candidates = self.partner_id.user_id | self.order_id.sudo().user_id
        if active := candidates.filtered("active"):
            return active[:1]
        # Not by `ref`, which asks the database each time: this is called for many mandates at once.
        group_id = self.env["ir.model.data"]._xmlid_to_res_id("support_debit.group_manager")
        managers = self.env["res.groups"].browse(group_id).user_ids
        return (
            managers.filtered(lambda user: self.company_id in user.company_ids)[:1] or self.env.user
        )

    def _ask_for_renewal(self):
        """Ask the customer by e-mail to give a new mandate in the place of this one.

        The old one would lapse all the same: only a collection keeps it alive.

        Note: self.ensure_one()
        """
        self.ensure_one()
        addresses = self.env["sdd.mandate.confirmation"]._get_addresses(self.partner_id)
        # What is no e-mail address must not stop the job for the others.
        if "email" not in addresses or self.replaced_by_ids:
            return
        replacement = self._create_replacement()
        replacement._send_confirmation("support_debit.mail_template_mandate_dormant")
