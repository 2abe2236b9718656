"""Mandates from before there were grades get the evidence that their history shows."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Grade what was given in the shop like today, everything else as entered by staff.

    :param cr: the database cursor.
    :param str version: the version that the database comes from.
    """
    if not version:
        return
    cr.execute(
        """UPDATE sdd_mandate m SET creditor_name = c.name
             FROM res_company c WHERE c.id = m.company_id AND m.creditor_name IS NULL"""
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    ungraded = env["sdd.mandate"].search(
        [("evidence_grade", "=", False), ("state", "not in", ("draft", "pending"))]
    )
    for mandate in ungraded:
        given = "given" in mandate.event_ids.mapped("kind")
        code = "own_device_tick" if given else "staff_entry"
        mandate._log_event("evidence", {"evidence": code, "note": "Graded by an update."})
