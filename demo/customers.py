"""The demo's customers, with accounts that pass every check.

Nobody here exists. The account numbers were drawn at random for real bank codes, so that the
shop can name the bank; e-mail addresses are in a domain that never delivers (RFC 2606).
"""

import csv
from typing import NamedTuple

from odoo.tools import file_open

#: Language of a customer by his country.
LANGUAGES = {"DE": "de_DE", "AT": "de_DE", "NL": "nl_NL", "FR": "fr_FR"}

#: Telephone numbers that nobody has: reserved for films where a country does that, else impossible.
PHONES = {
    "DE": "+49 30 23125 0{:02}",
    "AT": "+43 1 000 00 {:02}",
    "NL": "+31 20 000 00 {:02}",
    "FR": "+33 1 99 00 00 {:02}",
}

#: Customers that are companies, with their VAT number if they gave one.
COMPANIES = {
    "vogt": "DE129273398",
    "praxis": False,
    "seniorentreff": False,
    "edelweiss": "ATU12345675",
    "bloemen": "NL123456782B90",
}

#: Customers who can sign in; the password is the login.
PORTAL_LOGINS = {"berger": "anna", "devries": "pieter", "martin": "sophie"}


class Customer(NamedTuple):
    """One customer: `key` names him in stories.py, `country` is an ISO code."""

    key: str
    name: str
    street: str
    zip: str
    city: str
    country: str
    iban: str


def read_customers():
    """Return the customers of customers.csv.

    :rtype: list[Customer]
    """
    with file_open("support_debit/demo/customers.csv") as file:
        return [Customer(**row) for row in csv.DictReader(file)]


class Customers:
    """Creates the customers and those who can sign in.

    :param company: `res.company` record whose environment is that of the superuser.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self.ibans = {}

    def create(self):
        """Create all customers.

        :rtype: dict[str, `res.partner`], by key.
        """
        rows = read_customers()
        countries = self.env["res.country"].search([("code", "in", list(LANGUAGES))])
        by_code = countries.grouped("code")
        partners = self.env["res.partner"].create(
            [self._prepare(row, by_code[row.country], n) for n, row in enumerate(rows, 10)]
        )
        self.ibans = {row.key: row.iban for row in rows}
        found = dict(zip(self.ibans, partners, strict=True))
        for key, login in PORTAL_LOGINS.items():
            self._create_login(found[key], login)
        return found

    @staticmethod
    def _prepare(row, country, number):
        """Return the values of one customer."""
        return {
            "name": row.name,
            "street": row.street,
            "zip": row.zip,
            "city": row.city,
            "country_id": country.id,
            "lang": LANGUAGES[row.country],
            "email": f"{row.key}@example.com",
            "phone": PHONES[row.country].format(number),
            "is_company": row.key in COMPANIES,
            "vat": COMPANIES.get(row.key, False),
        }

    def _create_login(self, partner, login):
        """Let a customer sign in to the shop and see his own documents."""
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
