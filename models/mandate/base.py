"""Account numbers that other models show as their own, by a related or an inherited field."""

from odoo import api, models, tools

from .const import NUMBER_FIELDS


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    @tools.ormcache("self._name", cache="stable")
    def _sdd_get_relayed_numbers(self):
        """Return which fields of this model show the number of a bank account.

        :return: {field name: path to the `res.partner.bank` record}
        :rtype: dict[str, str]
        """
        found = {}
        for field in self._fields.values():
            if not field.related or field.store:
                continue
            path, _dot, last = field.related.rpartition(".")
            if path and last in NUMBER_FIELDS and self._sdd_get_comodel(path) == "res.partner.bank":
                found[field.name] = path
        return found

    @api.model
    def _sdd_get_comodel(self, path):
        """Return the name of the model at the end of a path of relational fields."""
        model = self
        for name in path.split("."):
            model = self.env[model._fields[name].comodel_name]
        return model._name

    def _read_format(self, fnames, load="_classic_read"):
        """Override to mask or note down numbers that are read through another model."""
        result = super()._read_format(fnames, load)
        relayed = self._sdd_get_relayed_numbers()
        if relayed and not self.env.su:
            rows = {vals["id"]: vals for vals in result}
            records = self.browse(rows).with_prefetch(self._prefetch_ids)
            for name in relayed.keys() & set(fnames):
                for record, mask in records._sdd_hide_relayed(relayed[name], "read"):
                    rows[record.id][name] = mask
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Override to mask or note down numbers that are exported through another model."""
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        relayed = self._sdd_get_relayed_numbers()
        if not relayed or self.env.su:
            return rows
        for i, path in enumerate(fields):
            if not path or path[0] not in relayed:
                continue
            name = path[0]
            hidden = self._sdd_hide_relayed(relayed[name], "export")
            masks = {record[name]: mask for record, mask in hidden}
            for row in rows:
                row[i] = masks.get(row[i], row[i])
        return rows

    def _sdd_hide_relayed(self, path, way):
        """Return what the reader must not see of the accounts at the end of a path.

        :param str path: relational fields, from these records to `res.partner.bank`.
        :param str way: a value of `sdd.iban.access.way`.
        :return: records with the masks that take the place of their numbers.
        :rtype: list[tuple[record, str]]
        """
        # In sudo mode: so the ORM has read the number, too.
        accounts = {record: record.sudo().mapped(path) for record in self}
        all_accounts = self.env["res.partner.bank"].union(*accounts.values())
        masks = all_accounts.with_env(self.env)._sdd_hide(way)
        return [
            (record, masks[account.id])
            for record, account in accounts.items()
            if account.id in masks
        ]

    def _traverse_related_sql(self, alias, field, query):
        """Override to group and sort by no number of a mandate through another model either."""
        model, last, alias = super()._traverse_related_sql(alias, field, query)
        if model._name == "res.partner.bank" and last.name in NUMBER_FIELDS:
            model = model.sudo(self.env.su)
        return model, last, alias
