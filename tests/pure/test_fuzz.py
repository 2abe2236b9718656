"""Thousands of damaged bank files: the readers say what is wrong and never fall over.

SUPPORT_DEBIT_FUZZ_READERS says how many files are tried (default 4 000); each number is a seed.
"""

import os
import random
from datetime import date
from decimal import Decimal

import bank_samples as samples
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mutations import mutate, pack

from sepa import archive, camt, kinds, mt940, pain002
from sepa.bankfile import BankFileError, Finding

COUNT = int(os.environ.get("SUPPORT_DEBIT_FUZZ_READERS", "4000"))
PORTIONS = 8
#: The largest amount that ISO 20022 can write: 18 digits.
LARGEST = Decimal(10) ** 18


def _camt(kind, version):
    back = samples.detail(
        version,
        amount="-103.40",
        original="99.90",
        costs=("3.50",),
        back=samples.returned("MS03", words=("SONSTIGE GRUENDE",)),
        remittance=("Support",),
    )
    came = samples.detail(version, amount="99.90", references=(("EndToEndId", "E-2"),))
    entries = (
        samples.entry("99.90", came, version, servicer="REF-1"),
        samples.entry("-103.40", back, version, "", servicer="REF-2", costs=("3.50",)),
        samples.entry("199.80", version=version, batch=(("MsgId", "B-1"),), servicer="REF-3"),
    )
    closing = "296.30"
    statement = samples.statement(*entries, kind=kind, closing=closing)
    return samples.camt(statement, kind=kind, version=version)


def _pain002(version):
    refused = samples.transaction(
        reasons=samples.reason("AC04", words=("closed",)),
        original=samples.original_debit(version),
        version=version,
    )
    block = samples.block(refused, samples.transaction("E-2", "ACCP"), status="PART")
    return samples.pain002(block, status="PART", counts=(("RJCT", 1),), version=version)


MT940 = (
    b":20:STARTUMSE\r\n:25:37040044/0532013000\r\n:28C:00123/001\r\n:60F:C261120EUR1000,00\r\n"
    b":61:2611231123CR99,90N192NONREF//B1\r\n"
    b":86:192?00SAMMELLASTSCHRIFT?10931?20KREF+SD20261120-000001?21SVWZ+Sammler\r\n"
    b":61:2611241124DR102,90N109NONREF//B2\r\n/OCMT/EUR99,90//CHGS/EUR3,00/\r\n"
    b":86:109?00RETOURE?10931?20EREF+SDAB12CD34-000017-1?21KREF+X?22MREF+SD-000001\r\n"
    b"?23-5W?24CRED+DE98ZZZ09999999999?25SVWZ+Rueckgabe?30BYLADEM1001?32Max?34914\r\n"
    b":62F:C261124EUR997,00\r\n-\r\n"
)

FILES = {
    **{
        f"{kind}.{version:02d}": _camt(kind, version)
        for kind in ("camt.052", "camt.053", "camt.054")
        for version in (2, 8)
    },
    **{f"pain.002.{version:02d}": _pain002(version) for version in (3, 10, 12)},
    "mt940": MT940,
}
FILES["zip"] = pack({"a.xml": FILES["camt.053.08"], "b.sta": MT940})

READERS = {"pain.002": pain002.read, "mt940": mt940.read}


def read(content):
    """Return (items, findings) of a file as the import reads it; an archive's of all its files.

    The only thing that may go wrong is a `BankFileError`.
    """
    if archive.is_archive(content):
        items, findings = [], []
        for _name, data in archive.unpack(content):
            more, found = read(data)
            items += more
            findings += found
        return items, findings
    kind = kinds.detect(content)
    file = READERS.get(kind[:8], camt.read)(content)
    return list(file), list(file.findings)


def check(content):
    """Read a file and check what came out; return whether anything did."""
    try:
        items, findings = read(content)
    except BankFileError:
        return False
    assert all(isinstance(finding, Finding) for finding in findings)
    for entry in items:
        if isinstance(entry, camt.Entry):
            _check_entry(entry)
        elif isinstance(entry, pain002.TransactionStatus) and entry.amount is not None:
            assert entry.amount.is_finite()
    return bool(items)


def _check_entry(entry):
    """What is booked is an amount and a day, and an entry that is read names its parts."""
    assert isinstance(entry.amount, Decimal) and entry.amount.is_finite()
    assert abs(entry.amount) < LARGEST, entry.amount
    assert entry.booking_date is None or isinstance(entry.booking_date, date)
    for detail in entry.details:
        for amount in (detail.amount, detail.original_amount, detail.charges):
            assert amount is None or amount.is_finite()
        assert detail.end_to_end_id is None or isinstance(detail.end_to_end_id, str)


@pytest.mark.parametrize("name", FILES)
def test_samples_are_good(name):
    items, findings = read(FILES[name])
    assert items and not findings


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_damaged_files(portion):
    readable = 0
    for seed in range(portion, COUNT, PORTIONS):
        done, content = mutate(random.Random(seed), FILES)
        try:
            readable += check(content)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {done}") from error
    # The damage is small enough that most files still say something.
    assert readable > COUNT / PORTIONS / 4


@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b":20:\r\n:25:\r\n:61:")
def test_any_bytes(content):
    check(content)


@given(st.sampled_from(sorted(FILES)), st.integers(0, 2**32))
def test_damage_is_repeatable(name, seed):
    one = {name: FILES[name]}
    assert mutate(random.Random(seed), one) == mutate(random.Random(seed), one)
