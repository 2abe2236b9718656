"""Tables of forms: postcodes by country, rows of a keyboard, words that people type to get on."""

#: Postcodes as posts write them, without a country in front; UPU's addressing sheets, 2025.
POSTCODES = {
    "AD": r"AD\d{3}",
    "AT": r"[1-9]\d{3}",
    "BE": r"[1-9]\d{3}",
    "BG": r"[1-9]\d{3}",
    "CH": r"[1-9]\d{3}",
    "CY": r"\d{4}",
    "CZ": r"[1-7]\d{2} ?\d{2}",
    "DE": r"(?:0[1-9]|[1-9]\d)\d{3}",
    "DK": r"\d{4}",
    "EE": r"\d{5}",
    "ES": r"(?:0[1-9]|[1-4]\d|5[0-2])\d{3}",
    "FI": r"\d{5}",
    "FR": r"\d{5}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "GR": r"\d{3} ?\d{2}",
    "HR": r"[1-5]\d{4}",
    "HU": r"[1-9]\d{3}",
    "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
    "IS": r"\d{3}",
    "IT": r"\d{5}",
    "LI": r"94(?:8[5-9]|9[0-8])",
    "LT": r"\d{5}",
    "LU": r"\d{4}",
    "LV": r"\d{4}",
    "MC": r"980\d{2}",
    "MT": r"[A-Z]{3} ?\d{4}",
    "NL": r"[1-9]\d{3} ?[A-Z]{2}",
    "NO": r"\d{4}",
    "PL": r"\d{2}-?\d{3}",
    "PT": r"[1-9]\d{3}(?:-?\d{3})?",
    "RO": r"\d{6}",
    "SE": r"[1-9]\d{2} ?\d{2}",
    "SI": r"[1-9]\d{3}",
    "SK": r"[089]\d{2} ?\d{2}",
    "SM": r"4789\d",
    "VA": r"00120",
}
#: What is typed by running a finger along the keys, German, English and French keyboards.
KEYBOARD_ROWS = ("qwertzuiop", "qwertyuiop", "azertyuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm")
#: How many neighbouring keys are no accident.
KEYBOARD_RUN = 5
#: Texts that stand in the place of a name.
NO_NAMES = frozenset(
    "test tester testtest abc abcd asd asdf xxx xyz yyy zzz none null nil keine keiner niemand anonym"
    " anonymous unbekannt unknown noname nobody dummy fake".split()
)
#: Mail services that deliver "a.b+shop@" to "ab@".
DOTLESS_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
SAME_DOMAINS = {"googlemail.com": "gmail.com"}
#: Parts of a name that say nothing about whose it is, folded: titles, legal forms, "and", particles.
NAME_FILLERS = frozenset(
    "herr herrn frau fraulein dr prof dipl ing mag mr mrs ms miss mme m monsieur madame und and oder or"
    " ou et u e en gmbh mbh ggmbh ag kg kga ohg ug se ek eg ev gbr co cie ltd limited llc llp inc plc bv"
    " nv vof sa sarl sas sasu srl spa sl haftungsbeschrankt von van der den de da di du la le zu zum"
    " zur al el bin ibn".split()
)
#: Letters of Latin alphabets that have no accent to lose.
FOLDED_LETTERS = str.maketrans("łøđıæœþð", "lodiaotd")
