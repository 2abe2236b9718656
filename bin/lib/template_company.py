"""Second step of the template: a German company and the four languages.

Runs inside ``odoo shell`` on a database with only ``base``. The country must be set before
accounting is installed, for it decides chart, currency and taxes.
"""

LANGUAGES = ("de_DE", "nl_NL", "fr_FR")


def prepare_company(env):
    """Make the main company German and activate the languages; commits."""
    env.company.partner_id.write(
        {
            "name": "Musterhaus Computerhilfe GmbH",
            "street": "Musterstraße 1",
            "zip": "10115",
            "city": "Berlin",
            "country_id": env.ref("base.de").id,
            "lang": "en_US",
            "tz": "Europe/Berlin",
        }
    )
    env.company.write(
        {"name": "Musterhaus Computerhilfe GmbH", "currency_id": env.ref("base.EUR").id}
    )
    env.ref("base.EUR").active = True
    env.ref("base.user_admin").tz = "Europe/Berlin"
    for code in LANGUAGES:
        env["res.lang"]._activate_lang(code)
    env["ir.module.module"].search([("state", "=", "installed")])._update_translations(
        list(LANGUAGES)
    )
    env.cr.commit()


prepare_company(env)  # noqa: F821  (given by odoo shell)
