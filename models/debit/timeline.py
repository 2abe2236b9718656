"""What happened to a debit, in order, as a salesperson can read it out on the telephone."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple


class TimelineEvent(NamedTuple):
    """One thing that happened or is planned.

    `date` is a naive UTC datetime, `kind` one of `const.TIMELINE_KINDS`, `text` a whole sentence in
    the user's language, `record` what a click opens; `is_planned` when it lies in the future.
    """

    date: datetime
    kind: str
    text: str
    record: Any
    is_planned: bool = False


def on_day(day, created=None, after=None):
    """Return a moment for something of which only the day is known, so that it sorts well.

    Noon in UTC is the same day in every zone where somebody works with this.

    :param date day: the day.
    :param datetime created: when it was noted here (naive UTC); taken if it was on that day.
    :param datetime after: something that certainly came before (naive UTC), if known.
    :rtype: datetime
    """
    moment = datetime.combine(day, time(12))
    if created and created.date() == day:
        moment = created
    if after and after >= moment and after.date() <= day:
        moment = after + timedelta(seconds=1)
    return moment
