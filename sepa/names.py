"""How much two names of customers have in common, as banks and people write them."""

import re
from difflib import SequenceMatcher

from .charset import to_sepa

#: What is left out before names are compared: forms of address, titles, legal forms, "or".
_FILLERS = frozenset(
    "HERR FRAU HERRN DR PROF MR MRS MS MME M UND AND ODER OR OU ET U GMBH MBH AG KG OHG UG SE EK EG EV CO"
    " GBR LTD LLC INC BV NV SA SARL SAS SPA SRL".split()
)
#: Two words are one when they are this much alike: "Mueller" and "Muller" are.
_ALIKE = 0.8


def words(name: str | None) -> list[str]:
    """The words of a name in capitals, without titles and legal forms.

    >>> words("Dr. Jörg Müßig GmbH & Co. KG")
    ['JOERG', 'MUESSIG']
    """
    found = re.findall(r"[A-Z0-9]+", to_sepa(name or "", "de").upper().replace(".", " "))
    kept = [word for word in found if word not in _FILLERS]
    return [word for word in kept if len(word) > 1 or word.isdigit()] or found


def similarity(first: str | None, second: str | None) -> float:
    """From 0 (nothing in common) to 1: the share of the shorter name's words that the other has.

    One word of a longer name counts half: a family name alone says little.
    """
    shorter, longer = sorted((words(first), words(second)), key=len)
    if not shorter:
        return 0.0
    left, hits = list(longer), 0
    for word in shorter:
        best = max(left, key=lambda other: _ratio(word, other), default=None)
        if best is not None and _ratio(word, best) >= _ALIKE:
            hits += 1
            left.remove(best)
    share = hits / len(shorter)
    return share / 2 if len(shorter) == 1 and len(longer) > 1 else share


def _ratio(first: str, second: str) -> float:
    if first == second:
        return 1.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
