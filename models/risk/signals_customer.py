"""Signals about what the customer entered: they ask for a second look, they judge nobody's credit."""

from odoo.tools.translate import LazyTranslate

from .signals import SignalKind, add_signals

_lt = LazyTranslate(__name__)


def _quality(label, sentence, change=""):
    return SignalKind(label, "bool", "customer", "quality", sentence, change=change)


add_signals(
    {
        "name_implausible": _quality(
            _lt("The name looks like none"),
            _lt("What was entered as the name does not look like a name."),
            _lt("the name as it stands in the passport"),
        ),
        "address_incomplete": _quality(
            _lt("The address is not complete"),
            _lt("Street, postcode or town are missing."),
            _lt("a complete address"),
        ),
        "postcode_invalid": _quality(
            _lt("The postcode does not have its country's form"),
            _lt("The postcode does not have the form of postcodes in the country of the address."),
            _lt("the postcode checked once more"),
        ),
        "town_mismatch": _quality(
            _lt("Postcode and town do not belong together"),
            _lt("The postcode and the town do not seem to belong together."),
            _lt("postcode and town checked once more"),
        ),
        "email_invalid": _quality(
            _lt("The e-mail address cannot exist"),
            _lt("The e-mail address does not have the form of one."),
            _lt("another e-mail address"),
        ),
        "email_typo": _quality(
            _lt("The e-mail address seems to be mistyped"),
            _lt("The e-mail address seems to be mistyped."),
            _lt("the e-mail address checked once more"),
        ),
        "email_disposable": SignalKind(
            _lt("The e-mail address is a throw-away one"),
            "bool",
            "customer",
            "fraud",
            _lt("The e-mail address belongs to a service that forgets it after a short time."),
            change=_lt("an e-mail address that stays"),
        ),
        "phone_invalid": _quality(
            _lt("The telephone number cannot exist"),
            _lt("The telephone number does not exist in this form."),
            _lt("the telephone number checked once more"),
        ),
        "vat_invalid": _quality(
            _lt("The VAT number is wrong"),
            _lt("The VAT number is not right, or could not be confirmed."),
            _lt("the VAT number checked once more"),
        ),
        "not_of_age": _quality(
            _lt("Not of age"),
            _lt("Who is not of age cannot give a mandate alone."),
            _lt("a mandate of a parent"),
        ),
        "duplicate_customers": SignalKind(
            _lt("Customers that seem to be the same person"),
            "number",
            "customer",
            "quality",
            _lt("Customers with the same name and e-mail, telephone or address: %(value)s."),
            unit="customers",
            about_others=True,
        ),
    }
)
