"""Last step of the template: check the chart, put the languages on the website, build assets.

Runs inside ``odoo shell`` after all modules are installed.
"""

LANGUAGES = ("en_US", "de_DE", "nl_NL", "fr_FR")


def check_company(env):
    """Stop unless the German chart, the euro and the 19 % tax have been loaded."""
    company = env.company
    found = (company.chart_template, company.currency_id.name, company.country_code)
    if found != ("de_skr03", "EUR", "DE"):
        raise SystemExit(f"unexpected company in the template: {found}")
    tax = company.account_sale_tax_id
    if tax.amount != 19.0:
        raise SystemExit(f"unexpected default sales tax: {tax.display_name}")


def finish_website(env):
    """Offer all languages on the website and generate the asset bundles; commits."""
    langs = env["res.lang"].search([("code", "in", LANGUAGES)])
    if len(langs) != len(LANGUAGES):
        raise SystemExit(f"missing languages: {langs.mapped('code')}")
    website = env["website"].search([])
    website.write(
        {"language_ids": [(6, 0, langs.ids)], "default_lang_id": env.ref("base.lang_en").id}
    )
    env.cr.commit()
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()


check_company(env)  # noqa: F821  (given by odoo shell)
finish_website(env)  # noqa: F821
