"""Days of repeated debits: always possible, never too many, always explained."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import retry, target

PAYDAYS = (retry.Window(0, 3), retry.Window(15, 16))
GERMAN = retry.Policy(windows=PAYDAYS)
AMOUNT = Decimal("99.90")
CODES = {"chosen_day", "history", "payday", "technical", "earliest"}
STOPS = {"max", "window", "not_worth"}

DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))
MONEY = st.decimals(Decimal("0.01"), Decimal(5000), places=2)
COUNTS = st.dictionaries(st.integers(1, 31), st.integers(0, 9), max_size=8)
POLICIES = st.builds(
    retry.Policy,
    max_retries=st.integers(0, 5),
    window_days=st.integers(0, 90),
    distance_days=st.integers(0, 15),
    strategies=st.permutations(retry.STRATEGIES).flatmap(
        lambda order: st.integers(0, 3).map(lambda count: tuple(order[:count]))
    ),
    windows=st.lists(
        st.builds(retry.Window, st.integers(0, 31), st.integers(1, 31)), max_size=3
    ).map(tuple),
    chances=st.lists(st.decimals(0, 1, places=2), max_size=3).map(tuple),
    prior_weight=st.decimals(0, 20, places=1),
    stops_when_not_worth=st.booleans(),
)


@st.composite
def cases(draw):
    """Arguments of `plan_retry` as a bank's files may bring them."""
    first = target.next_target_day(draw(DAYS))
    collection = target.next_target_day(first + timedelta(draw(st.integers(0, 60))))
    failure = retry.Failure(
        attempt=draw(st.integers(1, 6)),
        collection=collection,
        first_collection=first,
        amount=draw(MONEY),
        fee=draw(st.decimals(0, 20, places=2)),
        is_technical=draw(st.booleans()),
    )
    earliest = collection + timedelta(draw(st.integers(-10, 60)))
    history = draw(st.none() | st.builds(retry.History, COUNTS, COUNTS))
    limit = draw(st.none() | st.integers(0, 4))
    return draw(POLICIES), failure, earliest, draw(st.integers(0, 28)), history, limit


@given(cases())
def test_every_plan_is_possible_and_explained(case):
    policy, failure, earliest, _chosen, _history, limit = case
    found = retry.plan_retry(*case)
    assert found == retry.plan_retry(*case)
    if isinstance(found, retry.Stop):
        assert found.code in STOPS
        return
    last = failure.first_collection + timedelta(policy.window_days)
    assert found.code in CODES
    assert target.is_target_day(found.date)
    assert earliest <= found.date <= found.last_date <= last
    assert 0 <= found.chance <= 1
    assert failure.attempt <= min(
        policy.max_retries, policy.max_retries if limit is None else limit
    )
    if not failure.is_technical:
        distance = target.add_target_days(failure.collection, policy.distance_days)
        assert found.date >= distance


@given(cases())
def test_a_chain_of_failures_ends(case):
    policy, failure, earliest, chosen, history, limit = case
    count = 0
    while isinstance(
        found := retry.plan_retry(policy, failure, earliest, chosen, history, limit), retry.Plan
    ):
        count += 1
        failure = retry.Failure(
            failure.attempt + 1, found.date, failure.first_collection, failure.amount, failure.fee
        )
        earliest = found.date + timedelta(1)
    assert count <= policy.max_retries


@given(cases())
def test_a_plan_is_worth_its_risk(case):
    policy, failure, *_rest = case
    found = retry.plan_retry(*case)
    if isinstance(found, retry.Plan) and policy.stops_when_not_worth:
        assert failure.amount * found.chance > failure.fee * (1 - found.chance)


@pytest.mark.parametrize(
    ("collection", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 11, 27), date(2026, 12, 15)),
        # The last bank day of a year is in the window that ends on 3 January.
        (date(2026, 12, 10), date(2026, 12, 31)),
        (date(2026, 12, 23), date(2026, 12, 31)),
        # 15 and 16 August 2026 are a weekend: the money is there on Monday.
        (date(2026, 8, 3), date(2026, 8, 17)),
        (date(2026, 8, 10), date(2026, 8, 17)),
        # Easter 2027: closed from 26 to 29 March.
        (date(2027, 3, 22), date(2027, 3, 31)),
        (date(2027, 3, 23), date(2027, 4, 1)),
        (date(2027, 3, 24), date(2027, 4, 2)),
        (date(2027, 3, 25), date(2027, 4, 15)),
        # Easter 2026: closed from 3 to 6 April.
        (date(2026, 3, 25), date(2026, 4, 1)),
        (date(2026, 3, 26), date(2026, 4, 2)),
        (date(2026, 3, 27), date(2026, 4, 15)),
    ],
)
def test_next_payday(collection, expected):
    failure = retry.Failure(1, collection, collection, AMOUNT)
    found = retry.plan_retry(GERMAN, failure, collection)
    assert (found.date, found.code) == (expected, "payday")
    assert date.fromisoformat(found.params["first"]) <= found.date


@pytest.mark.parametrize(
    ("window", "year", "month", "expected"),
    [
        (retry.Window(0, 3), 2027, 1, (date(2026, 12, 31), date(2027, 1, 3))),
        (retry.Window(0, 3), 2028, 1, (date(2027, 12, 31), date(2028, 1, 3))),
        (retry.Window(0, 3), 2023, 1, (date(2022, 12, 30), date(2023, 1, 3))),
        (retry.Window(28, 3), 2027, 3, (date(2027, 2, 28), date(2027, 3, 3))),
        (retry.Window(30, 31), 2027, 2, (date(2027, 2, 28), date(2027, 2, 28))),
        (retry.Window(15, 16), 2026, 8, (date(2026, 8, 15), date(2026, 8, 16))),
    ],
)
def test_days_of_a_window(window, year, month, expected):
    assert window.get_days(year, month) == expected


