"""Builds camt and pain.002 files for tests, in the layout of the version that is asked for.

Everything it builds without a deliberate fault is valid against the ISO schema of its version
(test_bank_samples.py checks that), so that the readers are tried on what banks may send.
"""

from decimal import Decimal
from xml.sax.saxutils import escape

OUR_IBAN = "DE89370400440532013000"
DEBTOR_IBAN = "DE02120300000000202051"
_MESSAGES = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def tag(name, *content, **attributes):
    """An element; None and empty content is left out, an element without any content too."""
    inside = "".join(filter(None, content))
    if not inside:
        return ""
    extra = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{extra}>{inside}</{name}>"


def text(name, value, **attributes):
    """An element with text, left out for None."""
    return "" if value is None else tag(name, escape(str(value)), **attributes)


def money(name, amount, currency="EUR"):
    return text(name, amount, Ccy=currency) if amount is not None else ""


def side(amount):
    return text("CdtDbtInd", "DBIT" if Decimal(amount) < 0 else "CRDT")


def unsigned(amount):
    return str(amount).lstrip("-")


def code(iso=None, proprietary=None, issuer="DK", name="BkTxCd"):
    """`code("PMNT/IDDT/UPDD", "NRTI+109+00931")`"""
    domain = ""
    if iso:
        first, family, sub = iso.split("/")
        inner = text("Cd", family) + text("SubFmlyCd", sub)
        domain = tag("Domn", text("Cd", first), tag("Fmly", inner))
    own = tag("Prtry", text("Cd", proprietary), text("Issr", issuer)) if proprietary else ""
    return tag(name, domain, own)


def charges(version, amounts, total=None):
    """`Chrgs` of `amounts` (a minus sign means CRDT), in the shape of the version."""
    if version <= 2:
        return "".join(
            tag("Chrgs", money("Amt", unsigned(amount)), side(-Decimal(amount)))
            for amount in amounts
        )
    records = "".join(
        tag("Rcrd", money("Amt", unsigned(amount)), side(-Decimal(amount))) for amount in amounts
    )
    return tag("Chrgs", money("TtlChrgsAndTaxAmt", total), records)


def party(version, name):
    return tag("Pty", text("Nm", name)) if version >= 7 else text("Nm", name)


def returned(reason=None, own=None, words=(), original="PMNT/IDDT/ESDD"):
    """`RtrInf` with an ISO reason or the bank's own one."""
    given = tag("Rsn", text("Cd", reason), text("Prtry", own))
    lines = "".join(text("AddtlInf", line) for line in words)
    return tag("RtrInf", code(original, name="OrgnlBkTxCd"), given, lines)


def detail(
    version=8,
    amount=None,
    original=None,
    booked=None,
    references=(("EndToEndId", "E-1"), ("MndtId", "M-1")),
    costs=(),
    back="",
    bank_code="",
    remittance=(),
    structured=None,
    debtor="Anna Gut",
    debtor_iban=DEBTOR_IBAN,
    extra=None,
):
    """One `TxDtls`. `amount` (signed) is `Amt` from version 3 on, `booked` `AmtDtls/TxAmt`."""
    order = ("MsgId", "AcctSvcrRef", "PmtInfId", "InstrId", "EndToEndId", "MndtId")
    given = dict(references)
    amounts = tag(
        "AmtDtls",
        tag("InstdAmt", money("Amt", original)),
        tag("TxAmt", money("Amt", booked)),
    )
    account = tag("DbtrAcct", tag("Id", text("IBAN", debtor_iban)))
    strd = tag("Strd", tag("CdtrRefInf", text("Ref", structured)))
    return tag(
        "TxDtls",
        tag("Refs", *(text(name, given.get(name)) for name in order)),
        money("Amt", unsigned(amount)) + side(amount) if amount and version >= 3 else "",
        amounts,
        bank_code,
        charges(version, costs),
        tag("RltdPties", tag("Dbtr", party(version, debtor) if debtor else ""), account),
        tag("RmtInf", *(text("Ustrd", line) for line in remittance), strd),
        back,
        text("AddtlTxInf", extra),
    )


def entry(
    amount,
    details="",
    version=8,
    bank_code=None,
    status="BOOK",
    reference=None,
    servicer="REF-1",
    reversal=False,
    day="2026-11-24",
    amounts="",
    costs=(),
    batch=None,
    info=None,
):
    """One `Ntry`; `amount` is signed, `batch` a pair of counts and totals for `Btch`."""
    if batch is not None:
        details = tag("Btch", *(text(name, value) for name, value in batch)) + details
    state = tag("Sts", text("Cd", status)) if version >= 7 else text("Sts", status)
    return tag(
        "Ntry",
        text("NtryRef", reference),
        money("Amt", unsigned(amount)),
        side(amount),
        text("RvslInd", "true") if reversal else "",
        state,
        tag("BookgDt", text("Dt", day)),
        tag("ValDt", text("Dt", day)),
        text("AcctSvcrRef", servicer),
        code("PMNT/IDDT/ESDD") if bank_code is None else bank_code,
        amounts,
        charges(version, costs),
        tag("NtryDtls", details),
        text("AddtlNtryInf", info),
    )


