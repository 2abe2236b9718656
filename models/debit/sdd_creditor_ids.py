"""Several creditor identifiers in one company: one for each bank that collects, where needed."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...sepa import creditor_id
from ..mandate.const import AMENDABLE_STATES
from .sdd_debit_check import Finding


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sdd_creditor_identifier = fields.Char(
        string="Creditor Identifier",
        help="Only if this bank collects under another one than the company.",
    )

    @api.constrains("sdd_creditor_identifier")
    def _check_sdd_creditor_identifier(self):
        for journal in self.filtered("sdd_creditor_identifier"):
            journal.company_id._sdd_check_creditor_identifier(journal.sdd_creditor_identifier)

    @api.model_create_multi
    def create(self, vals_list):
        companies = self.env["res.company"]
        return super().create([companies._sdd_normalise(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self.env["res.company"]._sdd_normalise(vals))

    def _sdd_get_identifier(self):
        """Return the identifier under which this journal collects; empty while there is none.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        return self.sdd_creditor_identifier or self.company_id.sdd_creditor_identifier or ""

    def _sdd_fits(self, mandate):
        """Return whether debits of a mandate can be collected here.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record.
        :rtype: bool
        """
        own = self._sdd_get_identifier()
        return bool(own) and creditor_id.same_creditor(own, mandate.creditor_identifier)


