from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from . import const


class ResCompany(models.Model):
    _inherit = "res.company"

    sdd_journal_id = fields.Many2one(
        "account.journal",
        string="Direct Debit Bank",
        domain="[('type', '=', 'bank'), ('company_id', '=', id)]",
        help="The bank account that new debits are collected to.",
    )
    sdd_setup_missing = fields.Json(compute="_compute_sdd_setup_missing")

    @api.constrains("sdd_journal_id")
    def _check_sdd_journal(self):
        for company in self.filtered("sdd_journal_id"):
            if company.sdd_journal_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The bank “%(journal)s” belongs to %(other)s, not to %(company)s.",
                        journal=company.sdd_journal_id.name,
                        other=company.sdd_journal_id.company_id.name,
                        company=company.name,
                    )
                )

    @api.depends(
        "sdd_creditor_identifier",
        "sdd_journal_id",
        "sdd_journal_id.sdd_creditor_identifier",
        "sdd_journal_id.sdd_transit_account_id",
        "sdd_journal_id.sdd_fee_account_id",
    )
    def _compute_sdd_setup_missing(self):
        for company in self:
            company.sdd_setup_missing = [str(text) for _code, text in company._sdd_get_missing()]

    def _sdd_check_ready(self, journal=None):
        """Raise a UserError that says what is missing before this company can collect.

        Note: self.ensure_one()

        :param journal: the bank journal; the one for new debits if omitted.
        """
        self.ensure_one()
        if missing := self._sdd_get_missing(journal):
            raise UserError("\n".join(str(text) for _code, text in missing))

    def _sdd_get_missing(self, journal=None):
        """Return what still stands between this company and its first direct debit.

        :param journal: the bank journal; the one for new debits if omitted.
        :return: list of (code, sentence for the user).
        :rtype: list[tuple[str, str]]
        """
        self.ensure_one()
        journal = journal or self.sdd_journal_id
        missing = []
        if self.currency_id.name != "EUR":
            missing.append(
                (
                    "currency",
                    self.env._(
                        "SEPA direct debits are in euro; the company keeps its books in %s.",
                        self.currency_id.name,
                    ),
                )
            )
        identifier = journal._sdd_get_identifier() if journal else self.sdd_creditor_identifier
        if not identifier:
            missing.append(("creditor_identifier", self.env._("Enter the creditor identifier.")))
        if not journal:
            missing.append(("journal", self.env._("Choose the bank account to collect to.")))
        elif not journal._sdd_has_iban():
            missing.append(
                ("iban", self.env._("Enter a valid IBAN for the bank account “%s”.", journal.name))
            )
        return missing + (self._sdd_get_missing_accounts(journal) if journal else [])

    def _sdd_get_missing_accounts(self, journal):
        """Return which accounts of a bank journal neither it nor the one for new debits has.

        :return: list of (code, sentence for the user).
        :rtype: list[tuple[str, str]]
        """
        has = {
            name: bool(journal[name] or self.sdd_journal_id[name]) for name in const.SDD_ACCOUNTS
        }
        missing = []
        if not has["sdd_transit_account_id"]:
            text = self.env._("Choose the account for debits in transit on “%s”.", journal.name)
            missing.append(("account", text))
        if not has["sdd_fee_account_id"]:
            text = self.env._("Choose the account for bank return fees on “%s”.", journal.name)
            missing.append(("fee_account", text))
        return missing

    @api.model
    def sdd_get_setup_hint(self):
        """Return what the banner above the lists says while the set-up is not complete.

        :return: {missing: sentences, can_configure: whether the user may open the settings}.
        :rtype: dict
        """
        if not self.env.user.has_group("support_debit.group_support_user"):
            return {"missing": [], "can_configure": False}
        # In sudo mode: salespeople are told what is missing without access to journals.
        company = self.env.company.sudo()
        missing = [str(text) for _code, text in company._sdd_get_missing()]
        provider = (
            self.env["payment.provider"]
            .sudo()
            .search([("code", "=", "sdd"), ("company_id", "=", company.id)], limit=1)
        )
        if provider.state in (False, "disabled"):
            missing.append(self.env._("Switch on direct debit in the shop."))
        return {"missing": missing, "can_configure": self.env.user.has_group("base.group_system")}

    def write(self, vals):
        res = super().write(vals)
        if vals.get("sdd_journal_id"):
            self._sdd_prepare_accounts()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._sdd_prepare_accounts()
        return companies

    def _sdd_get_paydays(self, country):
        """Return the pay-days of a country's customers. Overridden by the room that keeps them.

        Note: self.ensure_one()

        :param country: `res.country` record, may be empty.
        :rtype: tuple[sepa.payday.Window]
        """
        self.ensure_one()
        return ()

    def _sdd_prepare_accounts(self):
        """Give the journals for new debits their accounts; see `account.journal`."""
        self.sdd_journal_id._sdd_prepare_accounts()

    def _sdd_find_fee_account(self):
        """Return the account for what the bank charges for a return, made if the chart has none."""
        accounts = self.env["account.account"].sudo().with_company(self)
        code = const.FEE_ACCOUNT_CODES.get(self.chart_template)
        account = code and accounts.search(
            [("code", "=", code), ("company_ids", "in", self.ids)], limit=1
        )
        return account or self._sdd_create_account(self.env._("Bank return fees"), "expense")

    def _sdd_create_account(self, name, account_type, reconcile=False):
        """Create an account beside the company's others of its type.

        :param str name: the account's name.
        :param str account_type: a value of `account.account.account_type`.
        :param bool reconcile: whether its lines can be matched with each other.
        :rtype: `account.account` record
        """
        accounts = self.env["account.account"].sudo().with_company(self)
        if reconcile and self.chart_template in const.TRANSIT_ACCOUNT_NEIGHBOURS:
            neighbour = const.TRANSIT_ACCOUNT_NEIGHBOURS[self.chart_template]
        else:
            neighbour = accounts.search(
                [("account_type", "=", account_type), ("company_ids", "in", self.ids)], limit=1
            ).code
        return accounts.create(
            {
                "name": name,
                "code": accounts._search_new_account_code(neighbour or "1000"),
                "account_type": account_type,
                "reconcile": reconcile,
                "company_ids": [(6, 0, self.ids)],
            }
        )
