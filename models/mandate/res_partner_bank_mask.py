"""How the account numbers of mandates leave the database: masked, or in full and noted down.

What the program computes with stays correct: the numbers are masked where they go out (reading,
exporting, grouping, sorting, searching), never in the ORM's cache.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...sepa import iban as sepa_iban
from .const import MAX_SEARCHED_IBANS, NUMBER_FIELDS

#: Marks the context of a query that fills the cache. No client can send this very object.
_FILLS_CACHE = object()


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    sanitized_acc_number = fields.Char(search="_search_sanitized_acc_number")

    # === COMPUTE AND SEARCH METHODS === #

    @api.depends("sdd_protected")
    def _compute_display_name(self):
        """Override to mask the numbers of mandates for everybody.

        Odoo reads the labels of linked records in sudo mode, so the label cannot tell who asks.
        """
        super()._compute_display_name()
        for account in self.filtered(lambda a: a.sdd_protected and a.acc_number):
            account.display_name = account.display_name.replace(
                account.acc_number, account._sdd_get_mask()
            )

    def _search_sanitized_acc_number(self, operator, value):
        """Let people without the right find an account of a mandate by its full IBAN only.

        With parts of a number, comparisons or patterns one could find out one digit after another.
        """
        if self._sdd_may_see_numbers():
            return Domain("sanitized_acc_number", operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            # The ORM negates the positive condition.
            return NotImplemented
        if operator in ("<", "<=", ">", ">="):
            # The ORM takes an empty number, as `_field_to_sql` gives it, for smaller than any other.
            return Domain("sdd_protected", "=", False) & Domain.custom(
                to_sql=lambda model, alias, query: model._fields[
                    "sanitized_acc_number"
                ].condition_to_sql("sanitized_acc_number", operator, value, model, alias, query)
            )
        hashes = self._sdd_hash_searched(operator, value)

        def to_sql(model, alias, query):
            field = model._fields["sanitized_acc_number"]
            # `_field_to_sql` has no number for protected accounts.
            plain = field.condition_to_sql(field.name, operator, value, model, alias, query)
            if not hashes:
                return SQL("COALESCE(%s, FALSE)", plain)
            hash_field = model._fields["iban_hash"]
            return SQL(
                "(COALESCE(%s, FALSE) OR %s IN %s)",
                plain,
                SQL.identifier(alias, hash_field.name, to_flush=hash_field),
                hashes,
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _sdd_hash_searched(self, operator, value):
        """Return the keyed hashes of the full IBANs in a search condition.

        :rtype: tuple[str, ...], empty when too many numbers are tried at once
        """
        if operator == "in":
            texts = [text for text in value if isinstance(text, str)]
        elif operator in ("like", "ilike", "=like", "=ilike") and isinstance(value, str):
            texts = [value.strip("%")]
        else:
            texts = []
        hashes = []
        for text in texts[: MAX_SEARCHED_IBANS + 1]:
            try:
                hashes.append(self._sdd_hash(sepa_iban.validate(text)))
            except sepa_iban.IbanError:
                continue
        return tuple(hashes) if len(hashes) <= MAX_SEARCHED_IBANS else ()

    # === ORM OUTLETS === #

    def _read_format(self, fnames, load="_classic_read"):
        """Override to mask or note down numbers that are read, also those of a form's onchange."""
        result = super()._read_format(fnames, load)
        names = [name for name in NUMBER_FIELDS if name in fnames]
        if not names or self.env.su:
            return result
        records = self.browse(vals["id"] for vals in result).with_prefetch(self._prefetch_ids)
        masks = records._sdd_hide("read")
        for vals in result:
            if mask := masks.get(vals["id"]):
                vals.update(dict.fromkeys(names, mask))
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Override to mask or note down numbers that are exported."""
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        columns = [i for i, path in enumerate(fields) if path and path[0] in NUMBER_FIELDS]
        if not columns or self.env.su:
            return rows
        masks = {}
        for record_id, mask in self._sdd_hide("export").items():
            record = self.browse(record_id)
            masks.update({record[name]: mask for name in NUMBER_FIELDS})
        for row in rows:
            for i in columns:
                row[i] = masks.get(row[i], row[i])
        return rows

    def _sdd_hide(self, way):
        """Return the masks of those of these accounts that the reader must not see.

        Note down which ones he sees.

        :param str way: a value of `sdd.iban.access.way`.
        :return: {record id: mask}
        :rtype: dict
        """
        # A line of a form that is being edited is a new record that stands for a stored one.
        protected = self.filtered(lambda account: account._origin.sdd_protected)
        if self._sdd_may_see_numbers():
            self.env["sdd.iban.access"]._note(protected._origin, way)
            return {}
        return {account.id: account._origin._sdd_get_mask() for account in protected}

    def _field_to_sql(self, alias, field_expr, query=None):
        """Override to group, sort and compare by no number of a mandate.

        The same method says which columns fill the cache: those are as they are.
        """
        sql = super()._field_to_sql(alias, field_expr, query)
        if (
            field_expr not in NUMBER_FIELDS
            or self.env.context.get("sdd_fills_cache") is _FILLS_CACHE
            or self._sdd_may_see_numbers()
        ):
            return sql
        protected = self._fields["sdd_protected"]
        return SQL(
            "CASE WHEN %s THEN NULL ELSE %s END",
            SQL.identifier(alias, protected.name, to_flush=protected),
            sql,
        )

    def _fetch_query(self, query, fields):
        """Override to fill the cache with the numbers as they are."""
        marked = self.with_context(sdd_fills_cache=_FILLS_CACHE)
        return super(ResPartnerBank, marked)._fetch_query(query, fields).with_env(self.env)

    # === OTHER OUTLETS === #

    def copy_data(self, default=None):
        """Override: a copy of a mandate's account would hand its number out."""
        self._sdd_check_may_see()
        return super().copy_data(default)

    def get_bban(self):
        """Override: a part of the number in clear."""
        self._sdd_check_may_see()
        return super().get_bban()

    def _build_qr_code_vals(
        self,
        amount,
        free_communication,
        structured_communication,
        currency,
        debtor_partner,
        qr_method=None,
        silent_errors=True,
    ):
        """Override: the code would hold the number in clear."""
        if any(self.mapped("sdd_protected")) and not self._sdd_may_see_numbers():
            return None
        return super()._build_qr_code_vals(
            amount,
            free_communication,
            structured_communication,
            currency,
            debtor_partner,
            qr_method,
            silent_errors,
        )

    @api.model
    def _sdd_mask_in_text(self, text):
        """Return a text with the numbers of mandates masked if the reader must not see them.

        :param str text: what is about to be shown or sent; other account numbers stay.
        :rtype: str
        """
        numbers = {number for _start, _end, number in sepa_iban.find_in_text(text or "")}
        if not numbers or self._sdd_may_see_numbers():
            return text
        # In sudo mode: what is found decides what is hidden.
        accounts = self.sudo().with_context(active_test=False)
        protected = accounts.search(
            [
                ("iban_hash", "in", [self._sdd_hash(number) for number in numbers]),
                ("sdd_protected", "=", True),
            ]
        )
        return sepa_iban.mask_valid_in_text(text, set(protected.mapped("sanitized_acc_number")))

    def _sdd_check_may_see(self):
        """Refuse to hand out the numbers of these accounts to a person without the right.

        :raise AccessError: when one of them belongs to a mandate.
        """
        if not self._sdd_may_see_numbers() and any(self.mapped("sdd_protected")):
            raise AccessError(
                self.env._(
                    "This account belongs to a mandate. Only users with the right “See full bank"
                    " details” see its number."
                )
            )
