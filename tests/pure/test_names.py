"""Names of customers as banks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa.names import similarity


@pytest.mark.parametrize(
    ("first", "second", "least", "most"),
    [
        ("Jörg Müßig", "MUESSIG JOERG", 1, 1),
        ("Erika Mustermann", "Dr. Erika Mustermann und Max Mustermann", 1, 1),
        ("Muster GmbH & Co. KG", "MUSTER", 1, 1),
        ("Erika Mustermann", "Mustermann", 0.5, 0.5),
        ("Customer 1", "Customer 2", 0.5, 0.5),
        ("Erika Mustermann", "Hans Meier", 0, 0),
        ("", "Hans Meier", 0, 0),
        (None, None, 0, 0),
    ],
)
def test_likeness(first, second, least, most):
    assert least <= similarity(first, second) <= most
    assert similarity(first, second) == similarity(second, first)


@given(st.text(max_size=40), st.text(max_size=40))
def test_always_a_share(first, second):
    assert 0 <= similarity(first, second) <= 1
