"""Which debits came back together, when the bank books their sum and names none of them."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from itertools import combinations, islice
from math import comb

#: With more choices than this, one that fits is none that anybody should rely on.
_MOST_CHOICES = 20_000


def fitting(
    groups: Iterable[Iterable[Hashable]],
    amounts: Mapping[Hashable, Decimal],
    total: Decimal,
    count: int | None = None,
    largest_fee: Decimal = Decimal(0),
) -> frozenset | None:
    """The one set of debits that a sum stands for; None when none fits or several do.

    `groups`: what was announced together; `amounts`: of each debit; `total`: what left the
    account; `count`: of debits, None when the bank does not say; `largest_fee`: for one debit.

    A group that fits to the cent goes before one that leaves a fee, and any group before a
    selection of debits that were not announced together, which has to fit to the cent.
    """
    sets = {frozenset(group) for group in groups} - {frozenset()}
    rests = {group: total - sum(amounts[key] for key in group) for group in sets}
    sized = {group: rest for group, rest in rests.items() if count in (None, len(group))}
    for found in (
        [group for group, rest in sized.items() if rest == 0],
        [group for group, rest in sized.items() if 0 < rest <= largest_fee * len(group)],
    ):
        if found:
            return found[0] if len(found) == 1 else None
    if not count or comb(len(amounts), count) > _MOST_CHOICES:
        return None
    exact = (
        frozenset(choice)
        for choice in combinations(sorted(amounts), count)
        if sum(amounts[key] for key in choice) == total
    )
    first = list(islice(exact, 2))
    return first[0] if len(first) == 1 else None
