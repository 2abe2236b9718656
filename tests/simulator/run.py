"""Orders of a simulated year go through a stage of checks; debits come back or are paid."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from scoring.decision import decide
from scoring.model import GREEN, RED, Context
from sepa import payday, target

from . import facts
from . import parameters as p
from .history import History, Return
from .world import get_funds_chance

#: As the shipped rules for repeated debits have them.
PAYDAYS = (payday.Window(0, 3), payday.Window(15, 16))


@dataclass(slots=True)
class Result:
    """The figures of a stage. Shares are of checkouts (SDD) and of debits (returns)."""

    checkouts: int = 0
    debits: int = 0
    returns: int = 0
    unpaid: int = 0
    asked: int = 0
    profit: float = 0.0
    colours: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    #: (probability, came back) of each debit that a card judged.
    scored: list = field(default_factory=list)
    #: (signals, code of the return or "") of each debit: what cards learn from.
    outcomes: list = field(default_factory=list)

    @property
    def sdd_share(self):
        return self.debits / self.checkouts

    @property
    def first_rate(self):
        return self.returns / self.debits if self.debits else 0.0

    @property
    def net_rate(self):
        return self.unpaid / self.debits if self.debits else 0.0

    @property
    def profit_per_1000(self):
        return self.profit / self.checkouts * 1000


def run(stage, orders):
    """Return what a stage makes of a year's orders.

    :param stages.Stage stage: what is looked at.
    :param list[world.Order] orders: in their order of time.
    :rtype: Result
    """
    return _Run(stage).play(orders)


class _Run:
    def __init__(self, stage):
        self.stage, self.history, self.result = stage, History(), Result()

    def play(self, orders):
        for order in orders:
            self.result.checkouts += 1
            account, entered = self._enter_account(order)
            if account and self.stage.has_link and order.is_new and order.channel == "phone":
                account, entered = self._confirm(order, account, entered)
            if account:
                self._judge(order, account, entered)
        return self.result

    def _enter_account(self, order):
        """Return the account that is left after questions, and what the IBAN check says of it.

        Who is asked again mends a mistake, or gives up; honest customers insist on a real account.
        """
        stage, person, typed = self.stage, order.person, order.typed
        found = self._check_iban(order, typed)
        hits = [code for code in stage.asks_again if code in found and found[code].value]
        if not hits:
            return typed, found
        if person.kind == "fabricated":
            # Who invents accounts tries another one, or goes.
            if order.luck["fixes"] < p.RETRIES_FABRICATED:
                return order.second_try, facts.check_iban(order.second_try)
            return None, found
        if typed != person.iban:
            if order.luck["fixes"] < p.FIXED:
                return person.iban, facts.check_iban(person.iban)
            return (None, found) if "iban_invalid" in hits else (typed, found)
        return typed, found

    def _confirm(self, order, account, entered):
        """Return the account that is left when the customer was asked to confirm it by a link.

        Whoever invented an account, or took somebody else's, confirms it.
        """
        # Not drawn with the world: its years are the same with and without this.
        luck = random.Random(f"link {order.number} {order.luck['fixes']}")
        if luck.random() >= p.LINK_ANSWERS:
            self._divert(order, p.LINK_TRANSFERS)
            return None, entered
        own = order.person.iban
        is_mistake = account != own and order.person.kind != "fabricated"
        if is_mistake and luck.random() < p.LINK_FINDS:
            return own, self._check_iban(order, own)
        return account, entered

    def _check_iban(self, order, typed):
        found = facts.check_iban(typed)
        if order.luck["national"] < p.STALE_DIGITS and "national_check" in found:
            found["national_check"] = facts.say("national_check", True)
        return found

    def _judge(self, order, account, entered):
        stage, now = self.stage, order.day
        signals = {code: entered[code] for code in stage.asks_again if code in entered}
        if stage.has_history:
            signals |= facts.check_order(order)
            signals |= facts.check_history(order, account, now, self.history)
        context = Context(channel=order.channel, seed=str(order.number))
        decided = decide(stage.policy, signals, context, explain=False)
        answers = self._ask(order, account, decided) if stage.has_bureau else {}
        if answers:
            signals |= answers
            decided = decide(stage.policy, signals, context, explain=False)
        self.history.note_order(now, order.person, account)
        self.result.colours[decided.colour] += 1
        self._offer(order, account, decided, signals)

    def _ask(self, order, account, decided):
        """Return what the bureau says when it is worth asking: all, or only about the account."""
        is_worth = order.is_new and order.amount >= p.BUREAU_MIN_AMOUNT
        if decided.own_colour == RED:
            return {}
        if is_worth or self.stage.asks_about_all:
            self.result.asked += 1
            self.result.profit -= p.BUREAU_PRICE
            return facts.ask_bureau(order, account)
        if not order.is_new or not self.stage.checks_all_accounts:
            return {}
        self.result.profit -= p.ACCOUNT_PRICE
        return facts.check_account(order, account)

    def _offer(self, order, account, decided, signals):
        """Let the customer answer what is offered to him."""
        honest, luck = order.person.kind == "honest", order.luck
        if decided.colour == GREEN:
            return self._collect(order, account, decided, signals)
        if decided.colour == RED:
            return self._divert(order, p.RED_TRANSFERS)
        if not honest and luck["deters"] < p.YELLOW_DETERS:
            return None
        if luck["accepts"] < p.YELLOW_ACCEPTS:
            return self._collect(order, account, decided, signals)
        if luck["accepts"] < p.YELLOW_ACCEPTS + p.YELLOW_TRANSFERS:
            return self._divert(order, 1.0)
        return None

    def _divert(self, order, share):
        """Book the profit of customers who pay another way; fraud never does."""
        if order.person.kind == "honest":
            self.result.profit += share * p.MARGIN * order.amount

    def _collect(self, order, account, decided, signals):
        result, day = self.result, order.day + 2
        result.debits += 1
        self.history.note_debit(order.day, order.person, account, order.amount)
        waits = self.stage.has_payday and decided.colour == GREEN
        waits = waits and decided.pd is not None and decided.pd >= p.PAYDAY_PD
        reason = get_reason(order, account, self.stage.has_service, waits)
        if decided.pd is not None:
            result.scored.append((decided.pd, bool(reason)))
        result.outcomes.append((signals, reason))
        if not reason:
            result.profit += p.MARGIN * order.amount
            return
        result.returns += 1
        result.reasons[reason] += 1
        open_days = self._recover(order, reason)
        result.unpaid += not (reason in ("AM04", "MS03") and open_days <= p.RETRY_DAYS)
        result.profit -= p.RETURN_FEE + p.HANDLING
        if open_days < 10_000:
            result.profit += p.MARGIN * order.amount
        elif decided.colour == GREEN:
            result.profit -= p.COST * order.amount
        found = Return(day + 3, reason, order.amount, day + 3 + open_days, account)
        self.history.note_return(order.person, found)

    @staticmethod
    def _recover(order, reason):
        """Return after how many days the money comes after all."""
        if reason in ("AM04", "MS03") and order.luck["retries"] < p.RETRY_RECOVERS:
            return p.RETRY_DAYS
        if order.person.kind == "honest" and order.luck["dunning"] < p.DUNNING_RECOVERS:
            return p.DUNNING_DAYS
        return 100_000


def get_reason(order, account, calm=False, waits=False):
    """Return the code with which a debit comes back, "" when it is paid: the hidden truth.

    :param world.Order order: what was ordered.
    :param str account: the IBAN that is debited.
    :param bool calm: whether customers are told of the debit, choose its day and can complain.
    :param bool waits: whether the debit waits for a pay-day that is near.
    """
    person, luck = order.person, order.luck
    if account != person.iban or person.kind == "fabricated":
        return "AC01"
    if person.kind == "stolen":
        return "MD01"
    if order.is_closed:
        return "AC04"
    if luck["funds"] < _get_funds_chance(order, calm, waits):
        return "MS03" if luck["code"] < 0.6 else "AM04"
    if person.kind == "no_intent":
        return "MD06"
    if luck["disputes"] < p.DISPUTED * (1 - p.COMPLAINT_EFFECT * calm):
        return "MD06"
    return "MS02" if luck["other"] < p.OTHER else ""


def _get_funds_chance(order, calm, waits):
    day_of_month = int(order.luck["month"] * 30) + 1
    if calm and not order.is_new and order.luck["day"] < p.CHOSEN_DAY:
        day_of_month = 2
    elif waits:
        day_of_month = _find_payday(order, day_of_month)
    chance = get_funds_chance(order.person, order.amount, day_of_month, order.is_new)
    return chance * (1 - p.NOTICE_EFFECT * calm)


def _find_payday(order, day_of_month):
    """Return the day of the month of the next pay-day, as the add-on finds it; the same without one."""
    month = date(2026, 1 + order.number % 12, 1)
    lower = target.next_target_day(month + timedelta(days=day_of_month - 1))
    found = payday.find_payday(PAYDAYS, lower, lower + timedelta(days=p.PAYDAY_DAYS))
    return found.day.day if found else day_of_month