def balance(kind, amount, day="2026-11-24"):
    return tag(
        "Bal",
        tag("Tp", tag("CdOrPrtry", text("Cd", kind))),
        money("Amt", unsigned(amount)),
        side(amount),
        tag("Dt", text("Dt", day)),
    )


def statement(
    *entries,
    kind="camt.053",
    name="STMT-1",
    opening="100.00",
    closing=None,
    summary="",
    account=None,
    currency="EUR",
):
    """A statement with its balances (camt.054 has none) and entries."""
    balances = ""
    if kind != "camt.054":
        balances = balance("OPBD", opening) + balance(
            "CLBD", opening if closing is None else closing
        )
    identifier = tag("Id", text("IBAN", OUR_IBAN)) if account is None else account
    return tag(
        _MESSAGES[kind][1],
        text("Id", name),
        text("ElctrncSeqNb", 7),
        text("CreDtTm", "2026-11-24T20:00:00+01:00"),
        tag(
            "FrToDt",
            text("FrDtTm", "2026-11-24T00:00:00"),
            text("ToDtTm", "2026-11-24T23:59:59"),
        ),
        tag("Acct", identifier, text("Ccy", currency)),
        balances,
        summary,
        *entries,
    )


def summary(count, came=None, went=None):
    """`TxsSummry`; `came` (credits) and `went` (debits) are pairs (number, sum)."""
    return tag(
        "TxsSummry",
        tag("TtlNtries", text("NbOfNtries", count)),
        *(
            tag(name, text("NbOfNtries", pair[0]), text("Sum", pair[1]))
            for name, pair in (("TtlCdtNtries", came), ("TtlDbtNtries", went))
            if pair
        ),
    )


def document(message, content, version, prefix="", namespace=None):
    """The whole file as bytes, with a prefix for every element when one is asked for."""
    if namespace is None:
        namespace = f"urn:iso:std:iso:20022:tech:xsd:{message}.001.{version:02d}"
    if prefix:
        content = (
            content.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        )
        head, foot = f'<{prefix}:Document xmlns:{prefix}="{namespace}">', f"</{prefix}:Document>"
    else:
        head = f'<Document xmlns="{namespace}">' if namespace else "<Document>"
        foot = "</Document>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{content}{foot}'.encode()


def camt(*statements, kind="camt.053", version=8, header=True, **options):
    """A camt file of statements."""
    name = _MESSAGES[kind][0]
    group = tag("GrpHdr", text("MsgId", "MSG-7"), text("CreDtTm", "2026-11-24T20:00:00+01:00"))
    return document(kind, tag(name, group if header else "", *statements), version, **options)


def reason(iso=None, own=None, words=()):
    """`StsRsnInf` of a pain.002."""
    given = tag("Rsn", text("Cd", iso), text("Prtry", own))
    return tag("StsRsnInf", given, *(text("AddtlInf", line) for line in words))


def transaction(
    end_to_end="E-1", status="RJCT", reasons="", original="", instruction=None, version=10
):
    """`TxInfAndSts` of a pain.002; `original` is what stands in `OrgnlTxRef`."""
    return tag(
        "TxInfAndSts",
        text("OrgnlInstrId", instruction),
        text("OrgnlEndToEndId", end_to_end),
        text("TxSts", status),
        reasons,
        tag("OrgnlTxRef", original),
    )


def original_debit(version, amount="99.90", mandate="M-1", day="2026-11-24", name="Anna Gut"):
    """The content of `OrgnlTxRef` for a debit."""
    scheme = tag("SchmeNm", text("Prtry", "SEPA"))
    creditor = tag("Othr", text("Id", "DE98ZZZ09999999999"), scheme)
    related = text("MndtId", mandate)
    if version >= 12:
        related = tag("DrctDbtMndt", related)
    return "".join(
        (
            tag("Amt", money("InstdAmt", amount)),
            text("ReqdColltnDt", day),
            tag("CdtrSchmeId", tag("Id", tag("PrvtId", creditor))),
            tag("MndtRltdInf", related),
            tag("Dbtr", party(version, name)),
            tag("DbtrAcct", tag("Id", text("IBAN", DEBTOR_IBAN))),
        )
    )


def block(*transactions, name="BLOCK-1", status=None, reasons=""):
    """`OrgnlPmtInfAndSts` of a pain.002."""
    return tag(
        "OrgnlPmtInfAndSts",
        text("OrgnlPmtInfId", name),
        text("PmtInfSts", status),
        reasons,
        *transactions,
    )


def pain002(*blocks, status=None, reasons="", counts=(), version=3, message="FILE-1", **options):
    """A pain.002; `counts` are pairs (status, number) for `NbOfTxsPerSts`."""
    group = tag(
        "OrgnlGrpInfAndSts",
        text("OrgnlMsgId", message),
        text("OrgnlMsgNmId", "pain.008.001.08"),
        text("OrgnlNbOfTxs", options.pop("number", None)),
        text("OrgnlCtrlSum", options.pop("total", None)),
        text("GrpSts", status),
        reasons,
        *(
            tag("NbOfTxsPerSts", text("DtldNbOfTxs", number), text("DtldSts", name))
            for name, number in counts
        ),
    )
    header = tag("GrpHdr", text("MsgId", "ANSWER-1"), text("CreDtTm", "2026-11-23T10:00:00"))
    content = tag("CstmrPmtStsRpt", header, group, *blocks)
    return document("pain.002", content, version, **options)
