"""Returns from before the settlement get the day from which on they count in the return rate."""

from odoo import SUPERUSER_ID, api
from odoo.addons.support_debit.models.risk.const import BAD_OUTCOMES
from odoo.tools import SQL


def migrate(cr, version):
    """Let rejected debits count from the day on which the paid ones of their file do.

    :param cr: the database cursor.
    :param str version: the version that the database comes from.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    assessments = env["risk.assessment"].search(
        [("outcome", "in", BAD_OUTCOMES), ("matures_on", "=", False)]
    )
    by_day = {}
    collected = _find_collected(env, assessments)
    for assessment in assessments:
        # Where the debit is not found any more: the day on which the bank sent it back.
        fallback = assessment.outcome_date or assessment.date.date()
        day = collected.get(assessment.id, fallback)
        by_day[day] = by_day.get(day, assessments.browse()) | assessment
    for day, found in by_day.items():
        found._let_mature(day)


def _find_collected(env, assessments):
    """Return when the debits were due that came back.

    :return: {id of an assessment: date}; the first one where several came back.
    :rtype: dict[int, date]
    """
    pairs = env["sdd.debit"]._get_risk_pairs(SQL("a.id = ANY(%s)", assessments.ids))
    debits = env["sdd.debit"].browse({debit_id for debit_id, _one in pairs})
    came_back = debits.filtered(lambda debit: debit.state in ("rejected", "returned"))
    days = {debit.id: debit.collection_date for debit in came_back}
    found = {}
    for debit_id, assessment_id in pairs:
        if debit_id in days:
            found[assessment_id] = min(days[debit_id], found.get(assessment_id, days[debit_id]))
    return found
