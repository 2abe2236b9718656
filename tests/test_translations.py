"""Everything exists in German, Dutch and French, and says "you" politely.

After a change of texts: `bin/odoo i18n export -d DATABASE support_debit` writes the .pot; bring the
three .po files up to date with it.
"""

import re
from io import BytesIO

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import trans_export

LANGUAGES = {"de": "de_DE", "nl": "nl_NL", "fr": "fr_FR"}
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|\{\w+\}")
#: Words of the familiar form of address.
FAMILIAR = {
    "de": re.compile(r"\b(du|dich|dir|dein\w*)\b", re.IGNORECASE),
    "nl": re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(tu|toi|tes)\b", re.IGNORECASE),
}


@tagged("-at_install", "post_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES.values():
            cls.env["res.lang"]._activate_lang(code)
        modules = cls.env["ir.module.module"].search([("name", "=", "support_debit")])
        modules._update_translations(list(LANGUAGES.values()))

    @staticmethod
    def _read(name):
        """Return the entries of a translation file of the add-on, without what is obsolete."""
        with file_open(f"support_debit/i18n/{name}") as file:
            return [entry for entry in polib.pofile(file.read()) if not entry.obsolete]

    # === FILES === #

    def test_every_term_is_translated(self):
        terms = {entry.msgid for entry in self._read("support_debit.pot")}
        self.assertGreater(len(terms), 800)
        for language in LANGUAGES:
            translated = {e.msgid for e in self._read(f"{language}.po") if e.msgstr and not e.fuzzy}
            self.assertEqual(terms - translated, set(), f"not translated in {language}.po")

    def test_the_template_holds_the_terms_of_the_code(self):
        buffer = BytesIO()
        trans_export(False, ["support_debit"], buffer, "po", self.env)
        current = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
        terms = {entry.msgid for entry in self._read("support_debit.pot")}
        self.assertEqual(current - terms, set(), "not in support_debit.pot")

    def test_places_for_values_are_kept(self):
        for language in LANGUAGES:
            for entry in self._read(f"{language}.po"):
                self.assertEqual(
                    sorted(PLACES.findall(entry.msgstr)),
                    sorted(PLACES.findall(entry.msgid)),
                    f"{language}: {entry.msgid}",
                )

    def test_the_form_of_address_is_polite(self):
        for language, words in FAMILIAR.items():
            for entry in self._read(f"{language}.po"):
                self.assertIsNone(words.search(entry.msgstr), f"{language}: {entry.msgstr}")

    # === WHAT THE LAW WANTS === #

    def test_the_order_button_has_the_statutory_words(self):
        wanted = {
            "en_US": "Order with obligation to pay",
            "de_DE": "Zahlungspflichtig bestellen",
            "nl_NL": "Bestelling met betalingsverplichting",
            "fr_FR": "Commande avec obligation de paiement",
        }
        rules = self.env["support.country.rule"].search([])
        for code, label in wanted.items():
            labels = set(rules.with_context(lang=code).mapped("order_button_label"))
            self.assertEqual(labels, {label})

    def test_each_language_has_its_own_mandate(self):
        texts = self.env["sdd.mandate.text"]
        wanted = {
            "en_US": ("SEPA Direct Debit Mandate", "8 weeks"),
            "en_GB": ("SEPA Direct Debit Mandate", "8 weeks"),
            "de_AT": ("SEPA-Lastschriftmandat", "acht Wochen"),
            "nl_BE": ("Doorlopende machtiging SEPA", "acht weken"),
            "fr_FR": ("Mandat de prélèvement SEPA", "8 semaines"),
            "es_ES": ("Orden de domiciliación de adeudo directo SEPA", "ocho semanas"),
            "it_IT": ("Mandato per addebito diretto SEPA", "8 settimane"),
            "pl_PL": ("Zgoda na polecenie zapłaty SEPA", "8 tygodni"),
            "sv_SE": ("SEPA Direct Debit Mandate", "8 weeks"),
        }
        for code, (title, refund) in wanted.items():
            text = texts._get_text(code)
            self.assertEqual(text.title, title)
            shown = text._render("Muster & Söhne")
            self.assertEqual(shown.count("Muster & Söhne"), 2, "Both authorisations name him.")
            self.assertIn(refund, shown)

    def test_companies_waive_the_refund(self):
        refunds = {"en": "not entitled to a refund", "de": "nicht berechtigt", "nl": "geen recht"}
        refunds |= {"fr": "pas en droit", "es": "no tiene derecho"}
        refunds |= {"it": "non ha diritto", "pl": "nie przysługuje"}
        for code, words in refunds.items():
            text = self.env["sdd.mandate.text"]._get_text(code, "B2B")
            self.assertEqual((text.lang, text.scheme), (code, "B2B"))
            self.assertIn(words, text._render("Muster GmbH"))

    # === IN USE === #

    def test_models_speak_the_users_language(self):
        reason = self.env.ref("support_debit.reason_am04")
        self.assertEqual(reason.with_context(lang="de_DE").name, "Konto nicht gedeckt")
        states = self.env["sdd.debit"]._fields["state"]
        labels = dict(states._description_selection(self.env(context={"lang": "nl_NL"})))
        self.assertEqual(labels["queued"], "In de wachtrij")
        env = self.env(context={"lang": "fr_FR"})
        self.assertEqual(
            env["res.company"]._fields["sdd_creditor_identifier"].get_description(env)["string"],
            "Identifiant créancier",
        )
