"""The demo shop: packages, languages, the pages around them."""

from odoo.tools import file_open

from .company import picture
from .texts import CATALOGUE, LANGUAGES, PAGES

#: View of the website, file that replaces it.
PAGE_FILES = (
    ("website.homepage", "home.xml"),
    ("website.footer_custom", "footer.xml"),
    ("web.brand_promotion_message", "no_brand.xml"),
)
#: Placeholders in Odoo's own pages and what stands there instead.
WORDS = {
    "website.header_text_element": {"+1 555-555-5556": "+49 40 66969 120"},
    "website.footer_copyright_company_name": {"Company name": "Fernhilfe Nord GmbH"},
    "website.contactus": {
        "My Company": "Fernhilfe Nord GmbH",
        "3575 Fake Buena Vista Avenue": "Beispielkai 12, 20457 Hamburg",
        "+1 555-555-5556": "+49 40 66969 120",
        "info@yourcompany.example.com": "hilfe@fernhilfe-nord.example",
    },
}
#: Parts of Odoo's pages that four packages do not need.
HIDDEN = ("website_sale.products_attributes",)
#: Prices to consumers say that taxes are included: PAngV § 6(1).
SHOWN = ("website_sale.tax_indication",)
PRODUCTS = (
    "demo_product_base",
    "demo_product_incident",
    "demo_product_hour",
    "demo_product_premium",
)


class Shop:
    """Sets up the website on which the demo company sells.

    :param company: `res.company` record whose environment is that of the superuser.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env

    def prepare(self):
        """Return the website with its packages published in all languages."""
        self._activate_languages()
        website = self._find_website()
        self._publish_packages(website)
        self._translate_catalogue()
        for view, file_name in PAGE_FILES:
            self._replace_page(website, view, file_name)
        for view, words in WORDS.items():
            self._replace_words(website, view, words)
        for view in HIDDEN:
            self.env.ref(view).with_context(website_id=website.id).active = False
        for view in SHOWN:
            self.env.ref(view).with_context(website_id=website.id).active = True
        return website

    def _activate_languages(self):
        """Make sure that German, Dutch and French are there; the template has them already."""
        installed = dict(self.env["res.lang"].get_installed())
        missing = [code for code in LANGUAGES if code not in installed]
        for code in missing:
            self.env["res.lang"]._activate_lang(code)
        if missing:
            modules = self.env["ir.module.module"].search([("state", "=", "installed")])
            modules._update_translations(missing)

    def _find_website(self):
        """Return the company's website, made if it has none, with its name and languages."""
        website = self.env["website"].search([("company_id", "=", self.company.id)], limit=1)
        website = website or self.env["website"].create(
            {"name": self.company.name, "company_id": self.company.id}
        )
        languages = self.env["res.lang"].search([("code", "in", ("en_US", *LANGUAGES))])
        website.write(
            {
                "name": "Fernhilfe Nord",
                "language_ids": [(6, 0, languages.ids)],
                "default_lang_id": self.env.ref("base.lang_en").id,
                "logo": picture("logo.png"),
                "favicon": picture("icon.png"),
                "show_line_subtotals_tax_selection": "tax_included",
                "account_on_checkout": "optional",
                "homepage_url": False,
                "shop_ppr": 4,
            }
        )
        return website

    def _publish_packages(self, website):
        """Show the packages, and nothing else, in the shop."""
        packages = self.get_packages()
        packages.write(
            {
                "taxes_id": [(6, 0, self.company.account_sale_tax_id.ids)],
                "supplier_taxes_id": [(5,)],
                "is_published": True,
            }
        )
        others = self.env["product.template"].search(
            [("website_id", "in", (False, website.id)), ("id", "not in", packages.ids)]
        )
        others.filtered("is_published").is_published = False

    def get_packages(self):
        """Return the products of the demo catalogue, in the order of the shop."""
        packages = self.env["product.template"]
        for name in PRODUCTS:
            packages |= self.env.ref(f"support_debit.{name}")
        return packages

    def _translate_catalogue(self):
        """Write the German, Dutch and French texts of packages, plans and category."""
        for name, texts in CATALOGUE.items():
            record = self.env.ref(f"support_debit.{name}")
            for field, translations in texts.items():
                for lang, text in zip(LANGUAGES, translations, strict=True):
                    self._translate(record, field, lang, text)

    @staticmethod
    def _translate(record, field, lang, text):
        """Write one text in one language; HTML is translated paragraph by paragraph."""
        definition = record._fields[field]
        if not callable(definition.translate):
            record.with_context(lang=lang)[field] = text
            return
        source = definition.get_trans_terms(record.with_context(lang="en_US")[field])
        terms = dict(zip(source, definition.get_trans_terms(text), strict=True))
        record.update_field_translations(field, {lang: terms})

    def _replace_page(self, website, view, file_name):
        """Give the website its own version of a page, in all languages."""
        with file_open(f"support_debit/demo/pages/{file_name}") as file:
            arch = file.read()
        own = self._write_page(website, view, arch)
        for column, lang in enumerate(LANGUAGES):
            terms = {source: texts[column] for source, texts in PAGES.items() if source in arch}
            if terms:
                own.update_field_translations("arch_db", {lang: terms})

    def _replace_words(self, website, view, words):
        """Put the company's own facts where Odoo's pages have placeholders."""
        arch = self.env.ref(view).with_context(lang=None).arch_db
        for old, new in words.items():
            arch = arch.replace(old, new)
        self._write_page(website, view, arch)

    def _write_page(self, website, view, arch):
        """Return the website's own version of a view, with another content."""
        shared = self.env.ref(view)
        shared.with_context(website_id=website.id, lang=None).arch_db = arch
        return self.env["ir.ui.view"].search(
            [("key", "=", shared.key), ("website_id", "=", website.id)], limit=1
        )
