"""The look at a bank file's first bytes, before any XML parser sees them.

A DOCTYPE can only stand before the root element, and without one there are no entities to
expand and nothing external to fetch. So the beginning is read by hand, as text in the
encoding that libxml2 will use, and a file with a DOCTYPE goes no further.
"""

import re

_ENCODINGS = frozenset(
    "UTF-8 UTF8 UTF-16 US-ASCII ASCII ISO-8859-1 ISO-8859-15 WINDOWS-1252".split()
)
_DECLARED_ENCODING = re.compile(r"""\bencoding\s*=\s*["']([^"']*)["']""")
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")

_SENTENCES = {
    "empty": "The file is empty.",
    "not_xml": "The file is not XML (it looks like {looks_like}).",
    "not_well_formed": "The file is damaged: {detail}.",
    "truncated": "The file ends too early: {detail}.",
    "unsafe": "The file was refused for safety: it has a {detail}.",
    "too_large": "The file has more than {limit} bytes.",
    "unknown_format": "The file is XML, but none of the bank messages that are read here (it starts with {found}).",
    "other_format": "The file is a {found}, not a {expected}.",
    "bad_archive": "The archive cannot be unpacked: {detail}.",
    "read_twice": "The file has been read already; open it again.",
}


class BankFileError(ValueError):
    """The file as a whole cannot be read. `code` is a key of `_SENTENCES`, `params` its details."""

    def __init__(self, code: str, **params):
        self.code = code
        self.params = params
        super().__init__(_SENTENCES[code].format(**params))


def _decode_head(head: bytes) -> str:
    """The head as text, the way libxml2 will read it; only its ASCII characters matter here."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head.startswith(b"<\0"):
        return head.decode("utf-16-le", "replace")
    if head.startswith(b"\0<"):
        return head.decode("utf-16-be", "replace")
    return head.decode("latin-1").removeprefix("ï»¿")


def _looks_like(head: bytes) -> str:
    """A word for a file that is not XML, for the message to the user."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"%PDF"):
        return "pdf"
    if re.search(rb"(?m)^:(?:20|25|60F):", head[:4096]):
        return "mt940"
    return "text" if all(byte >= 9 for byte in head[:512]) else "binary data"


def check_prolog(head: bytes) -> str:
    """Refuse what must not reach a parser: DOCTYPE (and with it every entity) and odd encodings.

    Walks over the XML declaration, comments and processing instructions up to the root
    element, whose name it returns; after it XML allows no DOCTYPE.
    """
    text = _decode_head(head)
    position = 0
    while True:
        position += len(text[position:]) - len(text[position:].lstrip())
        rest = text[position : position + 4]
        if rest.startswith("<?"):
            end = text.find("?>", position)
            declared = _DECLARED_ENCODING.search(text[position:end]) if rest == "<?xm" else None
            if declared and declared.group(1).upper() not in _ENCODINGS:
                raise BankFileError("unsafe", detail="character encoding that banks do not use")
            length = 2
        elif rest == "<!--":
            end = text.find("-->", position + 4)
            length = 3
        elif rest.startswith("<!"):
            raise BankFileError("unsafe", detail="document type declaration")
        elif root := _ROOT.match(text, position):
            return root.group(1)
        else:
            raise BankFileError("not_xml", looks_like=_looks_like(head))
        if end < 0:
            raise BankFileError("not_xml", looks_like=_looks_like(head))
        position = end + length