def test_the_customers_own_day_comes_first():
    day = date(2026, 11, 23)
    found = retry.plan_retry(GERMAN, retry.Failure(1, day, day, AMOUNT), day, chosen_day=12)
    # 12 December 2026 is a Saturday.
    assert (found.date, found.code, found.params) == (date(2026, 12, 14), "chosen_day", {"day": 12})


def test_a_chosen_day_on_a_weekend_may_start_before_the_first_possible_day():
    day = date(2026, 11, 6)
    failure = retry.Failure(1, day, day, AMOUNT)
    found = retry.plan_retry(GERMAN, failure, date(2026, 12, 14), chosen_day=12)
    assert found.date == date(2026, 12, 14)


def test_good_days_of_the_customer():
    day = date(2026, 11, 23)
    history = retry.History(paid={20: 3, 22: 1, 2: 1}, failed={1: 2, 23: 1})
    found = retry.plan_retry(GERMAN, retry.Failure(1, day, day, AMOUNT), day, history=history)
    assert (found.date, found.code) == (date(2026, 12, 21), "history")
    assert found.params == {"first": 16, "last": 24, "paid": 4, "total": 5}
    # Four payments' worth of 70 %, and four of five paid: 6.8 of 9.
    assert round(found.chance, 3) == Decimal("0.756")


def test_few_payments_say_nothing():
    day = date(2026, 11, 23)
    history = retry.History(paid={20: 2}, failed={1: 9})
    found = retry.plan_retry(GERMAN, retry.Failure(1, day, day, AMOUNT), day, history=history)
    assert (found.code, found.chance) == ("payday", Decimal("0.7"))


def test_bad_days_lower_the_chance_of_a_payday():
    day = date(2026, 11, 23)
    policy = retry.Policy(windows=PAYDAYS, strategies=("payday",))
    history = retry.History(paid={20: 3}, failed={30: 4})
    found = retry.plan_retry(policy, retry.Failure(1, day, day, AMOUNT), day, history=history)
    assert (found.date, found.chance) == (date(2026, 11, 30), Decimal("0.35"))


def test_no_third_repetition():
    day = date(2026, 11, 23)
    found = retry.plan_retry(GERMAN, retry.Failure(3, day, date(2026, 11, 2), AMOUNT), day)
    assert found == retry.Stop("max", {"count": 2, "days": 42})


def test_a_reason_may_allow_less():
    day = date(2026, 11, 23)
    failure = retry.Failure(2, day, date(2026, 11, 2), AMOUNT)
    assert retry.plan_retry(GERMAN, failure, day, max_retries=1).code == "max"
    assert retry.plan_retry(GERMAN, failure, day, max_retries=5).code == "payday"


def test_nothing_after_the_window():
    first = date(2026, 10, 1)
    failure = retry.Failure(2, date(2026, 11, 9), first, AMOUNT)
    found = retry.plan_retry(GERMAN, failure, date(2026, 11, 12))
    assert found == retry.Stop("window", {"days": 42, "last": "2026-11-12"})


def test_without_a_good_day_the_first_possible_one():
    first = date(2026, 10, 12)
    failure = retry.Failure(2, date(2026, 11, 12), first, AMOUNT)
    found = retry.plan_retry(GERMAN, failure, date(2026, 11, 16))
    assert (found.date, found.code) == (date(2026, 11, 19), "earliest")


def test_small_amounts_are_not_worth_a_fee():
    day = date(2026, 11, 23)
    failure = retry.Failure(2, day, day, Decimal("4.00"), Decimal("5.00"))
    found = retry.plan_retry(GERMAN, failure, day)
    assert found.code == "not_worth"
    assert found.params == {"amount": "4.00", "fee": "5.00", "chance": 40}
    policy = retry.Policy(windows=PAYDAYS, stops_when_not_worth=False)
    assert retry.plan_retry(policy, failure, day).code == "payday"


def test_technical_faults_wait_for_no_payday():
    day = date(2026, 11, 23)
    failure = retry.Failure(1, day, day, AMOUNT, is_technical=True)
    found = retry.plan_retry(GERMAN, failure, date(2026, 11, 25), chosen_day=10)
    assert (found.date, found.code) == (date(2026, 11, 25), "technical")


@pytest.mark.parametrize(
    ("day", "objection"),
    [
        (date(2026, 12, 5), "closed"),
        (date(2026, 12, 25), "closed"),
        (date(2026, 11, 30), "early"),
        (date(2026, 12, 1), None),
        (date(2026, 12, 18), None),
        (date(2026, 12, 21), "late"),
    ],
)
def test_objections_to_a_day(day, objection):
    assert retry.find_objection(day, date(2026, 12, 1), date(2026, 12, 18)) == objection


def test_possible_days_leave_the_closed_ones_out():
    days = retry.get_possible_days(date(2026, 12, 23), date(2026, 12, 29))
    assert [day.day for day in days] == [23, 24, 28, 29]
    assert retry.get_possible_days(date(2026, 12, 29), date(2026, 12, 23)) == []
