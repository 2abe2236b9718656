"""Moments of the demo's past."""

from datetime import datetime, time

from odoo.tools import SQL


def at(day, hour=9, minute=30):
    """Return a moment of a day as Odoo stores it: UTC without zone."""
    return datetime.combine(day, time(hour, minute))


def backdate(records, moment):
    """Let records look as if they were made earlier; the ORM cannot write `create_date`.

    :param records: any recordset.
    :param datetime moment: UTC without zone.
    """
    if not records:
        return
    records.flush_recordset()
    records.env.cr.execute(
        SQL(
            "UPDATE %s SET create_date = %s WHERE id IN %s",
            SQL.identifier(records._table),
            moment,
            tuple(records.ids),
        )
    )
    records.invalidate_recordset(["create_date"])
