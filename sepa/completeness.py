"""Whether a file that lies in a folder has been written to its end.

Not every bank program writes a file under another name first. What this tells is enough to wait a
little: a file that never gets its end is read all the same.
"""

import io
import re
import zipfile

from .archive import is_archive

#: Bytes at either end that are looked at.
_HEAD, _TAIL = 4096, 4096
_BOM = b"\xef\xbb\xbf"
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_LAST_TAG = re.compile(rb"</([A-Za-z_][\w.:-]*)\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_SWIFT_START = re.compile(rb"(?:^|[\r\n{])(?::20:|1:F)")
_SWIFT_FIELD = re.compile(rb"^:(\d\d[A-Z]?):(.*)$", re.MULTILINE)
_BALANCE = re.compile(rb"[CD]\d{6}[A-Z]{3}[\d.]+,(?:\d\d|\d?(?=[\r\n]))")


def is_complete(content: bytes) -> bool:
    """Return whether a file of the bank has its end; True where that cannot be told.

    >>> is_complete(b"<Document><A/></Document>"), is_complete(b"<Document><A/>")
    (True, False)
    """
    text = content.removeprefix(_BOM).strip(b"\r\n\t \0")
    if not text:
        return False
    if is_archive(content):
        return zipfile.is_zipfile(io.BytesIO(content))
    if text.startswith(b"<"):
        return _is_complete_xml(text)
    if _SWIFT_START.search(text[:_HEAD]):
        return _is_complete_mt940(content[-_TAIL:])
    return True


def _is_complete_xml(text: bytes) -> bool:
    """Return whether the last tag closes the first element."""
    root, last = _ROOT.search(text[:_HEAD]), _LAST_TAG.search(text[-_TAIL:])
    if root and not last:
        return text.endswith(b"/>") and text.count(b"<", root.start()) == 1
    return bool(root and last and root.group(1) == last.group(1))


def _is_complete_mt940(tail: bytes) -> bool:
    """Return whether the last statement has its closing balance, whole."""
    found = list(_SWIFT_FIELD.finditer(tail))
    closings = [match for match in found if match.group(1) in (b"62F", b"62M")]
    if not closings or any(
        m.group(1) in (b"20", b"61") for m in found[found.index(closings[-1]) :]
    ):
        return False
    return bool(_BALANCE.match(tail, closings[-1].start(2)))
