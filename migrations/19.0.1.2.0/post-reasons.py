"""Reasons from before they said what follows from a return get the defaults of that."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Fill what is new; meaning and class stay as somebody may have changed them.

    :param cr: the database cursor.
    :param str version: the version that the database comes from.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    reasons = env["sdd.reason"].search([])
    reasons._load_defaults(reasons._get_policy_fields())
    for name, values in {
        "de": {"return_fee_passed": "all", "return_fee_cap": 5.0},
        "at": {"return_fee_passed": "all", "return_fee_cap": 5.0},
    }.items():
        rule = env.ref(f"support_debit.country_rule_{name}", raise_if_not_found=False)
        if rule:
            rule.write(values)
