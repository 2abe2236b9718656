"""The XML of a pain.008 from values that are already checked.

Every text that arrives here has passed :mod:`.pain008_check`, is within the restricted character
set, and therefore needs no escaping. No prefixes, no byte order mark: some banks stumble over them.
"""

_ADDRESS_TAGS = (
    ("StrtNm", "street"),
    ("BldgNb", "building"),
    ("PstCd", "postcode"),
    ("TwnNm", "town"),
    ("Ctry", "country"),
)
_ID_START = b"<EndToEndId>"
_ID_END = b"</EndToEndId>"

BLOCK_END = "</PmtInf>\n"
CLOSING = "</CstmrDrctDbtInitn>\n</Document>\n"


def money(cents):
    """Return cents as a decimal number with two places."""
    return f"{cents // 100}.{cents % 100:02d}"


def opening(head, count, cents):
    """Return everything before the first block."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{head.version}">\n'
        "<CstmrDrctDbtInitn>\n"
        f"<GrpHdr><MsgId>{head.message_id}</MsgId><CreDtTm>{head.created}</CreDtTm>"
        f"<NbOfTxs>{count}</NbOfTxs><CtrlSum>{money(cents)}</CtrlSum>"
        f"<InitgPty><Nm>{head.initiating_party}</Nm></InitgPty></GrpHdr>\n"
    )


def block_head(block, version, count, cents):
    """Return a block up to its first debit."""
    return (
        f"<PmtInf><PmtInfId>{block.payment_information_id}</PmtInfId><PmtMtd>DD</PmtMtd>"
        f"<BtchBookg>{'true' if block.batch_booking else 'false'}</BtchBookg>"
        f"<NbOfTxs>{count}</NbOfTxs><CtrlSum>{money(cents)}</CtrlSum>"
        "<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl>"
        f"<LclInstrm><Cd>{block.scheme}</Cd></LclInstrm>"
        f"<SeqTp>{block.sequence_type}</SeqTp></PmtTpInf>"
        f"<ReqdColltnDt>{block.collection_date}</ReqdColltnDt>"
        f"<Cdtr>{party(block.creditor, version)}</Cdtr>"
        f"<CdtrAcct><Id><IBAN>{block.iban}</IBAN></Id></CdtrAcct>"
        f"<CdtrAgt>{_agent(block.bic, version)}</CdtrAgt>"
        "<ChrgBr>SLEV</ChrgBr>"
        f"<CdtrSchmeId>{_scheme_id(block.creditor_id)}</CdtrSchmeId>\n"
    )


def collection(line, version):
    """Return one checked debit as one line."""
    amendment = _amendment(line.amendment) if line.amendment else ""
    purpose = f"<Purp><Cd>{line.purpose}</Cd></Purp>" if line.purpose else ""
    remittance = f"<RmtInf><Ustrd>{line.remittance}</Ustrd></RmtInf>" if line.remittance else ""
    return (
        f"<DrctDbtTxInf><PmtId><EndToEndId>{line.end_to_end_id}</EndToEndId></PmtId>"
        f'<InstdAmt Ccy="EUR">{money(line.cents)}</InstdAmt>'
        f"<DrctDbtTx><MndtRltdInf><MndtId>{line.mandate_id}</MndtId>"
        f"<DtOfSgntr>{line.signature_date}</DtOfSgntr>{amendment}</MndtRltdInf></DrctDbtTx>"
        f"<DbtrAgt>{_agent(line.bic, version)}</DbtrAgt>"
        f"<Dbtr>{party(line.debtor, version)}</Dbtr>"
        f"<DbtrAcct><Id><IBAN>{line.iban}</IBAN></Id></DbtrAcct>"
        f"{purpose}{remittance}</DrctDbtTxInf>\n"
    )


def end_to_end_id(line):
    """Return the EndToEndId of one rendered debit (bytes in, text out)."""
    start = line.index(_ID_START) + len(_ID_START)
    return line[start : line.index(_ID_END, start)].decode("ascii")


def party(value, version):
    """Return the content of a party: its name and, if there is one, its address."""
    name = f"<Nm>{value.name}</Nm>"
    if value.address is None:
        return name
    if version == "pain.008.001.02":
        return f"{name}<PstlAdr>{_address_in_lines(value.address)}</PstlAdr>"
    return f"{name}<PstlAdr>{_address(value.address)}</PstlAdr>"


def _address(address):
    parts = [
        f"<{tag}>{text}</{tag}>"
        for tag, field in _ADDRESS_TAGS
        if (text := getattr(address, field))
    ]
    return "".join(parts) + "".join(f"<AdrLine>{line}</AdrLine>" for line in address.lines)


def _address_in_lines(address):
    # The guidelines for version .02 know the country and two lines only.
    lines = address.lines[:1] or (f"{address.street} {address.building}".strip(),)
    lines += (f"{address.postcode} {address.town}".strip(),)
    text = "".join(f"<AdrLine>{line[:70].strip()}</AdrLine>" for line in lines if line)
    return f"<Ctry>{address.country}</Ctry>{text}"


def _agent(bic, version):
    if bic:
        tag = "BIC" if version == "pain.008.001.02" else "BICFI"
        return f"<FinInstnId><{tag}>{bic}</{tag}></FinInstnId>"
    return "<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>"


def _scheme_id(creditor_id):
    return (
        f"<Id><PrvtId><Othr><Id>{creditor_id}</Id>"
        "<SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id>"
    )


def _amendment(change):
    parts = []
    if change.mandate_id:
        parts.append(f"<OrgnlMndtId>{change.mandate_id}</OrgnlMndtId>")
    if change.creditor_name or change.creditor_id:
        name = f"<Nm>{change.creditor_name}</Nm>" if change.creditor_name else ""
        identifier = _scheme_id(change.creditor_id) if change.creditor_id else ""
        parts.append(f"<OrgnlCdtrSchmeId>{name}{identifier}</OrgnlCdtrSchmeId>")
    if change.iban:
        parts.append(f"<OrgnlDbtrAcct><Id><IBAN>{change.iban}</IBAN></Id></OrgnlDbtrAcct>")
    elif change.same_mandate_new_account:
        parts.append("<OrgnlDbtrAcct><Id><Othr><Id>SMNDA</Id></Othr></Id></OrgnlDbtrAcct>")
    return f"<AmdmntInd>true</AmdmntInd><AmdmntInfDtls>{''.join(parts)}</AmdmntInfDtls>"
