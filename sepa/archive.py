"""ZIP archives in which banks hand out several files at once; nothing in them is trusted."""

import io
import lzma
import struct
import zipfile
import zlib

from .bankfile import MAX_BYTES, BankFileError

#: Members that are read at most; a year of daily statements has fewer.
MAX_MEMBERS = 1000
#: What zipfile and the unpackers raise for damaged archives, wrong offsets and sizes among them.
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, OverflowError, ValueError, IndexError),
)
_MAGIC = b"PK\x03\x04"


def is_archive(content: bytes) -> bool:
    """Whether these bytes begin like a ZIP archive."""
    return content[:4] == _MAGIC


def unpack(content: bytes, max_bytes: int = MAX_BYTES) -> list[tuple[str, bytes]]:
    """The files of an archive as (name, content), in the archive's order.

    Folders are passed over, names lose their folders. Raises `BankFileError`: "bad_archive"
    (damaged, encrypted, nested or empty), "too_large" as soon as what comes out is more than
    `max_bytes` together or `MAX_MEMBERS` files.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, max_bytes)
    except BankFileError:
        raise
    except (*_DAMAGES, RuntimeError) as error:
        # zipfile names a wrong password by RuntimeError, an unknown method by NotImplementedError.
        raise BankFileError("bad_archive", detail=type(error).__name__) from error


def _read(archive: zipfile.ZipFile, max_bytes: int) -> list[tuple[str, bytes]]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    if not members:
        raise BankFileError("bad_archive", detail="no files")
    if any(info.filename == "[Content_Types].xml" for info in members):
        raise BankFileError("bad_archive", detail="an office document")
    if len(members) > MAX_MEMBERS:
        raise BankFileError("too_large", limit=max_bytes)
    found, left = [], max_bytes
    for info in members:
        with archive.open(info) as stream:
            # What the archive says of sizes may be a lie; what comes out counts.
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            raise BankFileError("too_large", limit=max_bytes)
        if is_archive(data):
            raise BankFileError("bad_archive", detail="archive in an archive")
        found.append((info.filename.replace("\\", "/").rpartition("/")[2] or "file", data))
    return found
