"""Find repeated texts in a stream too long to remember.

Eight bytes per text instead of some hundred: only hashes are kept, so what comes out is a
suspicion, to be confirmed by a second look at the texts themselves.
"""

from array import array
from hashlib import blake2b
from itertools import pairwise

_BUCKETS = 256


def _hash(text):
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


class SeenTexts:
    """Remembers texts as 64-bit hashes, spread over buckets by their highest byte."""

    def __init__(self):
        self._buckets = [array("Q") for _ in range(_BUCKETS)]

    def add(self, text):
        """Remember one more occurrence of ``text``."""
        value = _hash(text)
        self._buckets[value >> 56].append(value)

    def repeated(self):
        """Return a :class:`Suspects` of what was added more than once."""
        suspects = set()
        for bucket in self._buckets:
            values = sorted(bucket)
            suspects.update(a for a, b in pairwise(values) if a == b)
        return Suspects(suspects)


class Suspects:
    """Texts that were added more than once, or whose hashes collide with another's."""

    def __init__(self, hashes):
        self._hashes = hashes

    def __bool__(self):
        return bool(self._hashes)

    def __contains__(self, text):
        return _hash(text) in self._hashes
