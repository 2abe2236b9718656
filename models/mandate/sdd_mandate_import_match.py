"""Whose mandates the lines of a file are: a few queries for all lines together."""

from collections import defaultdict

from odoo import fields
from odoo.tools import email_normalize

#: So many names are told when several customers fit.
_NAMED = 3


class CustomerMatcher:
    """Finds the customers of many lines: by number, by e-mail, by name and ZIP, in this order.

    :param env: environment of the user who imports; only customers he may see are found.
    :param company: the creditor.
    :param rows: `sepa.mandate_file.MandateRow` records.
    """

    def __init__(self, env, company, rows):
        self.partners = env["res.partner"]
        self.domain = fields.Domain("company_id", "in", [company.id, False])
        values = [row.values for row in rows]
        self.by_ref = self._index("ref", {v.get("customer_ref") for v in values})
        emails = {email_normalize(v.get("email") or "") for v in values}
        self.by_email = self._index("email_normalized", emails)
        self.by_name = self._index_names({v.get("zip") for v in values if v.get("customer_name")})

    def _index(self, field, wanted):
        """Return the customers by a field's value."""
        wanted = list(filter(None, wanted))
        found = defaultdict(self.partners.browse)
        if wanted:
            names = ["name", "complete_name", "ref", "is_company", "commercial_partner_id", field]
            for partner in self.partners.search_fetch(
                self.domain & fields.Domain(field, "in", wanted), names
            ):
                found[partner[field]] |= partner
        return found

    def _index_names(self, zips):
        """Return the customers by name and ZIP."""
        found = defaultdict(self.partners.browse)
        for zip_code, partners in self._index("zip", zips).items():
            for partner in partners:
                found[self._fold(partner.name), zip_code] |= partner
        return found

    @staticmethod
    def _fold(name):
        return " ".join((name or "").casefold().split())

    def find(self, row):
        """Return the customer of a line, empty when he is new; add what was found to the row.

        :param row: `sepa.mandate_file.MandateRow`.
        :rtype: `res.partner` record
        """
        values = row.values
        if found := self.by_ref.get(values.get("customer_ref")):
            return self._choose(row, found, "customer_ref")
        found, column = self._find_otherwise(values)
        if values.get("customer_ref"):
            # Who has another number is somebody else with the same name or address.
            found = found.filtered(lambda p: not p.ref)
        partner = self._choose(row, found, column) if found else found
        if partner and values.get("customer_ref"):
            row.note("hint", "found_otherwise", "customer_ref", customer=partner.complete_name)
        return partner

    def _find_otherwise(self, values):
        """Return the customers by e-mail or by name and ZIP, and the column that found them."""
        name = self._fold(values.get("customer_name"))
        found = self.by_email.get(email_normalize(values.get("email") or ""))
        if found is not None:
            # Families and offices share addresses: the name decides, if there is one.
            same = found.filtered(lambda p: self._fold(p.name) == name)
            return same or found, "email"
        found = self.by_name.get((name, values.get("zip")))
        return (self.partners.browse() if found is None else found), "customer_name"

    def _choose(self, row, found, column):
        """Return the only customer, or note that there are several."""
        if len(found) > 1:
            # A company and its contacts are one customer.
            top = found.filtered(lambda p: p == p.commercial_partner_id)
            found = top if len(top) == 1 else found
        if len(found) > 1:
            names = ", ".join(partner.complete_name for partner in found[:_NAMED])
            row.note("error", "several_customers", column, customers=names)
            return self.partners.browse()
        self._compare_names(row, found)
        return found

    def _compare_names(self, row, partner):
        """Note when the customer has no word of his name in common with the line."""
        words = [
            set(self._fold(text).replace(",", " ").split())
            for text in (row.values.get("customer_name"), row.values.get("holder"))
        ]
        own = set(self._fold(partner.complete_name).replace(",", " ").split())
        if any(words) and not any(own & some for some in words):
            row.note("hint", "other_name", "customer_name", customer=partner.complete_name)

    @staticmethod
    def get_key(row):
        """Return what the lines of one new customer have in common.

        :rtype: str
        """
        values = row.values
        name = CustomerMatcher._fold(values.get("customer_name"))
        if ref := values.get("customer_ref"):
            return f"ref {ref}"
        if email := email_normalize(values.get("email") or ""):
            return f"email {email} {name}"
        if zip_code := values.get("zip"):
            return f"name {name} {zip_code}"
        return f"line {row.number}"
