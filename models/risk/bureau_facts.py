"""What may be told to a bureau about a customer, in words and as plain values."""

from odoo.tools.translate import LazyTranslate

from ...scoring import bureau

_lt = LazyTranslate(__name__)

#: Facts that a field of a request may carry. Sex, nationality and language are none of them.
FACTS = [
    ("first_name", _lt("First name")),
    ("last_name", _lt("Last name")),
    ("full_name", _lt("Whole name")),
    ("holder", _lt("Account holder")),
    ("iban", _lt("IBAN")),
    ("street", _lt("Street with number")),
    ("street_name", _lt("Street")),
    ("street_number", _lt("House number")),
    ("zip", _lt("Postcode")),
    ("city", _lt("Town")),
    ("country", _lt("Country of the address")),
    ("birth_date", _lt("Date of birth (identity only)")),
    ("email", _lt("E-mail")),
    ("phone", _lt("Telephone")),
    ("vat", _lt("VAT number")),
    ("customer_kind", _lt("Consumer or company")),
    ("amount", _lt("Amount")),
    ("currency", _lt("Currency")),
    ("channel", _lt("Where it is ordered")),
    ("is_first_order", _lt("First order (true or false)")),
    ("debits_paid", _lt("Paid debits so far")),
    ("reference", _lt("Number of this question")),
    ("legal_basis", _lt("Legal basis")),
    ("fixed", _lt("A fixed text")),
]
#: What differs between two questions about the same thing: an answer is used again without it.
PASSING_FACTS = frozenset({"amount", "channel", "reference", "is_first_order", "debits_paid"})
#: What makes a customer recognisable: a question without any of it is none.
IDENTIFYING_FACTS = frozenset({"last_name", "full_name", "holder", "iban", "vat", "email", "phone"})


def get_facts(subject, known, reference, legal_basis):
    """Return what could be told about a subject.

    :param scoring.subject.Subject subject: what is asked about.
    :param dict known: {code: Signal} of the local checks.
    :param str reference: number of the question; not the customer's.
    :param str legal_basis: code of the legal basis.
    :return: {fact: text, number, bool or ""}
    :rtype: dict
    """
    first, last = bureau.split_name(subject.name)
    street, number = bureau.split_street(subject.street)

    def value(code):
        return known[code].value if code in known else None

    return {
        "first_name": first,
        "last_name": last,
        "full_name": subject.name,
        "holder": subject.holder,
        "iban": subject.iban,
        "street": subject.street,
        "street_name": street,
        "street_number": number,
        "zip": subject.zip_code,
        "city": subject.city,
        "country": subject.country_code,
        "birth_date": subject.birth_date,
        "email": subject.email,
        "phone": subject.phone,
        "vat": subject.vat,
        "customer_kind": subject.customer_kind,
        "amount": round(float(subject.amount), 2),
        "currency": "EUR",
        "channel": subject.channel,
        "is_first_order": value("is_first_order"),
        "debits_paid": value("debits_paid"),
        "reference": reference,
        "legal_basis": legal_basis,
    }
