"""Account holder against customer: what people type is forgiven, nothing is told by a name's origin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import distance, holder

SAME = [
    ("Jörg Müßig", "Joerg Muessig"),
    ("Jörg Müßig", "MUSSIG JORG"),
    ("Jörg Müßig", "Müßig, Jörg"),
    ("Jörg Müßig", "J. Müßig"),
    ("Jörg Müßig", "Dr. Jörg Peter Müßig"),
    ("Jörg Müßig", "Jörg und Anna Müßig"),
    ("Hans-Peter Lang", "Hanspeter Lang"),
    ("Müller GmbH & Co. KG", "Mueller GmbH"),
    ("Ludwig van der Meer", "Ludwig Meer"),
    ("Siobhán O'Neill", "SIOBHAN ONEILL"),
    ("Nguyễn Thị Minh", "Nguyen Thi Minh"),
    ("Łukasz Żółć", "Łukasz Zolc"),
    ("Ayşe Yılmaz", "Yılmaz Ayse"),
    ("Дмитрий Иванов", "Иванов Дмитрий"),
    ("Li Na", "Na Li"),
]
CLOSE = [
    ("Jörg Müßig", "Jörg Müßigg"),
    ("Katharina Schneider", "Katarina Schnieder"),
    ("Jonathan Winterbottom", "Jonatan Wintrebottom"),
    ("Jörg Müßig", "Jörrg Müsig"),
]
PARTLY = [("Jörg Müßig", "Anna Müßig"), ("Jörg Müßig", "Müßig"), ("Anna Berg", "Anna Tal")]
DIFFERENT = [
    ("Jörg Müßig", "Hanna Schulze"),
    ("Max Kern", "Autohaus Nord GmbH"),
    ("Li Na", "Wu Bo"),
    ("Jörg Müßig", "J. M."),
]


@pytest.mark.parametrize(
    ("expected", "pairs"),
    [("match", SAME), ("close", CLOSE), ("partly", PARTLY), ("different", DIFFERENT)],
)
def test_pairs(expected, pairs):
    for customer, name in pairs:
        assert holder.compare(customer, name) == expected, (customer, name)


def test_cannot_be_compared():
    assert holder.compare("", "Anna") == ""
    assert holder.compare("Anna", None) == ""
    assert holder.compare("Дмитрий Иванов", "Dmitri Ivanov") == ""
    assert holder.compare("...", "Anna") == ""


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_ways_the_same(first, second):
    assert holder.compare(first, second) == holder.compare(second, first)


@given(st.text(max_size=40))
def test_everybody_is_himself(name):
    assert holder.compare(name, name) in ("match", "")


@given(st.text(alphabet="abcd", max_size=7), st.text(alphabet="abcd", max_size=7))
def test_distance_is_symmetric_and_bounded(first, second):
    found = distance.distance(first, second, 9)
    assert found == distance.distance(second, first, 9)
    assert abs(len(first) - len(second)) <= found <= max(len(first), len(second))
    assert (found == 0) == (first == second)
    assert distance.distance(first, second, 1) == min(found, 2)
    assert distance.within(first, second, 1) == (found <= 1)
