from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...sepa import iban as sepa_iban
from ...sepa import references
from .const import TRANSITIONS


class SddMandate(models.Model):
    """A debtor's authorisation to collect from one account (EPC016-06 4.7.2)."""

    _name = "sdd.mandate"
    _description = "SEPA Direct Debit Mandate"
    _inherit = ["support.guarded", "mail.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "partner_id.name", "holder"]
    _check_company_auto = True
    _transitions = TRANSITIONS
    _guarded_fields = frozenset(
        "state text_shown text_hash text_id lang order_id seal end_date end_reason replaces_id"
        " bank_confirmed_date evidence_grade".split()
    )
    _fixed_fields = frozenset(
        "name company_id creditor_identifier creditor_name partner_id holder bank_account_id scheme mandate_type"
        " signature_date channel".split()
    )

    name = fields.Char(
        string="Mandate Reference", required=True, copy=False, readonly=True, default="/"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    creditor_identifier = fields.Char(required=True, readonly=True, copy=False)
    creditor_name = fields.Char(
        readonly=True, copy=False, help="The creditor's name as the mandate has it."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id")
    holder = fields.Char(string="Account Holder", required=True, tracking=True)
    bank_account_id = fields.Many2one(
        "res.partner.bank",
        string="Account",
        index=True,
        ondelete="restrict",
        copy=False,
        help="The customer can enter it himself when he confirms the mandate by a link.",
    )
    iban_masked = fields.Char(string="IBAN", compute="_compute_account_facts")
    bank_name = fields.Char(string="Bank", compute="_compute_account_facts")
    scheme = fields.Selection(
        [("CORE", "SEPA Core"), ("B2B", "SEPA B2B")], required=True, default="CORE"
    )
    mandate_type = fields.Selection(
        [("recurrent", "Recurrent"), ("one_off", "One-off")],
        string="Type",
        required=True,
        default="recurrent",
    )
    signature_date = fields.Date(string="Given on", copy=False, tracking=True)
    channel = fields.Selection(
        [
            ("web", "Web shop"),
            ("portal", "Customer portal"),
            ("phone", "Telephone"),
            ("staff", "Entered by staff"),
            ("import", "Imported"),
        ],
        required=True,
        default="staff",
    )
    lang = fields.Char(string="Language", readonly=True, copy=False)
    text_id = fields.Many2one(
        "sdd.mandate.text", string="Wording", readonly=True, ondelete="restrict"
    )
    text_shown = fields.Text(string="Text as shown", readonly=True, copy=False)
    text_hash = fields.Char(string="SHA-256 of the text", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("pending", "Waits for confirmation"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("revoked", "Revoked"),
            ("expired", "Expired"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    last_collection_date = fields.Date(
        readonly=True, copy=False, help="Due date of the last debit that was presented."
    )
    end_date = fields.Date(string="Ended on", readonly=True, copy=False)
    end_reason = fields.Char(string="Ended because", readonly=True, copy=False)
    event_ids = fields.One2many("sdd.mandate.event", "mandate_id", string="History")
    order_id = fields.Many2one(
        "sale.order", string="Given with Order", readonly=True, copy=False, index="btree_not_null"
    )

    # The three-letter business code is no part of the creditor's identity: EPC262-08.
    _reference_unique = models.UniqueIndex(
        "((substr(creditor_identifier, 1, 4) || substr(creditor_identifier, 8)), upper(name))",
        "This mandate reference is in use already. References are never used twice.",
    )

    # === COMPUTE METHODS === #

    @api.depends("bank_account_id.sanitized_acc_number")
    def _compute_account_facts(self):
        for mandate in self:
            # In sudo mode: the mask and the bank's name may be read without the right to the IBAN.
            number = mandate.bank_account_id.sudo().sanitized_acc_number or ""
            mandate.iban_masked = sepa_iban.mask(number) if number else ""
            facts = sepa_iban.partial(number).facts
            mandate.bank_name = (facts and facts.bank_name) or ""

    @api.depends("name", "iban_masked")
    def _compute_display_name(self):
        for mandate in self:
            tail = mandate.iban_masked and mandate.iban_masked[-4:]
            name = self.env._("New mandate") if mandate.name == "/" else mandate.name
            mandate.display_name = f"{name} (•• {tail})" if tail else name

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Propose the customer's name and his only account when a mandate is entered by hand."""
        if not self.partner_id:
            return
        self.holder = self.partner_id.name or self.commercial_partner_id.name
        accounts = self.commercial_partner_id.bank_ids | self.partner_id.bank_ids
        self.bank_account_id = accounts if len(accounts) == 1 else False

    # === CONSTRAINT METHODS === #

    @api.constrains("name")
    def _check_name(self):
        for mandate in self:
            try:
                references.check(mandate.name)
            except references.InvalidReference as error:
                raise ValidationError(
                    self.env._(
                        "“%(reference)s” cannot be a mandate reference: 1 to 35 letters, digits or"
                        " + ? - : ( ) . , ' and single slashes inside.",
                        reference=mandate.name,
                    )
                ) from error

    @api.constrains("bank_account_id", "state")
    def _check_bank_account(self):
        for mandate in self:
            account = mandate.bank_account_id.sudo()
            if not account and mandate.state in ("active", "suspended"):
                raise ValidationError(
                    self.env._("Mandate %s has no account yet. Enter the IBAN.", mandate.name)
                )
            if not account or mandate.state in ("revoked", "expired"):
                continue
            try:
                sepa_iban.check(account.sanitized_acc_number)
            except sepa_iban.IbanError as error:
                raise ValidationError(
                    self.env["res.partner.bank"]._sdd_error_message(error)
                ) from error

    @api.constrains("signature_date")
    def _check_signature_date(self):
        # A day ahead: where the customer is, it may be tomorrow already.
        latest = fields.Date.add(fields.Date.today(), days=1)
        for mandate in self:
            if mandate.signature_date and mandate.signature_date > latest:
                raise ValidationError(
                    self.env._(
                        "Mandate %(name)s cannot have been given on %(date)s: that day is still to come.",
                        name=mandate.name,
                        date=mandate.signature_date,
                    )
                )

    @api.constrains("scheme", "partner_id")
    def _check_scheme(self):
        for mandate in self:
            if mandate.scheme == "B2B" and not mandate.partner_id.commercial_partner_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(customer)s is a consumer. The B2B scheme is for companies only; use Core.",
                        customer=mandate.partner_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals.setdefault("creditor_identifier", company._sdd_get_creditor_identifier())
            vals.setdefault("creditor_name", company.name)
            if vals.get("name", "/") == "/":
                vals["name"] = self._next_reference(company)
            if not vals.get("holder"):
                vals["holder"] = self.env["res.partner"].browse(vals.get("partner_id")).name
        mandates = super().create(vals_list)
        mandates._log_event("created")
        return mandates

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A mandate is evidence and is never deleted. Revoke it when it must not be used."
            )
        )

    # === BUSINESS METHODS === #

    @api.model
    def _next_reference(self, company):
        """Return a mandate reference that was never used before.

        :param company: the creditor.
        :rtype: str
        """
        # In sudo mode: a visitor of the shop draws a number too.
        number = self.env["ir.sequence"].sudo().with_company(company).next_by_code("sdd.mandate")
        return references.mandate_reference(company.sdd_reference_prefix or "M", number)

    def _move_to(self, state, *, event_data=None, **values):
        """Override to write every step into the mandates' history.

        :param dict event_data: what is known about the step; JSON values.
        """
        if state in ("revoked", "expired"):
            values.setdefault("end_date", fields.Date.context_today(self))
        res = super()._move_to(state, **values)
        self._log_event("activated" if state == "active" else state, event_data)
        return res

    def _on_activated(self):
        """Hook: these mandates can be debited now.

        Note: self.ensure_one()
        """

    def _get_iban(self):
        """Return the IBAN in clear for the bank file.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        # In sudo mode: the file must name the account whoever creates the batch.
        return self.bank_account_id.sudo().sanitized_acc_number
