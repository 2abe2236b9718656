#!/usr/bin/env python3
"""Time of one scorecard with twenty facts, of a decision, and of learning a card.

Prints rows | what | n | value | unit | queries per record |.
"""

import random
import time

from scoring.card import score
from scoring.decision import decide
from scoring.fit import refit_card
from scoring.model import Attribute, Bin, Card, Context, Cutoff, PolicyData, Rule, Signal

ROUNDS, REPEATS = 500, 7
ROWS = (
    Bin(-10.0, "a little", high=1.0),
    Bin(0.0, "more", low=1.0, high=5.0),
    Bin(10.0, "much", low=5.0),
    Bin(-2.0, "unknown", is_missing=True),
)
CARD = Card("bench", 1, 560.0, tuple(Attribute(f"s{number}", ROWS) for number in range(20)))
RULES = tuple(Rule(number, f"s{number}", ">=", "99", "red") for number in range(20))


def make_policy(green_max):
    """Return a policy with two cards of twenty facts and twenty rules."""
    cutoffs = (Cutoff(green_max, 0.9),)
    return PolicyData(1, rules=RULES, bank_card=CARD, customer_card=CARD, cutoffs=cutoffs)


def measure(function, rounds=ROUNDS):
    """Return microseconds of processor time, the best of several runs."""
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        for _ in range(rounds):
            function()
        found.append((time.process_time() - start) / rounds)
    return min(found) * 1e6


def main():
    """Print the rows of a Markdown table."""
    signals = {f"s{number}": Signal(f"s{number}", float(number % 7)) for number in range(20)}
    green, yellow, context = make_policy(0.8), make_policy(0.001), Context()
    for name, function in (
        ("a card of 20 facts", lambda: score(CARD, signals)),
        ("a green decision, 2 cards, 20 rules", lambda: decide(green, signals, context)),
        ("a yellow one, with what would change it", lambda: decide(yellow, signals, context)),
    ):
        rounds = ROUNDS if "yellow" not in name else 20
        print(
            f"| scoring: {name} | {rounds} | {measure(function, rounds):.0f} | microseconds | 0 |"
        )
    chance = random.Random(1)
    rows = [{f"s{n}": float(chance.randrange(7)) for n in range(20)} for _ in range(10_000)]
    labels = [chance.random() < 0.05 for _ in rows]
    start = time.process_time()
    refit_card(CARD, rows, labels)
    print(f"| scoring: a card learned anew | 10000 | {time.process_time() - start:.1f} | s | 0 |")


if __name__ == "__main__":
    main()
