"""What the shop knows of earlier orders and debits: the simulator's stand-in for its database."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass

MONTHS_13, WEEKS_8 = 395, 56


@dataclass(slots=True)
class Return:
    """A debit that came back: when, why, and until when its amount is open."""

    day: float
    reason: str
    amount: float
    open_until: float
    account: str

    @property
    def is_by_customer(self):
        return self.reason in ("MD06", "MD01")


class History:
    """Orders by mark, debits and returns by customer and by account."""

    def __init__(self):
        self.orders = defaultdict(list)
        self.first = {}
        self.presented = defaultdict(list)
        self.returns = defaultdict(list)
        self.account_returns = defaultdict(list)
        self.blocked = {}

    def note_order(self, day, person, account):
        for mark in self.get_marks(person, account):
            insort(self.orders[mark], (day, person.number, account, person.holder))

    @staticmethod
    def get_marks(person, account):
        return (("iban", account), ("email", person.email), ("session", person.session))

    def seen(self, mark, now, days):
        """Return earlier orders with a mark as (day, person, account, holder)."""
        entries = self.orders.get(mark, ())
        return entries[bisect_left(entries, (now - days,)) : bisect_right(entries, (now,))]

    def note_debit(self, day, person, account, amount):
        self.presented[person.number].append((day, amount))
        self.first.setdefault(person.number, day)

    def note_return(self, person, found):
        self.returns[person.number].append(found)
        self.account_returns[found.account].append(found)
        if found.reason in ("AC01", "AC04"):
            self.blocked[found.account] = found.day
        if found.reason == "MD01":
            # Only for this pair: the account may belong to a victim.
            self.blocked[found.account, person.number] = found.day

    def is_blocked(self, person, account, now):
        days = (self.blocked.get(account), self.blocked.get((account, person.number)))
        return any(day is not None and day <= now for day in days)
