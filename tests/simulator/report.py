#!/usr/bin/env python3
"""Print what each stage of checking makes of simulated years. Run by `bin/simulate`."""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from statistics import fmean

from simulator import learning, policy_file, run, stages, world

from scoring import measures
from scoring.model import Cutoff

#: The goals: first returns and what is left after repetitions at most, share of direct debits at least.
GOALS = {"first": 0.025, "net": 0.015, "sdd": 0.93}


def simulate(seed, count, cutoffs, more=()):
    """Return the figures of all stages for one seed; with other cut-offs only of those they matter to."""
    orders = world.make_world(seed, count)
    chosen = stages.get_stages()
    if cutoffs:
        policy = replace(policy_file.read_policy(), cutoffs=(Cutoff(*cutoffs),))
        chosen = [stage for stage in stages.get_stages(policy) if stage.has_score]
    if more:
        chosen = (chosen[-1], *more)
    return [{"seed": seed, **measure(stage, orders)} for stage in chosen]


def prepare_more(seeds, training, count, asks_about_all=False):
    """Return the stages beyond the shipped set-up, the last with cards learned in training years.

    :raise SystemExit: when a year would be learned from and reported.
    """
    if set(seeds) & set(training):
        raise SystemExit("A seed can't be learned from and reported: choose others for --train.")
    more = stages.get_more_stages(asks_about_all=asks_about_all)
    learned = learning.learn(more[-1], training, count)
    cut = learned.policy.cutoffs[0].green_max
    print(f"Learned from the seeds {', '.join(map(str, training))}; cut-off {cut:.1%}.\n")
    return *more, learned


def measure(stage, orders):
    """Return the figures of a stage as plain values."""
    result = run.run(stage, orders)
    found = {
        "stage": stage.name,
        "checkouts": result.checkouts,
        "debits": result.debits,
        "returns": result.returns,
        "unpaid": result.unpaid,
        "asked": result.asked,
        "sdd": result.sdd_share,
        "first": result.first_rate,
        "net": result.net_rate,
        "profit": result.profit_per_1000,
        "reasons": dict(result.reasons),
        **{colour: result.colours[colour] / result.checkouts for colour in ("yellow", "red")},
    }
    if stage.has_score:
        found["auc"] = measures.auc(*zip(*result.scored, strict=True)).value
    return found


def print_table(rows, seeds):
    """Print the mean of all seeds by stage, with the range over seeds."""
    print(
        "| stage | SDD share | first returns | after repetitions | yellow | red | EUR/1000 | AUC |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in dict.fromkeys(row["stage"] for row in rows):
        part = [row for row in rows if row["stage"] == name]
        cells = [
            *(format_share(part, key) for key in ("sdd", "first", "net")),
            *(f"{fmean(row[key] for row in part) * 100:.1f} %" for key in ("yellow", "red")),
            f"{fmean(row['profit'] for row in part):.0f}",
            f"{fmean(row['auc'] for row in part):.3f}" if "auc" in part[0] else "",
        ]
        print(f"| {name} | {' | '.join(cells)} |")
    print(f"\nSeeds: {', '.join(map(str, seeds))}; in brackets the lowest and the highest of them.")


def format_share(part, key):
    """Return the mean in percent with the range over seeds."""
    values = [row[key] * 100 for row in part]
    return f"{fmean(values):.2f} % ({min(values):.2f}–{max(values):.2f})"


def print_goals(rows):
    """Print which goals the last stage reaches, with 95 % intervals over all debits."""
    last = [row for row in rows if row["stage"] == rows[-1]["stage"]]
    total = {
        key: sum(row[key] for row in last) for key in ("checkouts", "debits", "returns", "unpaid")
    }
    print(f"\nWith everything on ({rows[-1]['stage'].removeprefix('+ ')}):")
    for label, key, hits, count in (
        ("first returns", "first", total["returns"], total["debits"]),
        ("after repetitions", "net", total["unpaid"], total["debits"]),
        ("share of direct debits", "sdd", total["debits"], total["checkouts"]),
    ):
        found, goal = measures.wilson(hits, count), GOALS[key]
        is_met = found.value >= goal if key == "sdd" else found.value <= goal
        print(
            f"  {label}: {found.value:.2%} ({found.low:.2%} to {found.high:.2%}),"
            f" goal {goal:.1%}: {'reached' if is_met else 'MISSED'}"
        )


def main():
    """Simulate in as many processes as asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=6000, help="orders of a year (default 6000)")
    parser.add_argument(
        "--seeds", default="1,2,3,4,5", help="numbers with commas (default 1,2,3,4,5)"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--json", help="write the figures of all stages and seeds to this file")
    parser.add_argument("--cutoffs", help="other cut-offs than the shipped ones, e.g. 0.06,0.08")
    parser.add_argument(
        "--more", action="store_true", help="try what the shipped set-up does not do by itself"
    )
    parser.add_argument(
        "--train", default="101,102,103,104", help="with --more: years that cards are learned from"
    )
    parser.add_argument(
        "--everybody", action="store_true", help="with --more: ask the bureau about every order"
    )
    args = parser.parse_args()
    if args.more and args.cutoffs:
        parser.error("--more chooses its cut-offs by itself.")
    seeds, training = (
        [int(text) for text in texts.split(",")] for texts in (args.seeds, args.train)
    )
    cutoffs = tuple(map(float, args.cutoffs.split(","))) if args.cutoffs else None
    more = prepare_more(seeds, training, args.orders, args.everybody) if args.more else ()
    with ProcessPoolExecutor(args.jobs) as pool:
        parts = list(pool.map(simulate, seeds, repeat(args.orders), repeat(cutoffs), repeat(more)))
    rows = [row for part in parts for row in part]
    if args.json:
        Path(args.json).write_text(json.dumps(rows, indent=1))
    print_table(rows, seeds)
    print_goals(rows)
    print(
        "\nThe simulator proves plumbing and trade-offs, not real accuracy: score and world have one"
        " author."
    )


if __name__ == "__main__":
    main()
