"""Field :86: of an MT940: what a booking was for.

German banks structure it by `?` and two digits, with code words such as EREF+ that run on over
the ends of the sub-fields (Deutsche Kreditwirtschaft, Anlage 3, 8.2.4). Others use code words
between slashes (/EREF/…), or plain text.
"""

import re
from dataclasses import dataclass, field

#: Code words that German banks put before a value; in the order in which they may stand.
CODE_WORDS = "EREF KREF MREF CRED DEBT COAM OAMT SVWZ ABWA ABWE IBAN BIC PURP SQTP ANAM".split()
_REFERENCES = frozenset({"EREF", "KREF", "MREF", "CRED"})
#: How many characters a sub-field of the purpose has; a shorter one lost its blanks at the end.
_WIDTH = 27
_PURPOSE = (*(f"{n:02d}" for n in range(20, 30)), *(f"{n:02d}" for n in range(60, 64)))
_SUBFIELD = re.compile(r"\?(\d{2})")
_WORD = re.compile(
    r"(?:^|(?<=[\s+]))(" + "|".join(CODE_WORDS) + r")[+:]|(" + "|".join(CODE_WORDS[:9]) + r")\+"
)
_SLASHED = re.compile(r"/([A-Z]{4}|[A-Z]{3})/")
_SLASH_WORDS = {
    "EREF": "EREF",
    "MARF": "MREF",
    "MREF": "MREF",
    "CSID": "CRED",
    "CRED": "CRED",
    "PREF": "KREF",
    "KREF": "KREF",
    "REMI": "SVWZ",
    "NAME": "NAME",
    "IBAN": "IBAN",
    "BIC": "BIC",
    "RTRN": "RTRN",
    "RTYP": "RTYP",
    "OCMT": "OAMT",
    "CHGS": "COAM",
    "TRCD": "TRCD",
    "TRTP": "TRTP",
    "CNTP": "CNTP",
    "ULTD": "ABWA",
    "ULTC": "ABWE",
    "PURP": "PURP",
    "ISDT": "ISDT",
    "BENM": "BENM",
    "ORDP": "ORDP",
    "ID": "ID",
}


@dataclass(frozen=True, slots=True)
class Details:
    """What field :86: says; texts are "" where it says nothing.

    `words` holds the code words' values (EREF, KREF, MREF, CRED, OAMT, COAM, …), `number` the
    German reason number of a return (?34), `text` everything that is no code word.
    """

    gvc: str | None = None
    posting_text: str = ""
    primanota: str = ""
    number: str | None = None
    bank: str = ""
    account: str = ""
    name: str = ""
    text: str = ""
    words: dict = field(default_factory=dict)


def parse(text: str, bare_codes: frozenset = frozenset()) -> Details:
    """What a field :86: says, in whichever of its forms; never raises.

    `bare_codes`: the German codes that may begin a plain text; a house number is none.
    """
    german = re.match(r"\s*(\d{3})\s*(?=\?\d{2})", text)
    if german or re.match(r"\s*\?\d{2}", text):
        return _german(text.replace("\n", ""), german.group(1) if german else None)
    flat = text.replace("\n", "")
    if len(_SLASHED.findall(flat)) >= 2 or re.match(r"\s*/[A-Z]{3,4}/", flat):
        return _slashed(flat)
    words, rest = split_words([line.strip() for line in text.split("\n")], join=" ")
    for word in _REFERENCES & words.keys():
        # On a line of plain text a reference ends where the next word begins.
        words[word], _blank, more = words[word].partition(" ")
        rest = f"{rest} {more}".strip()
    leading = re.match(r"\s*(\d{3})\b", rest)
    return Details(
        gvc=leading.group(1) if leading and leading.group(1) in bare_codes else None,
        text=rest,
        words=words,
        name=words.get("ANAM", ""),
        account=words.get("IBAN", ""),
        bank=words.get("BIC", ""),
    )


def _german(text: str, gvc: str | None) -> Details:
    parts = _SUBFIELD.split(text)
    found: dict[str, str] = {}
    for code, value in zip(parts[1::2], parts[2::2], strict=False):
        found[code] = found.get(code, "") + value
    purpose = [found[code] for code in _PURPOSE if code in found]
    words, rest = split_words(purpose)
    return Details(
        gvc=gvc,
        posting_text=found.get("00", "").strip(),
        primanota=found.get("10", "").strip(),
        number=found.get("34", "").strip() or None,
        bank=(found.get("30", "").strip() or words.get("BIC", "")),
        account=(found.get("31", "").strip() or words.get("IBAN", "")),
        name=" ".join((found.get("32", "") + found.get("33", "")).split()) or words.get("ANAM", ""),
        text=rest,
        words=words,
    )


def split_words(parts: list[str], join: str = "") -> tuple[dict, str]:
    """The code words of a purpose in several parts, and its text.

    A reference that is cut by the end of a part goes on in the next one without a blank. A text
    does so only when its part is full: banks drop blanks at the end.

    :param parts: the sub-fields or lines.
    :param join: what stands between two parts of a reference.
    """
    pieces: list[str] = []
    for part in parts:
        starts = bool(_WORD.match(part.lstrip()))
        pieces.append(("\n" if starts and pieces else "") + part)
    whole = join.join(pieces).replace(join + "\n", "\n") if join else "".join(pieces)
    matches = list(_WORD.finditer(whole))
    if not matches:
        return {}, _sentence(parts)
    words: dict[str, str] = {}
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        word = match.group(1) or match.group(2)
        value = whole[match.end() : following.start() if following else len(whole)]
        words[word] = " ".join((words.get(word, "") + value).split())
    if "SVWZ" in words:
        words["SVWZ"] = _purpose_of(parts) or words["SVWZ"]
    head = " ".join(whole[: matches[0].start()].split())
    return words, words.get("SVWZ") or head


def _purpose_of(parts: list[str]) -> str:
    """The text behind SVWZ+, put together by the width of its parts; "" if it cannot be told."""
    lines, inside = [], False
    for part in parts:
        match = re.search(r"SVWZ\+", part)
        if match:
            inside, part = True, part[match.end() :]
            lines.append((part, len(part) + match.end()))
        elif inside and _WORD.match(part.lstrip()):
            break
        elif inside:
            lines.append((part, len(part)))
    text = ""
    for part, width in lines:
        text += part if width >= _WIDTH else part + " "
    match = _WORD.search(text)
    return " ".join((text[: match.start()] if match else text).split())


def _sentence(parts: list[str]) -> str:
    text = "".join(part if len(part) >= _WIDTH else part + " " for part in parts)
    return " ".join(text.split())


def _slashed(text: str) -> Details:
    parts = _SLASHED.split(text)
    words: dict[str, str] = {}
    for code, value in zip(parts[1::2], parts[2::2], strict=False):
        word = _SLASH_WORDS.get(code, code)
        value = value.strip(" /")
        if value and word not in words:
            words[word] = value
    # /CNTP/IBAN/BIC/name/town/: the counterparty in one word.
    party = (words.get("CNTP", "") + "///").split("/")
    remittance = words.get("SVWZ", "")
    for label in ("USTD//", "USTD/", "STRD/CUR/"):
        remittance = remittance.removeprefix(label)
    return Details(
        bank=words.get("BIC") or party[1].strip(),
        account=words.get("IBAN") or party[0].strip(),
        name=words.get("NAME") or party[2].strip(),
        posting_text=words.get("TRTP", ""),
        text=remittance.strip(" /") or parts[0].strip(),
        words=words,
    )
