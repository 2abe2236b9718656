"""What a decision earns: the price of letting a debit go, and of asking for another way to pay."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Economics:
    """What an order earns and a return costs, in euro and shares of the amount.

    `margin` is earned on an amount that is paid; `return_fee` the bank's and `handling` the own cost
    of each return; `recovered` the share of returned amounts that comes in later; `cost` what has been
    spent by then on an order that is never paid. `abandoned` is the share of customers who leave when
    no direct debit is offered, `abandoned_yellow` when support waits for the money.
    """

    margin: float = 0.60
    return_fee: float = 5.0
    handling: float = 15.0
    recovered: float = 0.55
    cost: float = 0.40
    abandoned: float = 0.30
    abandoned_yellow: float = 0.08

    def debit(self, amount: float, pd: float, serves_at_once: bool = True) -> float:
        """Return the expected profit of a debit with a probability of a return.

        :param serves_at_once: false when support starts after settlement, so that nothing but fees
            and work is lost.
        """
        kept = self.abandoned_yellow if not serves_at_once else 0.0
        cost = self.cost * amount if serves_at_once else 0.0
        paid = self.margin * amount
        lost = self.recovered * paid - (1 - self.recovered) * cost
        returned = lost - self.return_fee - self.handling
        return (1 - kept) * ((1 - pd) * paid + pd * returned)

    def divert(self, amount: float) -> float:
        """Return the expected profit when another way to pay is offered instead."""
        return (1 - self.abandoned) * self.margin * amount

    def offer(self, colour: str, amount: float, pd: float) -> float:
        """Return the expected profit of an order of a colour."""
        if colour == "red":
            return self.divert(amount)
        return self.debit(amount, pd, serves_at_once=colour == "green")

    def get_break_even(self, amount: float) -> float:
        """Return the probability from which another way to pay earns more than a debit at once."""
        gain = self.debit(amount, 0.0) - self.divert(amount)
        slope = self.debit(amount, 0.0) - self.debit(amount, 1.0)
        return min(1.0, max(0.0, gain / slope)) if slope > 0 else 1.0


def get_best_cutoff(economics: Economics, orders: Iterable[tuple[float, float]]) -> float:
    """Return the cut-off in steps of a percent that earns most with green below and red from there.

    :param orders: amount in euro and probability of a return of each order.
    """
    orders = list(orders)

    def earn(cutoff):
        return sum(
            economics.debit(amount, pd) if pd < cutoff else economics.divert(amount)
            for amount, pd in orders
        )

    return max(
        (percent / 100 for percent in range(1, 101)), key=lambda cutoff: (earn(cutoff), cutoff)
    )


def is_worth_asking(
    price: float, amount: float, pd: float, economics: Economics, detected: float = 0.5
) -> bool:
    """Return whether the answer of a credit bureau is worth its price for one order.

    :param detected: share of the returns that the bureau would point out.
    """
    saved = pd * detected * (economics.divert(amount) - economics.debit(amount, 1.0))
    return saved > price
