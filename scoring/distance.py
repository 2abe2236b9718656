"""Typing distance: how many slips lie between two words."""


def distance(first: str, second: str, limit: int = 3) -> int:
    """The number of wrong, missing, additional or swapped neighbouring characters.

    At most `limit` + 1: what is further apart is not counted to its end.

    >>> distance("mueller", "meuller")
    1
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before, previous = [], list(range(len(second) + 1))
    for row, left in enumerate(first, 1):
        current = [row]
        for column, right in enumerate(second, 1):
            cost = min(
                previous[column] + 1,
                current[column - 1] + 1,
                previous[column - 1] + (left != right),
            )
            swapped = row > 1 and column > 1 and left == second[column - 2]
            if swapped and first[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return min(previous[-1], limit + 1)


def within(first: str, second: str, limit: int) -> bool:
    """Whether not more than `limit` slips lie between two words."""
    if limit == 1:
        return _within_one(first, second)
    return first == second or distance(first, second, limit) <= limit


def _within_one(first, second):
    """Return the same as `distance` by comparing both ends: asked for a hundred domains at once."""
    shorter, longer = sorted((first, second), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    size = len(shorter)
    start = next((i for i in range(size) if shorter[i] != longer[i]), size)
    if shorter[start + (len(longer) == size) :] == longer[start + 1 :]:
        return True
    swapped = longer[start : start + 2][::-1] == shorter[start : start + 2]
    return len(longer) == size and swapped and shorter[start + 2 :] == longer[start + 2 :]
