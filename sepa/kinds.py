"""What kind of file came from the bank, told from its content and never from its name."""

from . import bankfile
from .archive import is_archive, unpack
from .bankfile import BankFileError
from .mt940_text import is_mt940

#: What an account statement in SWIFT's format is called here.
MT940 = "mt940"


def detect(content: bytes) -> str:
    """What the bytes are: `mt940`, `camt.053.001.08`, `pain.002.001.10`, …

    Raises `BankFileError` for everything that is no file of a bank; an archive, which has to be
    unpacked first, is one, too.
    """
    if is_archive(content):
        unpack(content)
        raise BankFileError("bad_archive", detail="several files")
    if is_mt940(content):
        return MT940
    return bankfile.detect(content)
