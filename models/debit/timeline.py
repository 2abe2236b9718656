"""What happened to a debit, in order, as a salesperson can read it out on the telephone."""

from datetime import datetime
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
