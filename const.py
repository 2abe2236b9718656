"""Tables that several rooms of the add-on share."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PROVIDER_CODE = "sdd"
PAYMENT_METHOD_CODE = "sdd"
DEFAULT_PAYMENT_METHOD_CODES = {PAYMENT_METHOD_CODE}

#: Zone in which a European bank's cut-off is meant when the journal says nothing else.
DEFAULT_TIME_ZONE = "Europe/Berlin"

#: Creditors in these countries may keep their umlauts readable (ae, oe, ue, ss): DK, Anlage 3.
GERMAN_CHARSET_COUNTRIES = {"DE", "AT"}

#: What a customer reads when his IBAN is refused, by the code of `sepa.iban.IbanError`.
IBAN_ERRORS = {
    "empty": _lt("Please enter your IBAN."),
    "character": _lt("“%(character)s” cannot be part of an IBAN. Letters and digits only, please."),
    "country": _lt("“%(country)s” is not a country code that IBANs start with."),
    "not_sepa": _lt("Accounts in %(country)s cannot be debited by SEPA direct debit."),
    "length": _lt("An IBAN of %(country)s has %(expected)s characters, this one has %(actual)s."),
    "check_digits": _lt("The check digits do not match. Please compare the IBAN with your card."),
}
#: Hints that do not stop the customer.
IBAN_WARNINGS = {
    "bank_unknown": _lt("We do not know this bank. Please compare the IBAN once more."),
    "national_check": _lt(
        "The account number looks unusual for this bank. Please check it once more."
    ),
}
#: What is wrong with an account number or bank code, by the code of `sepa.national_account.AccountError`.
NATIONAL_ACCOUNT_ERRORS = {
    "country": _lt("IBANs can be calculated for accounts in these countries: %(countries)s."),
    "bank_code": _lt("A bank code of %(country)s has %(expected)s digits."),
    "account": _lt("An account number of %(country)s has up to %(expected)s digits."),
}
#: What is wrong with a creditor identifier, by the code of `sepa.creditor_id.CreditorIdError`.
CREDITOR_ID_ERRORS = {
    "empty": _lt("Please enter the creditor identifier."),
    "character": _lt("A creditor identifier has letters and digits only."),
    "country": _lt(
        "A creditor identifier starts with the country code of a SEPA country, not with “%(country)s”."
    ),
    "length": _lt(
        "A creditor identifier of %(country)s has %(expected)s characters, this one has %(actual)s."
    ),
    "check_digits": _lt(
        "The check digits of the creditor identifier do not match. Please compare it with your bank's letter."
    ),
}


def say(env, text, params):
    """Return one of the texts above in the language of the environment.

    :param text: a lazy translation with `%(name)s` places.
    :param dict params: what is put there.
    :rtype: str
    """
    translated = env._(text)
    return translated % params if params else translated
