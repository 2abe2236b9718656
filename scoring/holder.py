"""Whether the holder of an account and a customer can be the same: names as people type them.

Titles, legal forms and "and" do not count, nor does the order of words. An initial stands for
every name that begins with it. Slips: one in a word of four to seven letters, two in a longer one.
"""

import re

from .distance import within
from .formats import NAME_FILLERS
from .plausibility import fold

MATCH, CLOSE, PARTLY, DIFFERENT = "match", "close", "partly", "different"
_WORD = re.compile(r"[^\W_]+")


def words(name: str | None) -> list[str]:
    """The folded words of a name without fillers; all words when nothing else is left.

    >>> words("Dr. Jörg Müßig GmbH & Co. KG")
    ['jorg', 'musig']
    """
    found = [fold(word) for word in _WORD.findall((name or "").replace("'", ""))]
    found = [word for word in found if word]
    return [word for word in found if word not in NAME_FILLERS] or found


def compare(customer: str | None, holder: str | None) -> str:
    """`match`, `close`, `partly` or `different`; "" when they cannot be compared.

    `match`: all words of the shorter name are in the longer one, two at least or all there are;
    `close`: the same with slips; `partly`: some words agree, as with a couple or a family name alone.
    """
    first, second = words(customer), words(holder)
    if not first or not second or _is_latin(first) != _is_latin(second):
        return ""  # Another alphabet says nothing about whose name it is.
    if "".join(first) == "".join(second) or sorted(first) == sorted(second):
        return MATCH
    exact, loose = _count(first, second)
    shorter = min(len(first), len(second))
    enough = shorter > 1 or len(first) == len(second)
    if enough and exact == shorter:
        return MATCH
    if (enough and loose == shorter) or within("".join(first), "".join(second), 1):
        return CLOSE
    return PARTLY if loose else DIFFERENT


def is_other(first: str | None, second: str | None) -> bool:
    """Whether two names are known and have nothing in common."""
    return compare(first, second) == DIFFERENT


def _is_latin(found):
    return max("".join(found)) < "\u0250"


def _count(first, second):
    """Return how many words of the shorter name the longer one has, exactly, and with slips.

    Initials count once a whole word agrees: "J. M." alone would fit half of mankind.
    """
    shorter, left = sorted((first, second), key=len)
    left, exact, loose, initials = list(left), 0, 0, []
    for word in sorted(shorter, key=len, reverse=True):
        if word in left:
            left.remove(word)
            exact += 1
            loose += 1
        elif len(word) == 1 or any(len(other) == 1 for other in left):
            initials.append(word)
        elif near := next((other for other in left if _is_slip(word, other)), ""):
            left.remove(near)
            loose += 1
    for word in initials:
        fits = (o for o in left if (len(o) == 1 or len(word) == 1) and o[0] == word[0])
        if loose and (other := next(fits, "")):
            left.remove(other)
            exact += 1
            loose += 1
    return exact, loose


def _is_slip(word, other):
    size = min(len(word), len(other))
    return size >= 4 and within(word, other, 2 if size >= 8 else 1)
