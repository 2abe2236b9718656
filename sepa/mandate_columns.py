"""The columns of a file of mandates, and the names under which other programs write them.

A name is recognised whatever its case, accents, blanks and punctuation. Besides English, German,
Dutch and French names there are those of the exports of Odoo's own add-ons: technical names of
fields, also with a path (`partner_bank_id/acc_number`), and their English labels.
"""

import unicodedata
from dataclasses import dataclass, field

LANGUAGES = ("en", "de", "nl", "fr")


@dataclass(frozen=True)
class Column:
    """One column: its key, what it is called in each language, further names, whether it must be.

    ``kind`` says how its cells are read: text, iban, reference, creditor, date, choice or flag.
    """

    key: str
    names: tuple[str, str, str, str]
    others: tuple[str, ...] = field(default=())
    kind: str = "text"
    required: bool = False

    def name(self, language):
        """Return what the column is called in a language; English when it is not known."""
        return self.names[LANGUAGES.index(language) if language in LANGUAGES else 0]


COLUMNS = (
    Column(
        "reference",
        ("Mandate reference", "Mandatsreferenz", "Mandaatkenmerk", "Référence du mandat"),
        (
            "reference|ref|umr|mandate id|mandate identifier|mandate|mandatsreferenznummer|mandatsref"
            "|mandatsnummer|mandats id|mandat|machtigingskenmerk|machtigingsnummer|mandaatreferentie"
            "|rum|référence unique du mandat|référence unique de mandat|numéro de mandat|identifier"
            "|unique_mandate_reference|unique mandate reference|name|mndtid|mandate_reference"
        ).split("|"),
        "reference",
        True,
    ),
    Column(
        "iban",
        ("IBAN", "IBAN", "IBAN", "IBAN"),
        (
            "iban nummer|iban debitor|debtor iban|konto|kontonummer|kontoverbindung|bankverbindung"
            "|rekening|rekeningnummer|bankrekening|bankrekeningnummer|compte|compte bancaire"
            "|numéro de compte|bank account|account|account number|partner_bank_id|acc_number"
            "|partner_bank_id/acc_number|partner_bank_id/sanitized_acc_number|bank_account_id"
            "|bank account/account number|debtor account"
        ).split("|"),
        "iban",
        True,
    ),
    Column(
        "holder",
        ("Account holder", "Kontoinhaber", "Rekeninghouder", "Titulaire du compte"),
        (
            "holder|debtor|debtor name|kontoinhaberin|kontoinhaber/in|zahlungspflichtiger|zahler"
            "|debitor|name des zahlungspflichtigen|tenaamstelling|rekeninghouder naam|betaler"
            "|débiteur|nom du débiteur|titulaire|acc_holder_name|partner_bank_id/acc_holder_name"
            "|bank account/account holder name|account holder name"
        ).split("|"),
    ),
    Column(
        "signature_date",
        ("Signature date", "Unterschriftsdatum", "Datum ondertekening", "Date de signature"),
        (
            "date of signature|signed on|given on|mandate date|date of signature of the mandate"
            "|mandatsdatum|unterschrieben am|datum der unterschrift|unterschrift am|mandat vom"
            "|erteilt am|ausstellungsdatum|signaturdatum|tekendatum|datum mandaat|mandaatdatum"
            "|datum machtiging|ondertekeningsdatum|ondertekend op|date du mandat|signé le"
            "|date signature|signature_date|start_date|start date|dtofsgntr"
        ).split("|"),
        "date",
        True,
    ),
    Column(
        "last_collection_date",
        ("Last collection", "Letzter Einzug", "Laatste incasso", "Dernier prélèvement"),
        (
            "last collection date|last debit|last used|date of the last debit|letzte lastschrift"
            "|letzter einzug am|letzte verwendung|letzte nutzung|datum letzter einzug"
            "|datum laatste incasso|laatst gebruikt|laatste incassodatum|date du dernier prélèvement"
            "|last_debit_date|last_collection_date"
        ).split("|"),
        "date",
    ),
    Column(
        "mandate_type",
        ("Type", "Art", "Type", "Type"),
        (
            "mandate type|type of mandate|mandatsart|mandatstyp|sequence type|sequenztyp|lastschriftart"
            "|zahlungsart|soort|soort mandaat|mandaattype|type de mandat|mandate_type"
            "|recurrent_sequence_type|seqtp|frequency|frequenz"
        ).split("|"),
        "choice",
    ),
    Column(
        "one_off",
        ("One-off", "Einmalig", "Eenmalig", "Ponctuel"),
        "one-off mandate|one_off|einmallastschrift|used once".split("|"),
        "flag",
    ),
    Column(
        "scheme",
        ("Scheme", "Verfahren", "Schema", "Schéma"),
        (
            "sdd scheme|sdd_scheme|lastschriftverfahren|schema|sepa scheme|sepa schema|local instrument"
            "|lclinstrm|incassoschema|type de prélèvement"
        ).split("|"),
        "choice",
    ),
    Column(
        "state",
        ("Status", "Status", "Status", "Statut"),
        "state|zustand|mandatsstatus|toestand|état|mandate status".split("|"),
        "choice",
    ),
    Column(
        "end_date",
        ("Ended on", "Beendet am", "Beëindigd op", "Terminé le"),
        (
            "end date|end_date|gültig bis|enddatum|widerrufen am|gekündigt am|einddatum|geldig tot"
            "|date de fin|valable jusqu'au|revoked on"
        ).split("|"),
        "date",
    ),
    Column(
        "end_reason",
        ("Ended because", "Grund der Beendigung", "Reden beëindiging", "Motif de fin"),
        "end_reason|end reason|grund".split("|"),
    ),
    Column(
        "creditor_identifier",
        ("Creditor identifier", "Gläubiger-ID", "Incassant-ID", "Identifiant créancier (ICS)"),
        (
            "creditor id|ci|cid|gläubiger-identifikationsnummer|gläubigeridentifikation|gläubiger id"
            "|gläubiger-identnummer|incassant id|incassantid|crediteur id|identifiant créancier"
            "|identifiant créancier sepa|ics|sepa creditor identifier|creditor_identifier"
        ).split("|"),
        "creditor",
    ),
    Column(
        "original_reference",
        (
            "Original reference",
            "Ursprüngliche Mandatsreferenz",
            "Oorspronkelijk kenmerk",
            "Référence d'origine",
        ),
        (
            "original mandate reference|old reference|alte mandatsreferenz|bisherige mandatsreferenz"
            "|oud kenmerk|oud mandaatkenmerk|ancienne référence|ancienne rum|original_reference"
            "|original_mandate_identification|original mandate identification|orgnlmndtid"
        ).split("|"),
        "reference",
    ),
    Column(
        "original_creditor_identifier",
        (
            "Original creditor identifier",
            "Ursprüngliche Gläubiger-ID",
            "Oorspronkelijke incassant-ID",
            "Identifiant créancier d'origine",
        ),
        (
            "old creditor identifier|alte gläubiger-id|bisherige gläubiger-id|oude incassant-id"
            "|ancien ics|ancien identifiant créancier|original_creditor_identifier"
        ).split("|"),
        "creditor",
    ),
    Column(
        "original_creditor_name",
        (
            "Original creditor name",
            "Ursprünglicher Gläubiger",
            "Oorspronkelijke incassant",
            "Créancier d'origine",
        ),
        "old creditor name|alter gläubiger|bisheriger gläubiger|original_creditor_name".split("|"),
    ),
    Column(
        "evidence",
        ("Evidence", "Nachweis", "Bewijs", "Preuve"),
        "evidence kind|art des nachweises|soort bewijs|type de preuve".split("|"),
        "choice",
    ),
    Column(
        "bank_confirmed_date",
        (
            "Bank told on (B2B)",
            "Bank informiert am (B2B)",
            "Bank op de hoogte op (B2B)",
            "Banque informée le (B2B)",
        ),
        "bank_confirmed_date|bank confirmed|bank bestätigt am".split("|"),
        "date",
    ),
    Column(
        "customer_ref",
        ("Customer number", "Kundennummer", "Klantnummer", "Numéro client"),
        (
            "customer no|customer id|customer reference|kunden-nr|kundennr|kd-nr|kdnr|debitorennummer"
            "|debitor nr|kunden id|klantnr|debiteurnummer|relatienummer|code client|n° client"
            "|référence client|partner_id/ref|partner/reference|customer/reference|debtor_id_code"
            "|debtor identifier|customer_ref"
        ).split("|"),
    ),
    Column(
        "customer_name",
        ("Customer", "Kunde", "Klant", "Client"),
        (
            "customer name|partner|kundenname|klantnaam|naam|nom du client|nom|kunde name|partner_id"
            "|partner_id/name|partner/name|customer/name|partner name|customer_name"
        ).split("|"),
    ),
    Column(
        "is_company",
        ("Company", "Firma", "Bedrijf", "Entreprise"),
        (
            "is_company|is a company|company (yes/no)|ist firma|unternehmen|is bedrijf|est une entreprise"
            "|partner_id/is_company|customer/is a company"
        ).split("|"),
        "flag",
    ),
    Column(
        "email",
        ("E-mail", "E-Mail", "E-mail", "E-mail"),
        (
            "email address|e-mail-adresse|mail|mailadresse|e-mailadres|courriel|adresse e-mail"
            "|partner_id/email|partner/email|customer/email"
        ).split("|"),
    ),
    Column(
        "street",
        ("Street", "Straße", "Straat", "Rue"),
        (
            "address|strasse|anschrift|adresse|straße und hausnummer|straße hausnr|adres"
            "|straat en huisnummer|partner_id/street|customer/street"
        ).split("|"),
    ),
    Column(
        "zip",
        ("ZIP", "PLZ", "Postcode", "Code postal"),
        "postal code|zip code|postleitzahl|cp|partner_id/zip|customer/zip".split("|"),
    ),
    Column(
        "city",
        ("City", "Ort", "Plaats", "Ville"),
        "town|stadt|wohnort|woonplaats|stad|localité|partner_id/city|customer/city".split("|"),
    ),
    Column(
        "country",
        ("Country", "Land", "Land", "Pays"),
        (
            "country code|länderkürzel|ländercode|landcode|code pays|partner_id/country_id"
            "|partner_id/country_code|partner_id/country_id/code|customer/country"
        ).split("|"),
        "choice",
    ),
    Column(
        "lang",
        ("Language", "Sprache", "Taal", "Langue"),
        "lang|partner_id/lang|customer/language".split("|"),
    ),
    Column("bic", ("BIC", "BIC", "BIC", "BIC"), "swift|swift code|bic/swift|swift-bic".split("|")),
    Column(
        "currency",
        ("Currency", "Währung", "Valuta", "Devise"),
        "monnaie|munteenheid|currency_id|currency code".split("|"),
        "choice",
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
REQUIRED = tuple(column.key for column in COLUMNS if column.required)
#: What a template and an export hold; a flag beside *Type* and what only checks are not needed.
WRITTEN = tuple(
    column.key for column in COLUMNS if column.key not in ("one_off", "bic", "currency")
)
#: Headers that other programs write and nobody here needs: passed over without a word.
IGNORED = frozenset(
    "id|no|nr|lfd nr|bank|bank name|bankname|banque|naam bank|company_id|company|format|create_date"
    "|external id|journal|payment_journal_id|currency_id|display_name".split("|")
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def normalize(header):
    """Return a header without case, accents, blanks and punctuation."""
    text = str(header or "").casefold().replace("ß", "ss")
    text = unicodedata.normalize("NFKD", text)
    return "".join(char for char in text if char.isalnum())


def _index():
    index = {}
    for column in COLUMNS:
        for name in (column.key, *column.names, *column.others):
            for spelling in (name, name.casefold().translate(_UMLAUTS)):
                index.setdefault(normalize(spelling), column.key)
    return index


_INDEX = _index()
_IGNORED = frozenset(map(normalize, IGNORED))


def recognize(header):
    """Return the key of the column that a header names, or None."""
    return _INDEX.get(normalize(header))


def is_ignored(header):
    """Tell whether a header is one that nobody needs."""
    return normalize(header) in _IGNORED


def score(cells):
    """Return how many different columns a row of headers names."""
    return len({key for cell in cells if isinstance(cell, str) and (key := recognize(cell))})
