"""Tables of the SEPA schemes. Rules that differ by country stand here, not in code."""

# Countries whose IBANs take part in the SEPA schemes (EPC409-09 v8.0, 24 December 2025):
# the European Economic Area and twelve others. Crown dependencies use GB, the French
# overseas territories use FR.
EEA_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI "
    "SK".split()
)
NON_EEA = frozenset("AD AL CH GB GI MC MD ME MK RS SM VA".split())
SEPA_COUNTRIES = EEA_COUNTRIES | NON_EEA

# Structure of the national part (BBAN) of an IBAN, from the SWIFT IBAN registry:
# n = digit, a = capital letter, c = letter or digit, each preceded by its count.
BBAN_STRUCTURES = {
    "AD": "8n12c",
    "AL": "8n16c",
    "AT": "16n",
    "BE": "12n",
    "BG": "4a6n8c",
    "CH": "5n12c",
    "CY": "8n16c",
    "CZ": "20n",
    "DE": "18n",
    "DK": "14n",
    "EE": "16n",
    "ES": "20n",
    "FI": "14n",
    "FR": "10n11c2n",
    "GB": "4a14n",
    "GI": "4a15c",
    "GR": "7n16c",
    "HR": "17n",
    "HU": "24n",
    "IE": "4a14n",
    "IS": "22n",
    "IT": "1a10n12c",
    "LI": "5n12c",
    "LT": "16n",
    "LU": "3n13c",
    "LV": "4a13c",
    "MC": "10n11c2n",
    "MD": "20c",
    "ME": "18n",
    "MK": "3n10c2n",
    "MT": "4a5n18c",
    "NL": "4a10n",
    "NO": "11n",
    "PL": "24n",
    "PT": "21n",
    "RO": "4a16c",
    "RS": "18n",
    "SE": "20n",
    "SI": "15n",
    "SK": "20n",
    "SM": "1a10n12c",
    "VA": "18n",
}

# Countries that have IBANs (registered or in use) but take no part in SEPA.
NON_SEPA_IBAN_COUNTRIES = frozenset(
    "AE AO AZ BA BF BH BI BJ BR BY CF CG CI CM CR CV DJ DO DZ EG FK FO GA GE GL GQ GT GW HN "
    "IL IQ IR JO KM KW KZ LB LC LY MA MG ML MN MR MU MZ NE NI OM PK PS QA RU SA SC SD SN SO ST "
    "SV TD TG TL TN TR UA VG XK YE".split()
)

# Countries whose list of bank codes in schwifty is complete enough that a missing code is worth
# a question to the customer. Elsewhere a missing bank says nothing about the account.
DENSE_BANK_REGISTRIES = frozenset("AT BE DE ES FI LU NL".split())

# Countries for which schwifty implements national check digits, wholly or by bank. A failure is
# a warning only: some institutes issue account numbers outside their published method.
NATIONAL_CHECKS = frozenset("BE CZ DE EE ES FI FR IS IT MC ME MK NO PL PT RS SI SK SM".split())

# Lengths of a creditor identifier (EPC262-08). Countries not named: 8 to 35.
CREDITOR_ID_LENGTHS = {
    "AT": (18,),
    "BE": (17, 20),
    "CH": (18,),
    "DE": (18,),
    "ES": (16,),
    "FI": (15,),
    "FR": (13,),
    "IE": (13,),
    "IT": (23,),
    "LU": (26,),
    "NL": (19,),
    "PT": (13,),
}
CREDITOR_ID_MIN, CREDITOR_ID_MAX = 8, 35

# Limits and codes of a direct debit collection (EPC130-08, EPC131-08).
SCHEMES = frozenset(("CORE", "B2B"))
SEQUENCE_TYPES = frozenset(("FRST", "RCUR", "FNAL", "OOFF"))
MAX_CENTS = 999_999_999_99
MAX_REFERENCE = 35
MAX_NAME = 70
MAX_REMITTANCE = 140
MAX_STREET, MAX_BUILDING, MAX_POSTCODE, MAX_TOWN = 70, 16, 16, 35
MAX_ADDRESS_LINE, MAX_ADDRESS_LINES = 70, 2
