"""Which banks can be debited: a directory that the user imports, and what follows from it."""

from odoo import api, fields, models, tools
from odoo.tools import format_date

from ...sepa import bank_directory
from .sdd_debit_check import Finding

#: Months after which people are told that the directory is old: it is published quarterly.
DIRECTORY_WARNING_MONTHS = 3


class SddBankDirectory(models.Model):
    """A bank of the imported directory. The directory is replaced as a whole, for all companies."""

    _name = "sdd.bank.directory"
    _description = "Bank that Takes Direct Debits"
    _order = "bic"
    _rec_name = "bic"
    _rec_names_search = ["bic", "name"]

    bic = fields.Char(string="BIC", required=True, readonly=True)
    name = fields.Char(string="Bank", readonly=True)
    country_code = fields.Char(string="Country", readonly=True, index=True)
    core = fields.Boolean(string="SEPA Core", readonly=True)
    b2b = fields.Boolean(string="SEPA B2B", readonly=True)
    valid_from = fields.Date(required=True, readonly=True)

    _bic_unique = models.Constraint("UNIQUE(bic)", "Each BIC stands in the directory once.")

    @api.model
    def _replace(self, directory, valid_from):
        """Put another directory in place of this one.

        :param directory: `sepa.bank_directory.Directory`.
        :param date valid_from: since when it holds.
        :return: the new records.
        :rtype: `sdd.bank.directory` recordset
        """
        self.check_access("create")
        self.search([]).unlink()
        self.flush_model()
        return self.create(
            [
                {
                    "bic": entry.bic,
                    "name": entry.name,
                    "country_code": entry.bic[4:6],
                    "core": entry.core,
                    "b2b": entry.b2b,
                    "valid_from": valid_from,
                }
                for entry in directory.entries
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_valid_from(self):
        """Return since when the directory holds; False when none was imported.

        :rtype: date | bool
        """
        # In sudo mode: a table for everybody.
        return self.sudo().search([], limit=1).valid_from

    @api.model
    def _find_banks(self, bics):
        """Return what the directory says of banks, in one query.

        :param bics: iterable of BICs with 8 or 11 characters.
        :return: by BIC as given; one that is not in the directory is missing.
        :rtype: dict[str, `sdd.bank.directory` record (sudo)]
        """
        wanted = {bic: bank_directory.candidates(bic) for bic in bics}
        names = {name for names in wanted.values() for name in names}
        # In sudo mode: as above.
        known = self.sudo().search([("bic", "in", list(names))]).grouped("bic")
        return {
            bic: next(known[name] for name in names if name in known)
            for bic, names in wanted.items()
            if any(name in known for name in names)
        }


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_preflight_checks(self):
        """Override to ask whether the debtors' banks take direct debits."""
        return [*super()._get_preflight_checks(), type(self)._check_reachability]

    def _get_preflight_warnings(self):
        """Override to tell what an old directory says, too."""
        return [*super()._get_preflight_warnings(), type(self)._warn_reachability]

    def _check_reachability(self):
        """Return the debits whose banks, as the directory says, do not take them."""
        return self._find_unreachable(counting=True)

    def _warn_reachability(self):
        """Return the same by a directory that is too old to keep debits back."""
        return self._find_unreachable(counting=False)

    def _find_unreachable(self, counting):
        """Return the debits that the directory rules out.

        :param bool counting: look at the banks for which the directory still counts, or at those
            for which it is too old.
        :rtype: dict[`sdd.debit`, Finding]
        """
        valid_from = self.env["sdd.bank.directory"]._get_valid_from()
        if not valid_from:
            return {}
        today = fields.Date.context_today(self)
        journals = self.journal_id.filtered(
            lambda j: (
                counting == (fields.Date.add(valid_from, months=j.sdd_directory_months) >= today)
            )
        )
        asked = self.filtered(lambda d: d.journal_id in journals)
        bics = {mandate: mandate._get_bic() for mandate in asked.mandate_id}
        banks = self.env["sdd.bank.directory"]._find_banks(filter(None, set(bics.values())))
        found = {}
        for debit in asked:
            # A bank that cannot be told from the IBAN is not refused: the lists have gaps.
            bic = bics[debit.mandate_id]
            if bic and not self._takes(banks.get(bic), debit.scheme):
                found[debit] = debit._describe_unreachable(bic, banks.get(bic), valid_from)
        return found

    @staticmethod
    def _takes(bank, scheme):
        """Return whether a bank of the directory, or None, takes debits of a scheme."""
        return bool(bank) and (bank.b2b if scheme == "B2B" else bank.core)

    def _describe_unreachable(self, bic, bank, valid_from):
        """Return the finding that a debit's bank does not take it.

        Note: self.ensure_one()

        :param str bic: the bank's.
        :param bank: `sdd.bank.directory` record or None.
        :param date valid_from: of the directory.
        :rtype: Finding
        """
        values = {
            "bank": (bank and bank.name) or bic,
            "scheme": self.scheme,
            "date": format_date(self.env, valid_from),
        }
        if bank:
            reason = self.env._(
                "%(bank)s takes no %(scheme)s direct debits, says the bank directory of %(date)s."
                " Ask the customer for another account or another way to pay.",
                **values,
            )
        else:
            reason = self.env._(
                "%(bank)s is not in the bank directory of %(date)s. Ask the customer for another"
                " account, or import a newer directory.",
                **values,
            )
        return Finding("queued", reason, "reachability")
