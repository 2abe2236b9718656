"""Who orders what in a simulated year, and what is true about them."""

import math
import random
from dataclasses import dataclass, field

from . import accounts
from . import parameters as p

_FIRST = "Anna Ben Clara David Emma Finn Greta Hugo Ida Jonas Katja Leo Mia Nils Olga Paul".split()
_LAST = "Ahlers Brandt Conrad Dreyer Ernst Falk Gerlach Hansen Ibsen Jansen Kruse Lorenz".split()
_ENDS = ("berg", "feld", "mann", "stein", "hoff", "wald", "bach", "thal", "horst", "kamp")
DAYS = 365


@dataclass(slots=True)
class Person:
    """A customer. Everything but name, e-mail address and account is hidden from the add-on."""

    number: int
    kind: str
    liquidity: float
    name: str
    holder: str
    email: str
    iban: str
    session: str
    bureau: float | None
    since: int
    #: Days on which earlier debits were paid, and came back without funds.
    paid: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """An order on a day of the year; `typed` is the IBAN as it was entered first."""

    number: int
    day: float
    person: Person
    is_new: bool
    channel: str
    amount: float
    typed: str
    second_try: str
    is_closed: bool
    is_detected: bool
    #: Chances that decide what happens, drawn beforehand: the same in every stage.
    luck: dict[str, float]


_LUCK = "fixes accepts funds month disputes other retries dunning code deters national day".split()


def make_world(seed, count):
    """Return so many orders of a year in their order of time."""
    return _Maker(random.Random(seed), count).make()


class _Maker:
    def __init__(self, chance, count):
        self.chance, self.count = chance, count
        self.people = 0
        self.known = [self._make_known() for _ in range(max(20, int(count * 0.30)))]

    def make(self):
        days = sorted(self.chance.random() * DAYS for _ in range(self.count))
        orders = []
        while len(orders) < self.count:
            day = days[len(orders)]
            if self.chance.random() < p.RETURNING_SHARE:
                orders.append(self._make_order(len(orders), day, self._pick_known(day), False))
            else:
                orders += self._make_new(len(orders), day)
        return sorted(orders[: self.count], key=lambda order: order.day)

    def _pick_known(self, day):
        while True:
            person = self.chance.choice(self.known)
            if person.since < day:
                return person

    def _make_new(self, number, day):
        """Return the orders of a new customer, or of a ring of fraud."""
        kind = self._draw_kind()
        if kind in ("honest", "no_intent"):
            person = self._make_person(kind, day)
            if kind == "honest":
                self.known.append(person)
            return [self._make_order(number, day, person, True)]
        session, iban = f"ring{number}", ""
        found = []
        for index in range(self._draw(p.RING_SIZES)):
            person = self._make_person(kind, day, session, iban)
            iban = person.iban if kind == "stolen" else ""
            found.append(self._make_order(number + index, day + index / 500, person, True))
        return found

    def _draw_kind(self):
        # A ring is drawn as one: rarer than its orders.
        mean = sum(size * share for size, share in p.RING_SIZES)
        luck = self.chance.random()
        for kind, share in (
            ("fabricated", p.FABRICATED / mean),
            ("stolen", p.STOLEN / mean),
            ("no_intent", p.NO_INTENT),
        ):
            if luck < share:
                return kind
            luck -= share
        return "honest"

    def _make_person(self, kind, day, session="", iban=""):
        chance, self.people = self.chance, self.people + 1
        name = self._make_name()
        if kind == "fabricated":
            own = accounts.make_iban(chance, chance.choice(accounts.get_bank_codes()))
        else:
            own = iban or accounts.make_real_iban(chance)
        liquidity = chance.gauss(0, 1)
        covered = chance.random() < p.BUREAU_COVERS
        return Person(
            number=self.people,
            kind=kind,
            liquidity=liquidity,
            name=name,
            holder=self._make_holder(kind, name),
            email=self._make_email(kind, name),
            iban=own,
            session=session or f"visit{self.people}",
            bureau=p.BUREAU_LIQUIDITY * liquidity + chance.gauss(0, 1) if covered else None,
            since=int(day),
        )

    def _make_known(self):
        """Return a customer of earlier years with his debits of the last 13 months."""
        person = self._make_person("honest", -self.chance.randrange(30, 1200))
        for _debit in range(min(int(self.chance.expovariate(1 / 3)), 12)):
            day = -self.chance.randrange(20, 395)
            if day < person.since:
                continue
            failed = self.chance.random() < get_funds_chance(person, 60.0, 10, is_new=False)
            (person.failed if failed else person.paid).append(day)
        return person

    def _make_order(self, number, day, person, is_new):
        chance = self.chance
        channel = "phone" if chance.random() < p.PHONE_SHARE else "web"
        rate = p.TYPO_PHONE if channel == "phone" else p.TYPO_WEB
        typed = person.iban
        if is_new and person.kind != "fabricated" and chance.random() < rate:
            typed = accounts.mistype(chance, person.iban, self._draw(p.TYPO_KINDS))
        closed = p.CLOSED_NEW if is_new else p.CLOSED_KNOWN
        return Order(
            number=number,
            day=day,
            person=person,
            is_new=is_new,
            channel=channel,
            amount=round(p.AMOUNT_MEDIAN * math.exp(chance.gauss(0, p.AMOUNT_SIGMA)), 2),
            typed=typed,
            second_try=accounts.make_real_iban(chance) if person.kind == "fabricated" else "",
            is_closed=person.kind == "honest" and chance.random() < closed,
            is_detected=chance.random() < p.BUREAU_DETECTS,
            luck={name: chance.random() for name in _LUCK},
        )

    def _make_name(self):
        end = self.chance.choice(_ENDS) + self.chance.choice("abcdefghiklmnoprst")
        return f"{self.chance.choice(_FIRST)} {self.chance.choice(_LAST)}{end}"

    def _make_holder(self, kind, name):
        luck = self.chance.random()
        if kind == "stolen":
            return self._make_name() if luck < p.THIEF_NAMES_VICTIM else name
        if luck < p.OTHER_HOLDER:
            return self._make_name()
        if luck < p.OTHER_HOLDER + p.FAMILY_HOLDER:
            return f"{self.chance.choice(_FIRST)} {name.split()[1]}"
        return name

    def _make_email(self, kind, name):
        rate = p.THROW_AWAY_HONEST if kind == "honest" else p.THROW_AWAY_FRAUD
        domain = "mailinator.com" if self.chance.random() < rate else "example.de"
        return f"{name.lower().replace(' ', '.')}.{self.people}@{domain}"

    def _draw(self, table):
        values, weights = zip(*table, strict=True)
        return self.chance.choices(values, weights)[0]


def get_funds_chance(person, amount, day_of_month, is_new):
    """Return how likely a debit of this person finds no funds."""
    factor = next(factor for last, factor in p.DAY_FACTORS if day_of_month <= last)
    odds = p.FUNDS_LEVEL + p.FUNDS_LIQUIDITY * person.liquidity
    odds += p.FUNDS_AMOUNT * math.log(amount / 60) + math.log(factor)
    odds += 0.0 if is_new else p.FUNDS_KNOWN
    return 1 / (1 + math.exp(-odds))
