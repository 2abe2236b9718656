"""What the readers are tried on is what banks may send: valid against the ISO schemas."""

from pathlib import Path

import bank_samples as made
import pytest

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.xml")), ids=lambda path: path.stem)
def test_sample_files_are_valid(path, assert_valid):
    assert_valid(path.read_bytes())


@pytest.mark.parametrize("kind", ["camt.052", "camt.053", "camt.054"])
@pytest.mark.parametrize("version", [2, 3, 6, 8, 14])
def test_built_camt_files_are_valid(kind, version, assert_valid):
    details = made.detail(
        version,
        amount="-103.40",
        original="99.90",
        booked="103.40",
        references=[("MsgId", "M"), ("PmtInfId", "P"), ("EndToEndId", "E"), ("MndtId", "X")],
        costs=["3.00", "0.50"],
        back=made.returned("MD06", words=["one", "two"]),
        bank_code=made.code("PMNT/IDDT/UPDD", "NRTI+109+00931"),
        remittance=["a", "b"],
        structured="RF18539007547034",
        extra="more",
    )
    batch = [("MsgId", "M"), ("PmtInfId", "P"), ("NbOfTxs", "1")]
    entries = [
        made.entry(
            "-103.40",
            details,
            version,
            reversal=True,
            batch=batch,
            reference="7",
            costs=["1.00"],
            info="RUECKLASTSCHRIFT",
        ),
        made.entry("20.00", version=version, status="PDNG", amounts=""),
    ]
    totals = made.summary(2, came=(1, "20.00"), went=(1, "103.40"))
    content = made.statement(*entries, kind=kind, closing="-3.40", summary=totals)
    assert_valid(made.camt(content, kind=kind, version=version, prefix="n0"))
    assert_valid(made.camt(content, kind=kind, version=version))


@pytest.mark.parametrize("version", [3, 12, 14, 15])
def test_built_pain002_files_are_valid(version, assert_valid):
    why = made.reason("AC01", words=["IBAN", "falsch"])
    rejected = made.transaction(
        reasons=why, original=made.original_debit(version), instruction="I-1"
    )
    blocks = [
        made.block(rejected, status="PART", reasons=made.reason(own="XYZ")),
        made.block(name="BLOCK-2", status="RJCT", reasons=made.reason("FF05")),
    ]
    counts = [("RJCT", 1), ("ACCP", 2)]
    content = made.pain002(
        *blocks, status="PART", version=version, counts=counts, number=3, total="300.00"
    )
    assert_valid(content)
