"""What banks write as the reason of a rejected or returned direct debit, made comparable.

The reason comes as an ISO code, as a bank's own code, as a number behind the German
transaction code, or only as a sentence. `normalize` turns all of them into one `Reason`.
Source of the German numbers and sentences: Deutsche Kreditwirtschaft, Anlage 3 to the DFÜ
agreement (R-messages, field ?34 of MT940), and samples of statements.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

#: Codes that a SEPA direct debit comes back with (EPC016-06 and EPC222-07, chapter 4.4, and
#: the ISO external code sets for status and return reasons). Others are kept but reported.
KNOWN_CODES = frozenset(
    "AC01 AC02 AC03 AC04 AC05 AC06 AC07 AC13 AC14 AG01 AG02 AG03 AG07 AGNT AM01 AM02 AM03 AM04 AM05 AM06 AM07 "
    "AM09 AM10 AM11 AM12 AM13 AM14 AM18 AM21 ARDT BE01 BE04 BE05 BE06 BE07 BE08 BE10 BE11 BE15 BE16 BE17 BE20 "
    "CH03 CNOR CUST DNOR DT01 DT02 DT06 DUPL ED01 ED03 ED05 FF01 FF02 FF03 FF04 FF05 FF06 FF07 FF08 FF09 FF10 "
    "FF11 FOCR FRAD LEGL MD01 MD02 MD03 MD05 MD06 MD07 MD15 MD16 MD17 MS02 MS03 NARR NOAS RC01 RC03 RC04 RC07 "
    "RC08 RC11 RC12 RF01 RR01 RR02 RR03 RR04 RR05 RR12 SL01 SL02 SL11 SL12 SL13 SL14 SVNR TECH TM01 TS01 TS04 UPAY".split()
)

#: Number after the German transaction code or in ?34 -> ISO code. Numbers that the sources
#: give different meanings (905, 907, 911, 916-918) are left out on purpose.
GERMAN_NUMBERS = {
    "901": "AC01",
    "902": "AC04",
    "903": "AC06",
    "904": "AG01",
    "906": "AM04",
    "909": "MD01",
    "910": "MD02",
    "912": "MD06",
    "913": "MD07",
    "914": "MS03",
    "915": "RC01",
}

#: Sentences banks write instead of a code, after umlauts are spelt out; the first match wins.
_SENTENCES = (
    (re.compile(r"SONSTIGE[RN]? GRUE?ND"), "MS03"),
    (re.compile(r"WIDERSPRUCH|WIDERSPROCHEN"), "MD06"),
    (
        re.compile(
            r"(?:MANGELS|KEINE|FEHLENDE|UNZUREICHENDE) (?:KONTO)?DECKUNG|KONTO NICHT GEDECKT"
        ),
        "AM04",
    ),
    (re.compile(r"KONTO (?:IST )?(?:ERLOSCHEN|AUFGELOES?T|GESCHLOSSEN|GELOESCHT)"), "AC04"),
    (re.compile(r"KONTO (?:IST )?GESPERRT|LASTSCHRIFTSPERRE"), "AC06"),
    (re.compile(r"VERSTORBEN"), "MD07"),
    (re.compile(r"KEIN (?:GUE?LTIGES )?MANDAT|MANDAT (?:FEHLT|UNGUE?LTIG|ERLOSCHEN)"), "MD01"),
    (re.compile(r"(?:IBAN|KONTONUMMER) (?:IST )?(?:FALSCH|FEHLERHAFT|UNGUE?LTIG)"), "AC01"),
)
_CODE = re.compile(r"[A-Z]{2}[0-9]{2}|[A-Z]{4}", re.ASCII)
_CODE_IN_TEXT = re.compile(r"\b(?:AC|AG|AM|BE|DT|ED|FF|MD|MS|RC|RR|SL|TM)[0-9]{2}\b", re.ASCII)
_SPELT = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ẞ": "SS"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a debit came back.

    `code` is the ISO code when one could be found anywhere, `proprietary` the bank's own code
    as it was written, `text` everything the bank said in words (it may hold an IBAN: show it
    to staff, keep it out of logs), `known` whether `code` is one of `KNOWN_CODES`.
    """

    code: str | None
    proprietary: str | None = None
    text: str = ""

    @property
    def known(self) -> bool:
        return self.code in KNOWN_CODES


def code_in_text(text: str) -> str | None:
    """The ISO code that a sentence names or, failing that, means; None when it says nothing."""
    composed = unicodedata.normalize("NFC", text).upper()
    upper = " ".join(composed.translate(_SPELT).split())
    match = _CODE_IN_TEXT.search(upper)
    if match:
        return match.group()
    return next((code for pattern, code in _SENTENCES if pattern.search(upper)), None)


def code_of_number(number: str | None) -> str | None:
    """ISO code of a German three-digit reason number ("912" -> "MD06"), or None."""
    return GERMAN_NUMBERS.get(number.strip().lstrip("0")) if number else None


def normalize(
    code: str | None,
    proprietary: str | None = None,
    texts: Iterable[str] = (),
    number: str | None = None,
) -> Reason | None:
    """One `Reason` from what a bank gave, the most exact source first; None when it gave nothing.

    `code`: the ISO element (`Rsn/Cd`); `proprietary`: the bank's own (`Rsn/Prtry`); `number`:
    a German reason number from elsewhere; `texts`: additional information, in order.
    """
    words = " ".join(part.strip() for part in texts if part and part.strip())
    own = (code or "").strip().upper() or None
    if own is None and proprietary:
        bare = proprietary.strip().upper()
        own = bare if _CODE.fullmatch(bare) and bare in KNOWN_CODES else None
        own = own or code_of_number(bare) or code_in_text(bare)
    own = own or code_of_number(number) or (code_in_text(words) if words else None)
    if own is None and not proprietary and not words:
        return None
    return Reason(own, proprietary.strip() if proprietary else None, words)