class ResCompany(models.Model):
    _inherit = "res.company"

    sdd_outdated_mandate_count = fields.Integer(compute="_compute_sdd_outdated_mandate_count")

    @api.depends("name", "sdd_creditor_identifier", "sdd_journal_id.sdd_creditor_identifier")
    def _compute_sdd_outdated_mandate_count(self):
        for company in self:
            company.sdd_outdated_mandate_count = len(company._sdd_get_outdated_mandates())

    def _sdd_get_creditor_identifier(self):
        """Override: the bank that new debits are collected to may have an identifier of its own."""
        self.ensure_one()
        # In sudo mode: a visitor of the shop gives a mandate without access to journals.
        return self.sudo().sdd_journal_id.sdd_creditor_identifier or (
            super()._sdd_get_creditor_identifier()
        )

    def _sdd_find_journal(self, mandate):
        """Return the bank journal on which debits of a mandate are collected.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record.
        :rtype: `account.journal` record
        :raise UserError: when the company collects nothing under the mandate's identifier.
        """
        journal = self._sdd_search_journal(mandate)
        if not journal:
            raise UserError(self._sdd_describe_misfit(mandate))
        return journal

    def _sdd_search_journal(self, mandate):
        """Return the bank journal on which debits of a mandate are collected, empty if there is none.

        The company's direct debit bank if its identifier fits, else another bank journal with the
        mandate's identifier.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record.
        :rtype: `account.journal` record
        """
        self.ensure_one()
        journal = self.sdd_journal_id
        if journal._sdd_fits(mandate):
            return journal
        # In sudo mode: whoever queues a debit need not see all journals.
        others = (
            self.env["account.journal"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.id),
                    ("type", "=", "bank"),
                    ("sdd_creditor_identifier", "!=", False),
                ]
            )
        )
        ready = others.filtered(lambda j: j._sdd_fits(mandate) and not self._sdd_get_missing(j))
        return ready[:1].with_env(self.env)

    def _sdd_describe_misfit(self, mandate):
        """Return the sentence that no bank of this company collects under a mandate's identifier.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record.
        :rtype: str
        """
        return self.env._(
            "Mandate %(mandate)s names the creditor identifier %(identifier)s, and no bank of"
            " %(company)s collects under it. Change the creditor of the mandate.",
            mandate=mandate.name,
            identifier=mandate.creditor_identifier,
            company=self.name,
        )

    def _sdd_get_identifiers(self):
        """Return the creditor identifiers under which this company collects.

        Note: self.ensure_one()

        :rtype: set[str]
        """
        self.ensure_one()
        # In sudo mode: a matter of the company, not of who looks at a mandate.
        journals = (
            self.env["account.journal"]
            .sudo()
            .search([("company_id", "=", self.id), ("sdd_creditor_identifier", "!=", False)])
        )
        own = set(journals.mapped("sdd_creditor_identifier"))
        main = self.sudo().sdd_journal_id._sdd_get_identifier() if self.sdd_journal_id else ""
        return (own | {main or self.sdd_creditor_identifier}) - {False, ""}

    def _sdd_get_outdated_mandates(self):
        """Return the mandates that name another creditor than this company is now.

        Note: self.ensure_one()

        :rtype: `sdd.mandate` recordset, as far as the user may see them
        """
        self.ensure_one()
        identifiers = self._sdd_get_identifiers()
        if not identifiers:
            return self.env["sdd.mandate"]
        other = fields.Domain("creditor_name", "not in", [self.name, False])
        other |= fields.Domain("creditor_identifier", "not in", list(identifiers))
        mandates = self.env["sdd.mandate"].search(
            fields.Domain("company_id", "=", self.id)
            & fields.Domain("state", "in", AMENDABLE_STATES)
            & other
        )
        return mandates.filtered("creditor_outdated")


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    creditor_outdated = fields.Boolean(
        compute="_compute_creditor_outdated",
        help="The company has another name or creditor identifier now than the mandate says.",
    )

    @api.depends("creditor_identifier", "creditor_name", "state", "company_id.name")
    def _compute_creditor_outdated(self):
        for company, mandates in self.grouped("company_id").items():
            identifiers = company._sdd_get_identifiers() if company else set()
            for mandate in mandates:
                mandate.creditor_outdated = mandate.state in AMENDABLE_STATES and (
                    mandate._names_another(company.name, identifiers)
                )

    def _names_another(self, name, identifiers):
        """Return whether this mandate names another creditor.

        Note: self.ensure_one()

        :param str name: the creditor's name now.
        :param set identifiers: his identifiers now.
        :rtype: bool
        """
        if not self.creditor_identifier:
            # A mandate that is being entered names its creditor when it is saved.
            return False
        if self.creditor_name and self.creditor_name != name:
            return True
        # The business code is no part of the creditor's identity: EPC262-08.
        return bool(identifiers) and not any(
            creditor_id.same_creditor(self.creditor_identifier, identifier)
            for identifier in identifiers
        )

    def _amend_creditor(self, identifier=None, name=None):
        """Override: what waits to be collected moves to the bank that has the new identifier."""
        events = super()._amend_creditor(identifier=identifier, name=name)
        # In sudo mode: whoever changes mandates need not have rights on debits.
        debits = self.sudo().debit_ids.filtered(lambda d: d.state in ("queued", "held"))
        debits._move_to_fitting_bank()
        debits._release("creditor")
        return events


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    hold_code = fields.Selection(
        selection_add=[("creditor", "The mandate's creditor to be changed")]
    )

    @api.constrains("mandate_id", "journal_id")
    def _check_creditor_identifier(self):
        for debit in self:
            if not debit.journal_id._sdd_fits(debit.mandate_id):
                raise ValidationError(debit._describe_misfit())

    def _move_to_fitting_bank(self):
        """Collect these waiting debits on the bank that has their mandates' creditor identifier.

        Those for which there is none stay where they are; they are held before they get into a file.
        """
        # In sudo mode: whoever changes mandates need not have rights on debits.
        for debit in self.sudo().filtered(lambda d: not d.journal_id._sdd_fits(d.mandate_id)):
            if journal := debit.company_id._sdd_search_journal(debit.mandate_id):
                debit.journal_id = journal

    def _find_obstacle_of_mandate(self):
        """Override: nothing leaves under another creditor identifier than the mandate's."""
        if found := super()._find_obstacle_of_mandate():
            return found
        if self.journal_id._sdd_fits(self.mandate_id):
            return None
        return Finding("held", self._describe_misfit(), "creditor")

    def _describe_misfit(self):
        """Return the sentence that the bank collects under another creditor identifier.

        Note: self.ensure_one()

        :rtype: str
        """
        return self.env._(
            "Mandate %(mandate)s names the creditor identifier %(identifier)s, but “%(bank)s”"
            " collects under %(other)s. Change the creditor of the mandate, or collect with another"
            " bank.",
            mandate=self.mandate_id.name,
            identifier=self.mandate_id.creditor_identifier,
            bank=self.journal_id.name,
            other=self.journal_id._sdd_get_identifier(),
        )
