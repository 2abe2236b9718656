"""Which debits came back together."""

from decimal import Decimal

import pytest

from sepa.collective import fitting

AMOUNTS = {
    "A": Decimal("49.90"),
    "B": Decimal("49.90"),
    "C": Decimal("20.00"),
    "D": Decimal("7.00"),
}
FEE = Decimal(50)


@pytest.mark.parametrize(
    ("groups", "total", "count", "expected"),
    [
        (["AB"], "99.80", 2, "AB"),
        (["AB"], "105.80", 2, "AB"),
        (["AB"], "105.80", None, "AB"),
        (["AB", "AB"], "105.80", 2, "AB"),
        # The fit to the cent goes first.
        (["AB", "AC"], "69.90", 2, "AC"),
        (["AB", "ABC"], "119.80", None, "ABC"),
        # Two fit alike.
        (["AC", "BC"], "69.90", 2, None),
        (["AB", "AC"], "105.80", 2, None),
        # The number of debits decides.
        (["AB", "ABC"], "125.00", 3, "ABC"),
        (["AB"], "99.80", 3, None),
        # Too little, or too much for fees.
        (["AB"], "99.79", 2, None),
        (["AB"], "200.00", 2, None),
        # Not announced together, but only these add up.
        (["ABCD"], "27.00", 2, "CD"),
        (["ABCD"], "56.90", 2, None),
        (["ABCD"], "27.00", None, None),
        (["ABCD"], "27.01", 2, None),
        ([""], "0.00", None, None),
        ([], "20.00", 1, "C"),
    ],
)
def test_fitting(groups, total, count, expected):
    found = fitting(groups, AMOUNTS, Decimal(total), count, FEE)
    assert found == (frozenset(expected) if expected else None)


def test_very_many_debits_are_left_to_a_person():
    amounts = {number: Decimal(number) for number in range(200)}
    assert fitting([], amounts, Decimal(3), 50, FEE) is None
