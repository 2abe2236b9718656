"""Return reasons from before they could put up blocks get what the add-on comes with."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Fill the new fields of the reasons that have any by default.

    :param cr: the database cursor.
    :param str version: the version that the database comes from.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    reasons = env["sdd.reason"].search([("code", "in", ("MD01", "SL01"))])
    reasons._load_defaults({"risk_block_kind", "risk_block_days", "risk_block_reason"})
