"""MT940: German structure, other banks' forms, pages, envelopes, and whatever is broken."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import kinds, mt940
from sepa.bankfile import BankFileError
from sepa.camt_model import Entry, Statement
from sepa.mt940_details import parse
from sepa.mt940_text import fields, is_mt940

HEAD = ":20:STARTUMSE\r\n:25:37040044/0532013000\r\n:28C:00123/001\r\n:60F:C261120EUR1000,00\r\n"
CREDIT = (
    ":61:2611231123CR99,90N192NONREF//B1\r\n"
    ":86:192?00SAMMELLASTSCHRIFT?10931?20KREF+SD20261120-000001?21SVWZ+Sammler\r\n"
)
RETURN = (
    ":61:2611241124DR102,90N109NONREF//B2\r\n/OCMT/EUR99,90//CHGS/EUR3,00/\r\n"
    ":86:109?00RETOURE?10931?20EREF+SDAB12CD34-000017-1?21KREF+X?22MREF+SD-000001\r\n"
    "?23-5W?24CRED+DE98ZZZ09999999999?25SVWZ+Rueckgabe SONSTIGE GRU?26ENDE\r\n"
    "?30BYLADEM1001?31DE02120300000000202051?32Max Muster?33mann?34914\r\n"
)
TAIL = ":62F:C261124EUR997,00\r\n-\r\n"


def read(text, encoding="utf-8"):
    """(statements, entries, finding codes) of a file."""
    file = mt940.read(text.encode(encoding))
    items = list(file)
    statements = [item for item in items if isinstance(item, Statement)]
    entries = [item for item in items if isinstance(item, Entry)]
    return statements, entries, [finding.code for finding in file.findings]


def test_german_statement():
    (statement,), (credit, back), findings = read(HEAD + CREDIT + RETURN + TAIL)
    assert not findings
    assert statement.iban == "DE89370400440532013000"
    assert (statement.opening_balance, statement.closing_balance) == (
        Decimal("1000.00"),
        Decimal("997.00"),
    )
    assert statement.closing_date == date(2026, 11, 24)
    assert credit.amount == Decimal("99.90")
    assert credit.account_servicer_reference == "B1"
    assert credit.details[0].payment_information_id == "SD20261120-000001"
    assert not credit.is_return
    detail = back.details[0]
    assert (back.amount, back.return_fees) == (Decimal("-102.90"), Decimal("3.00"))
    assert detail.end_to_end_id == "SDAB12CD34-000017-1"
    assert detail.mandate_id == "SD-000001-5W"
    assert detail.creditor_id == "DE98ZZZ09999999999"
    assert detail.original_amount == Decimal("99.90")
    assert detail.charges == Decimal("3.00")
    assert detail.reason.code == "MS03"
    assert detail.debtor_name == "Max Mustermann"
    assert detail.debtor_iban == "DE02120300000000202051"


def test_envelope_and_encodings():
    wrapped = "{1:F01COBADEFFXXXX0000000000}{2:I940COBADEFFXXXXN}{4:\r\n" + HEAD + CREDIT
    wrapped += ":62F:C261123EUR1099,90\r\n-}"
    assert is_mt940(wrapped.encode())
    for encoding in ("utf-8", "latin-1", "cp1252"):
        text = wrapped.replace("Sammler", "Überweisung für Köln")
        _statements, (entry,), findings = read(text, encoding)
        assert entry.details[0].remittance == "Überweisung für Köln"
        assert not findings


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "before",
    [
        "ABNANL2A\n940\nABNANL2A\n",
        ":940:\n",
        "{1:F01INGBNL2ABXXX0000000000}\n{2:I940INGBNL2AXXXN}\n{4:\n",
        "\ufeff\n",
    ],
)
def test_lines_before_the_first_field(before, end):
    """As ABN AMRO, Rabobank and ING write them."""
    content = (before + HEAD.replace("\r\n", "\n")).replace("\n", end)
    content += CREDIT + ":62F:C261123EUR1099,90\r\n-"
    assert kinds.detect(content.encode()) == kinds.MT940
    (statement,), (entry,), findings = read(content)
    assert statement.id == "00123/001-2026-11-23"
    assert entry.amount == Decimal("99.90")
    assert not findings


@pytest.mark.parametrize(
    ("before", "account", "iban"),
    [
        ("", "37040044/0532013000", "DE89370400440532013000"),
        ("", "19043/00234573201", "AT611904300234573201"),
        ("", "19043/234573201EUR", "AT611904300234573201"),
        ("ABNANL2A\r\n940\r\nABNANL2A\r\n", "417164300", "NL91ABNA0417164300"),
        ("ABNANL2A\r\n940\r\nABNANL2A\r\n", "41.71.64.300", "NL91ABNA0417164300"),
        ("", "417164300", None),
        (":940:\r\n", "NL39RABO0300065264 EUR", "NL39RABO0300065264"),
    ],
)
def test_account_of_a_statement(before, account, iban):
    content = before + HEAD.replace("37040044/0532013000", account)
    (statement,), _entries, _findings = read(content + ":62F:C261123EUR1000,00\r\n")
    assert statement.iban == iban


@pytest.mark.parametrize(
    "content",
    [
        "Dear customer,\nthe fields are\n"
        + "a line that is much longer than those of a bank\n" * 2,
        "short\n" * 20,
        "<xml>\n",
    ],
)
def test_a_text_that_only_mentions_fields(content):
    assert not is_mt940(f"{content}:20:X\n:25:Y\n".encode())


@pytest.mark.parametrize(
    ("parts", "reference"),
    [
        ("?20EREF+ABC-1?21SVWZ+x", "ABC-1"),
        ("?20EREF+12345678901234567890?211234-1?22SVWZ+x", "123456789012345678901234-1"),
        ("?20Text davor?21EREF+ABC-1?22MREF+M-1", "ABC-1"),
        ("?20EREF: ABC-1?21SVWZ: x", "ABC-1"),
        ("?20SVWZ+lang EREF+ABC-1", "ABC-1"),
    ],
)
def test_code_words_over_line_ends(parts, reference):
    assert parse(f"109?00X{parts}").words["EREF"] == reference


def test_text_with_and_without_lost_blanks():
    full = "SVWZ+Rueckgabe wegen Widers"
    assert len(full) == 27
    assert (
        parse(f"109?20{full}?21pruch des Zahlers").text == "Rueckgabe wegen Widerspruch des Zahlers"
    )
    assert parse("109?20SVWZ+Rueckgabe wegen?21Widerspruch").text == "Rueckgabe wegen Widerspruch"


def test_dutch_form():
    text = (
        "/TRTP/SEPA INCASSO ALGEMEEN DOORLOPEND/RTRN/MS03/EREF/SDAB-1/MARF/SD-1/CSID/DE98ZZZ09999999999"
        "/NAME/J Jansen/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/REMI/USTD//Support 2026/"
    )
    file = HEAD.replace(":25:37040044/0532013000", ":25:NL91ABNA0417164300EUR")
    file += f":61:2611241124D99,90N658NONREF\r\n:86:{text[:65]}\r\n{text[65:]}\r\n:62F:C261124EUR900,10\r\n"
    (statement,), (entry,), findings = read(file)
    assert statement.iban == "NL91ABNA0417164300"
    detail = entry.details[0]
    assert entry.is_return
    assert (detail.end_to_end_id, detail.mandate_id) == ("SDAB-1", "SD-1")
    assert (detail.reason.code, detail.debtor_name) == ("MS03", "J Jansen")
    assert detail.remittance == "Support 2026"
    assert not findings


def test_pages_are_one_statement():
    first = HEAD + CREDIT + ":62M:C261123EUR1099,90\r\n-\r\n"
    second = HEAD.replace("00123/001", "00123/002").replace(
        ":60F:C261120EUR1000,00", ":60M:C261123EUR1099,90"
    )
    second += RETURN + TAIL
    statements, entries, findings = read(first + second)
    assert len(statements) == 1
    assert len(entries) == 2
    assert not findings


def test_several_statements():
    other = HEAD.replace("00123/001", "00124/001") + ":62F:C261125EUR1000,00\r\n"
    statements, entries, _findings = read(HEAD + CREDIT + RETURN + TAIL + other)
    assert [statement.sequence_number for statement in statements] == ["00123", "00124"]
    assert [entry.statement for entry in entries] == [statements[0]] * 2


@pytest.mark.parametrize(
    ("line", "amount", "booked", "day"),
    [
        ("2611231123C10,N051NONREF", "10.00", True, date(2026, 11, 23)),
        ("2611231123RC10,5N051NONREF", "-10.50", True, date(2026, 11, 23)),
        ("2611231123RDR10,50N051NONREF", "10.50", True, date(2026, 11, 23)),
        ("261231C1.000,00NTRFNONREF", "1000.00", True, date(2026, 12, 31)),
        ("2612310102D1,00NTRFNONREF", "-1.00", True, date(2027, 1, 2)),
        ("2701011231D1,00NTRFNONREF", "-1.00", True, date(2026, 12, 31)),
        ("2611231123EC10,00N051NONREF", "10.00", False, date(2026, 11, 23)),
    ],
)
def test_lines(line, amount, booked, day):
    _statements, (entry,), _findings = read(f"{HEAD}:61:{line}\r\n:86:Text\r\n{TAIL}")
    assert (entry.amount, entry.booked, entry.booking_date) == (Decimal(amount), booked, day)


def test_return_named_by_words_only():
    text = ":61:2611241124D99,90NMSCNONREF\r\n:86:Rücklastschrift EREF: SDAB-1 Widerspruch\r\n"
    _statements, (entry,), _findings = read(HEAD + text + ":62F:C261124EUR900,10\r\n")
    assert entry.is_return
    assert entry.details[0].reason.code == "MD06"


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("RC99,90N171NONREF", "171?00LASTSCHRIFT?20EREF+SDAB-1", True),
        ("RC99,90N174NONREF", "174?20EREF+SDAB-1", True),
        ("RC99,90N192NONREF", "192?20KREF+SD-1", True),
        ("RC99,90N196NONREF", "196?20KREF+SD-1", True),
        ("RD99,90N171NONREF", "171?00LASTSCHRIFT?20EREF+SDAB-1", False),
        ("RC99,90N166NONREF", "166?00GUTSCHRIFT?20EREF+X-1", False),
        ("D99,90NMSC", "166?00RUECKLEITUNG LASTSCHRIFT?20EREF+SDAB-1", True),
        ("D99,90NMSC", "Rückleitung SEPA-Lastschrift SDAB-1", True),
        ("D99,90NMSC", "RÜCKBUCHUNG", True),
        ("D99,90NMSC", "Rueckbuchung wegen Widerspruch", True),
        ("D99,90NMSC", "STORNO LASTSCHRIFT", True),
        ("D99,90NMSC", "PRELEVEMENT IMPAYE SDAB-1", True),
        ("D99,90NMSC", "Impayé prélèvement", True),
        ("D99,90NMSC", "REJET DE PRELEVEMENT", True),
        ("D99,90NMSC", "SEPA STORNERING", True),
        # The charge for it is none.
        ("D3,50NMSC", "FRAIS REJET DE PRELEVEMENT", False),
        ("D3,50NMSC", "FRAIS DE REJET", False),
        ("D3,50NMSC", "Rücklastschriftgebühr", False),
        ("D3,50NMSC", "RUECKLASTSCHRIFT-ENTGELT", False),
        ("D99,90NMSC", "PROJET MIETE", False),
    ],
)
def test_what_names_a_return(line, text, expected):
    content = f":61:2611241124{line}\r\n:86:{text}\r\n"
    _statements, (entry,), _findings = read(HEAD + content + ":62F:C261124EUR900,10\r\n")
    assert entry.is_return is expected
    assert entry.details[0].is_return is expected


@pytest.mark.parametrize(
    ("account", "line", "text", "gvc"),
    [
        ("37040044/0532013000", "D99,90N109NONREF", "109 RUECKGABE EREF+E-1", "109"),
        ("37040044/0532013000", "D99,90NRTINONREF", "109 RUECKGABE EREF+E-1", "109"),
        ("37040044/0532013000", "D99,90N109NONREF", "109?00RUECKGABE?20EREF+E-1", "109"),
        ("NL91ABNA0417164300", "D99,90NMSCNONREF", "109?00RUECKGABE?20EREF+E-1", "109"),
        # A number at the beginning of a plain text.
        ("37040044/0532013000", "D99,90NMSCNONREF", "109 Rue de la Gare", None),
        ("37040044/0532013000", "D99,90N105NONREF", "109 Euro Miete", None),
        ("37040044/0532013000", "D99,90NRTINONREF", "105 Euro", None),
        ("NL91ABNA0417164300", "D99,90N109NONREF", "109 Stationsplein", None),
        ("FR1420041010050500013M02606", "D99,90NRTINONREF", "108 Avenue Foch", None),
    ],
)
def test_number_at_the_beginning_of_a_text(account, line, text, gvc):
    content = HEAD.replace("37040044/0532013000", account)
    content += f":61:2611241124{line}\r\n:86:{text}\r\n:62F:C261124EUR900,10\r\n"
    _statements, (entry,), _findings = read(content)
    assert entry.gvc == gvc
    assert entry.is_return is (gvc == "109")


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("D3,50N808NONREF", "808?00ENTGELT", True),
        ("D3,50NCHGNONREF", "Kosten", True),
        ("D3,50NMSCNONREF", "Kosten", False),
    ],
)
def test_what_the_bank_calls_its_charge(line, text, expected):
    content = f":61:2611241124{line}\r\n:86:{text}\r\n"
    _statements, (entry,), _findings = read(HEAD + content + ":62F:C261124EUR996,50\r\n")
    assert entry.is_charge is expected


def test_money_back_is_no_return():
    text = ":61:2611241124C99,90N109NONREF\r\n:86:109?00STORNO RETOURE?34914\r\n"
    _statements, (entry,), _findings = read(HEAD + text + ":62F:C261124EUR1099,90\r\n")
    assert not entry.is_return


def test_balances_that_do_not_fit():
    _statements, _entries, findings = read(HEAD + CREDIT + TAIL)
    assert findings == ["balance_mismatch"]


def test_broken_line_leaves_the_others():
    broken = ":61:26112X1123CR99,90N192NONREF\r\n:86:192?20EREF+LOST-1\r\n"
    file = mt940.read((HEAD + broken + CREDIT + ":62F:C261123EUR1099,90\r\n").encode())
    entries = [item for item in file if isinstance(item, Entry)]
    assert len(entries) == 1
    (finding,) = file.findings
    assert finding.code == "entry_unreadable"
    assert finding.params["end_to_end_ids"] == ["LOST-1"]


def test_no_statement():
    for content, code in (
        (b"", "empty"),
        (b"  \r\n", "empty"),
        (b"<xml/>", "unknown_format"),
        (b":20:X\r\n:86:text\r\n", "unknown_format"),
    ):
        with pytest.raises(BankFileError) as error:
            mt940.read(content)
        assert error.value.code == code
    with pytest.raises(BankFileError) as error:
        mt940.read(b"x" * 100, max_bytes=50)
    assert error.value.code == "too_large"


SAMPLE = (HEAD + CREDIT + RETURN + TAIL).encode()


@given(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_damaged_files_never_crash(position, garbage, cut):
    damaged = SAMPLE[:position] + garbage + SAMPLE[position + cut :]
    try:
        items = list(mt940.read(damaged))
    except BankFileError:
        return
    assert all(isinstance(item, Statement | Entry) for item in items)


@given(st.text(max_size=300))
def test_any_details_are_read(text):
    assert parse(text) is not None
    assert all(isinstance(field.text, str) for field in fields(":86:" + text))


def test_blanks_around_the_amount():
    """As Commerzbank writes line :61:."""
    content = (
        ":20:X\r\n:25:DE75512108001245126199\r\n:28C:1/1\r\n:60F:C261120EUR103,40\r\n"
        ":61:2611231123D 103,40 N109NONREF\r\n:86:109?00RETOURE?20EREF+E-1?34914\r\n:62F:C261123EUR0,00\r\n-\r\n"
    )
    result = mt940.read(content.encode())
    _statement, entry = list(result)
    assert not result.findings
    assert (str(entry.amount), entry.details[0].end_to_end_id) == ("-103.40", "E-1")
