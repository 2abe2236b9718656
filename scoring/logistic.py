"""Ridge logistic regression in plain Python: Newton's method on sparse, counted rows."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .card import sigmoid

_MAX_STEPS = 30
_PRECISION = 1e-7


class Row(NamedTuple):
    """So many equal cases: ((index, value), ...) of what is not zero, how many, how many of them true."""

    features: tuple[tuple[int, float], ...]
    count: int
    hits: int


def group(cases: Iterable[tuple[tuple, bool]]) -> list[Row]:
    """Return cases (features, label) as rows; equal ones are one row, which makes fitting fast."""
    counts, hits = Counter(), Counter()
    for features, label in cases:
        counts[features] += 1
        hits[features] += bool(label)
    return [Row(features, count, hits[features]) for features, count in counts.items()]


def fit(rows: Sequence[Row], prior: Sequence[float], strengths: Sequence[float]) -> list[float]:
    """Return the weights that maximise the penalised likelihood of `P(true) = sigmoid(w . x)`.

    :param prior: where each weight is drawn to.
    :param strengths: how strongly (1/C, the inverse variance of a normal prior); above 0.
    """
    weights = list(prior)
    loss = _get_loss(rows, weights, prior, strengths)
    for _step in range(_MAX_STEPS):
        gradient, hessian = _get_slopes(rows, weights, prior, strengths)
        move = solve(hessian, gradient)
        size = 1.0
        while size > 1e-6:
            tried = [weight - size * part for weight, part in zip(weights, move, strict=True)]
            new_loss = _get_loss(rows, tried, prior, strengths)
            if new_loss <= loss:
                break
            size /= 2
        else:
            return weights
        weights, gain, loss = tried, loss - new_loss, new_loss
        if gain < _PRECISION * (1 + abs(loss)):
            break
    return weights


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Return x of matrix . x = right for a symmetric positive definite matrix (Cholesky)."""
    size = len(right)
    low = [[0.0] * size for _ in range(size)]
    for i in range(size):
        row = low[i]
        for j in range(i + 1):
            other = low[j]
            rest = matrix[i][j] - sum(row[k] * other[k] for k in range(j))
            row[j] = math.sqrt(max(rest, 1e-12)) if i == j else rest / other[j]
    found = list(right)
    for i in range(size):
        found[i] = (found[i] - sum(low[i][k] * found[k] for k in range(i))) / low[i][i]
    for i in reversed(range(size)):
        rest = sum(low[k][i] * found[k] for k in range(i + 1, size))
        found[i] = (found[i] - rest) / low[i][i]
    return found


def get_variance(rows: Sequence[Row], weights: Sequence[float], strengths: Sequence[float]) -> list:
    """Return the variance of each weight: the diagonal of the inverse Hessian."""
    _gradient, hessian = _get_slopes(rows, weights, weights, strengths)
    size = len(weights)
    units = ([float(i == j) for j in range(size)] for i in range(size))
    return [solve(hessian, unit)[i] for i, unit in enumerate(units)]


def _get_loss(rows, weights, prior, strengths):
    loss = 0.0
    for features, count, hits in rows:
        odds = sum(weights[index] * value for index, value in features)
        # log(1 + exp(odds)) without overflow
        loss += count * (max(odds, 0.0) + math.log1p(math.exp(-abs(odds)))) - hits * odds
    pairs = zip(weights, prior, strengths, strict=True)
    return loss + sum(pull * (weight - home) ** 2 / 2 for weight, home, pull in pairs)


def _get_slopes(rows, weights, prior, strengths):
    size = len(weights)
    gradient = [
        pull * (weight - home) for weight, home, pull in zip(weights, prior, strengths, strict=True)
    ]
    hessian = [[0.0] * size for _ in range(size)]
    for index, pull in enumerate(strengths):
        hessian[index][index] = pull
    for features, count, hits in rows:
        chance = sigmoid(sum(weights[index] * value for index, value in features))
        error, spread = count * chance - hits, count * chance * (1 - chance)
        for index, value in features:
            gradient[index] += error * value
            line, part = hessian[index], spread * value
            for other, second in features:
                # Only the lower triangle is read, and features are in the order of their index.
                if other > index:
                    break
                line[other] += part * second
    return gradient, hessian
