"""The demo company: address, chart of accounts, bank, direct debit provider, users."""

import base64
import os

from odoo.tools import file_open

CREDITOR_ID = "DE98ZZZ09999999999"
IBAN = "DE89370400440532013000"
NAME = "Fernhilfe Nord GmbH"
CHART = "de_skr03"

#: Login, name, language, groups. Passwords equal the logins: this is a demo.
STAFF = (
    (
        "sales",
        "Svenja Sommer",
        ("sales_team.group_sale_salesman_all_leads", "support_debit.group_support_user"),
    ),
    (
        "accountant",
        "Arne Albers",
        (
            "account.group_account_manager",
            "sales_team.group_sale_salesman_all_leads",
            "support_debit.group_accountant",
        ),
    ),
)


def picture(name):
    """Return a demo picture for a binary field.

    :param str name: a file in static/img/demo.
    :rtype: bytes, base64
    """
    with file_open(f"support_debit/static/img/demo/{name}", "rb") as file:
        return base64.b64encode(file.read())


class Company:
    """Sets up the company that sells support.

    :param env: environment of the superuser.
    """

    def __init__(self, env):
        self.env = env

    def prepare(self):
        """Return the demo company, ready to collect.

        :rtype: `res.company` record
        """
        company = self._find()
        self.env = company.with_company(company).env
        company = company.with_env(self.env)
        self._name(company)
        self._load_chart(company)
        self._connect_bank(company)
        self._enable_provider(company)
        self._create_staff(company)
        return company

    def _find(self):
        """Return the main company if its books are empty, else a new one."""
        main = self.env.ref("base.main_company")
        if not main._existing_accounting():
            return main
        company = self.env["res.company"].create(
            {"name": NAME, "country_id": self.env.ref("base.de").id}
        )
        users = self.env.ref("base.user_admin") | self.env.ref("base.user_root")
        users.write({"company_ids": [(4, company.id)]})
        users.write({"company_id": company.id})
        return company

    def _name(self, company):
        """Give the company its name, address and creditor identifier."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        company.partner_id.write({"lang": "en_US", "tz": "Europe/Berlin"})
        company.write(
            {
                "name": NAME,
                "street": "Beispielkai 12",
                "zip": "20457",
                "city": "Hamburg",
                "country_id": self.env.ref("base.de").id,
                "currency_id": euro.id,
                "vat": "DE123456788",
                "phone": "+49 40 66969 120",
                "email": "hilfe@fernhilfe-nord.example",
                "website": "https://www.fernhilfe-nord.example",
                "logo": picture("logo.png"),
                "sdd_creditor_identifier": CREDITOR_ID,
            }
        )

    def _load_chart(self, company):
        """Load the German chart if it is installed; prices are gross, as consumers see them."""
        charts = self.env["account.chart.template"]
        known = charts._get_chart_template_mapping()
        wanted = CHART if CHART in known else company.chart_template or "generic_coa"
        if company.chart_template != wanted:
            charts.try_loading(wanted, company, install_demo=False)
        company.account_price_include = "tax_included"

    def _connect_bank(self, company):
        """Give the bank journal its IBAN and, where folders are known, its connection."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        bank = self.env["res.partner.bank"]._sdd_find_or_create(
            IBAN, company.name, company.partner_id
        )
        journal.write(
            {
                "name": "Girokonto Hamburg",
                "bank_account_id": bank.id,
                "sdd_connection_id": self._create_connection(company).id,
            }
        )
        company.sdd_journal_id = journal

    def _create_connection(self, company):
        """Return the connection to the demo bank: folders if bin/run names them, else by hand."""
        drop = os.environ.get("SUPPORT_DEBIT_BANK_DROP")
        pickup = os.environ.get("SUPPORT_DEBIT_BANK_PICKUP")
        return self.env["sdd.bank.connection"].create(
            {
                "name": "Demo bank",
                "company_id": company.id,
                "kind": "folder" if drop and pickup else "manual",
                "drop_folder": drop,
                "pickup_folder": pickup,
            }
        )

    def _enable_provider(self, company):
        """Offer direct debit in the shop, and keep the other methods' account details right."""
        providers = self.env["payment.provider"].search([("company_id", "=", company.id)])
        provider = providers.filtered(lambda p: p.code == "sdd")
        if not provider:
            provider = self.env.ref("support_debit.payment_provider_sdd").copy(
                {"company_id": company.id}
            )
        provider.write({"state": "enabled", "is_published": True})
        providers.filtered(lambda p: p.code == "custom").action_recompute_pending_msg()

    def _create_staff(self, company):
        """Create the people who sell and keep the books."""
        for login, name, groups in STAFF:
            user = self.env["res.users"].search([("login", "=", login)])
            user = user or self.env["res.users"].with_context(no_reset_password=True).create(
                {
                    "login": login,
                    "password": login,
                    "name": name,
                    "email": f"{login}@fernhilfe-nord.example",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "tz": "Europe/Berlin",
                    "group_ids": [
                        (4, self.env.ref(group).id) for group in ("base.group_user", *groups)
                    ],
                }
            )
            if login == "accountant":
                company.sdd_journal_id.sdd_responsible_id = user
