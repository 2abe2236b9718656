"""IBAN: no valid account is refused, every mistake has a name, nothing leaks from a mask."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sepa import iban
from sepa.const import BBAN_STRUCTURES, NON_EEA, SEPA_COUNTRIES

VALID = """
DE89370400440532013000 DE02120300000000202051 DE02500105170137075030 DE02100500000054540402
DE02300209000106531065 DE02200505501015871393 DE02100100100006820101 DE02300606010002474689
DE02600501010002034304 DE02700202700010108669 DE02370502990000684712 DE88100900001234567892
AT611904300234573201 AT483200000012345864 AT026000000001349870 AT021420020010147558
NL91ABNA0417164300 NL02ABNA0123456789 NL20INGB0001234567 NL39RABO0300065264
FR1420041010050500013M02606 FR7630006000011234567890189 FR7630001007941234567890185
BE68539007547034 BE71096123456769 BE43068999999501 ES9121000418450200051332
ES7921000813610123456789 IT60X0542811101000000123456 LU280019400644750000
PT50000201231234567890154 IE29AIBK93115212345678 FI2112345600000785
PL61109010140000071219812874 CH9300762011623852957 LI21088100002324013AA
GB29NWBK60161331926819 SM86U0322509800000000270100 MC5811222000010123456789030
SI56263300012039086 SK3112000000198742637541 HR1210010051863000160 EE382200221020145685
LV80BANK0000435195001 LT121000011101001000 GR1601101250000000012300695
CY17002001280000001200527600 MT84MALT011000012345MTLCAST001S CZ6508000000192000145399
HU42117730161111101800000000 RO49AAAA1B31007593840000 BG80BNBG96611020345678
SE4550000000058398257466 DK5000400440116243 NO9386011117947 IS140159260076545510730339
AD1200012030200359100100 VA59001123000012345678 GI75NWBK000000007099453
""".split()

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def refused(text):
    with pytest.raises(iban.IbanError) as caught:
        iban.check(text)
    return caught.value


def check_digits(country, bban):
    number = "".join(str(int(char, 36)) for char in bban + country) + "00"
    return f"{98 - int(number) % 97:02d}"


@st.composite
def ibans(draw):
    country = draw(st.sampled_from(sorted(SEPA_COUNTRIES)))
    shape = iban._SHAPES[country]
    bban = "".join(draw(st.sampled_from(sorted(allowed))) for allowed in shape.classes[4:])
    return country + check_digits(country, bban) + bban


@pytest.mark.parametrize("text", VALID)
def test_every_published_example_is_accepted(text):
    facts = iban.check(text)
    assert (facts.iban, facts.country) == (text, text[:2])
    assert facts.needs_bic == facts.needs_address == (text[:2] in NON_EEA)
    assert "national_check" not in facts.warnings


def test_table_covers_the_42_scheme_countries():
    assert len(SEPA_COUNTRIES) == 42
    assert set(BBAN_STRUCTURES) == SEPA_COUNTRIES


@given(ibans())
def test_every_well_formed_iban_of_sepa_is_accepted(text):
    assert iban.validate(text) == text
    assert iban.check(iban.group(text)).iban == text


@given(ibans(), st.data())
def test_one_wrong_character_is_always_found(text, data):
    position = data.draw(st.integers(2, len(text) - 1))
    kind = DIGITS if text[position] in DIGITS else CAPITALS
    other = data.draw(st.sampled_from(kind.replace(text[position], "")))
    changed = text[:position] + other + text[position + 1 :]
    assert refused(changed).code == "check_digits"


@given(ibans(), st.data())
def test_swapped_neighbours_are_always_found(text, data):
    # Of one kind: mod 97-10 cannot tell "B1" from "1B", both read 111.
    position = data.draw(st.integers(2, len(text) - 2))
    first, second = text[position : position + 2]
    assume(first != second and (first in DIGITS) == (second in DIGITS))
    swapped = text[:position] + second + first + text[position + 2 :]
    assert refused(swapped).code == "check_digits"


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "empty", {}),
        (None, "empty", {}),
        ("  IBAN: ", "empty", {}),
        ("DE893704?044", "character", {"character": "?", "position": 9}),
        ("DE8937040044O532013000", "character", {"character": "O", "position": 13}),
        ("DEA9370400440532013000", "character", {"character": "A", "position": 3}),
        ("DE8937040044053201300ß", "character", {"character": "ß", "position": 22}),
        ("DE89370400440532\u0661\u0663000", "character", {"character": "\u0661", "position": 17}),
        ("8937040044", "character", {"character": "8", "position": 1}),
        ("XX8937040044", "country", {"country": "XX"}),
        ("XK051212012345678906", "not_sepa", {"country": "XK"}),
        ("TR330006100519786457841326", "not_sepa", {"country": "TR"}),
        ("DE8937040044053201300", "length", {"country": "DE", "expected": 22, "actual": 21}),
        ("DE8937040044O53201300", "length", {"country": "DE", "expected": 22, "actual": 21}),
        ("DE89370400440532013007", "check_digits", {}),
    ],
)
def test_mistakes_are_named(text, code, params):
    error = refused(text)
    assert (error.code, error.params) == (code, params)
    assert str(error)


def test_alias_check_digits_are_refused():
    # 00, 01 and 99 leave the remainder 1 as 97, 98 and 02 do, but no bank issues them.
    for good, alias in (("97", "00"), ("98", "01"), ("02", "99")):
        bban = next(
            f"1203000000{n:08d}"
            for n in range(2000)
            if check_digits("DE", f"1203000000{n:08d}") == good
        )
        assert iban.validate(f"DE{good}{bban}")
        assert refused(f"DE{alias}{bban}").code == "check_digits"


@pytest.mark.parametrize(
    "text",
    [
        "iban: de89 3704 0044 0532 0130 00",
        "IBAN DE89-3704-0044-0532-0130-00",
        "\tDE89\u00a03704\u202f0044\u200b0532.0130.00\n",
        "\ufeffDE89370400440532013000",
        "ＤＥ89３70400440532013000",
    ],
)
def test_typed_forms_are_normalised(text):
    assert iban.check(text).iban == "DE89370400440532013000"


def test_bank_facts_and_warnings():
    facts = iban.check("DE89370400440532013000")
    assert (facts.bank_code, facts.bic, facts.bank_known) == ("37040044", "COBADEFFXXX", True)
    assert facts.bank_name == "Commerzbank"
    assert facts.warnings == ()
    for text in ("DE44999999990532013000", "DE65123456780532013000"):
        unknown = iban.check(text)
        assert unknown.warnings == ("bank_unknown",)
        assert not unknown.bank_known and unknown.bic is None and unknown.bank_name is None
    assert iban.check("VA59001123000012345678").warnings == ()


@pytest.mark.parametrize("text", [t for t in VALID if t[:2] in ("FR", "ES", "BE", "IT", "SM")])
def test_a_failing_national_check_warns(text):
    last = text[-1]
    bban = text[4:-1] + str((int(last) + 1) % 10)
    changed = text[:2] + check_digits(text[:2], bban) + bban
    assert "national_check" in iban.check(changed).warnings


def test_non_eea_accounts_need_bic_and_address():
    assert iban.check("CH9300762011623852957").needs_bic
    assert iban.check("GB29NWBK60161331926819").needs_address
    assert not iban.check("LI21088100002324013AA").needs_bic


def test_mask():
    assert iban.mask("DE89370400440532013000") == "DE•• •••• •••• •••• •• 3000"
    assert iban.mask("NO93 8601 1117 947") == "NO•• •••• ••• 7947"
    assert iban.mask("") == ""
    assert iban.mask("12345678") == "•••• ••••"


@given(st.text(max_size=40))
def test_a_mask_shows_at_most_country_and_four_characters(text):
    shown = iban.mask(text).replace(" ", "")
    plain = iban.normalize(text)
    assert len(shown) == len(plain)
    tail = 4 if len(plain) >= 12 else 0
    assert set(shown[2 : len(shown) - tail]) <= {"•"}


@given(st.one_of(ibans(), st.text(max_size=40)))
def test_normalising_twice_changes_nothing_more(text):
    # A text may name itself an IBAN only once.
    once = iban.normalize(text)
    if not once.startswith("IBAN"):
        assert iban.normalize(once) == once


@given(ibans())
def test_typing_a_valid_iban_never_shows_an_error(text):
    for end in range(len(text)):
        step = iban.partial(text[:end])
        assert step.error is None and step.facts is None and not step.complete
        if end >= 2:
            assert (step.country, step.expected_length) == (text[:2], len(text))
    last = iban.partial(text)
    assert last.complete and last.error is None and last.facts.iban == text


@given(st.text(max_size=40))
def test_partial_never_raises_and_agrees_with_check(text):
    step = iban.partial(text)
    if step.facts:
        assert iban.check(text) == step.facts
    elif step.error:
        assert refused(text).code


def test_typing_mistakes_are_shown_early():
    def code(text):
        error = iban.partial(text).error
        return error and error.code

    assert [code(text) for text in ("", "I", "IBAN ", "D", "DE8")] == [None] * 5
    assert code("DX") == "country"
    assert code("XK05") == "not_sepa"
    assert code("DE89 37O") == "character"
    assert code("DE8937040044053201300012") == "length"
    wrong = iban.partial("DE89370400440532013007")
    assert wrong.complete and wrong.error.code == "check_digits" and wrong.facts is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "account DE89370400440532013000 is closed",
            "account DE•• •••• •••• •••• •• 3000 is closed",
        ),
        ("DE89 3704 0044 0532 0130 00: closed", "DE•• •••• •••• •••• •• 3000: closed"),
        ("closed account, see AC04 of 2026", "closed account, see AC04 of 2026"),
    ],
)
def test_ibans_in_free_text_are_masked(text, expected):
    assert iban.mask_in_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("nothing to hide", "nothing to hide"),
        ("DE89370400440532013000", "DE•• •••• •••• •••• •• 3000"),
        ("von DE89 3704 0044 0532 0130 00 EREF", "von DE•• •••• •••• •••• •• 3000 EREF"),
        ("IBAN:DE89370400440532013000BIC", "IBAN:DE•• •••• •••• •••• •• 3000BIC"),
        ("IBANNL91ABNA0417164300.", "IBANNL•• •••• •••• •• 4300."),
        (
            "two NL91ABNA0417164300, BE68539007547034",
            "two NL•• •••• •••• •• 4300, BE•• •••• •••• 7034",
        ),
        # What is no IBAN is a reference that somebody looks for.
        ("RF18 5390 0754 7034", "RF18 5390 0754 7034"),
        ("DE89370400440532013007", "DE89370400440532013007"),
        ("DE893704004405320130", "DE893704004405320130"),
        ("SD26ABCD12345678EFGH", "SD26ABCD12345678EFGH"),
        ("XDE89370400440532013000", "XDE89370400440532013000"),
        ("DE89ü70400440532013000", "DE89ü70400440532013000"),
    ],
)
def test_only_valid_ibans_are_masked(text, expected):
    assert iban.mask_valid_in_text(text) == expected


def test_chosen_ibans_are_masked():
    text = "from DE89 3704 0044 0532 0130 00 to NL91ABNA0417164300"
    assert [number for _start, _end, number in iban.find_in_text(text)] == [
        "DE89370400440532013000",
        "NL91ABNA0417164300",
    ]
    shown = iban.mask_valid_in_text(text, {"NL91ABNA0417164300"})
    assert shown == "from DE89 3704 0044 0532 0130 00 to NL•• •••• •••• •• 4300"
