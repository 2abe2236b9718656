"""Files as banks write them, made for the debits of a test."""

from xml.sax.saxutils import escape

from odoo import fields

CREDITOR_IBAN = "DE75512108001245126199"


class BankFilesMixin:
    """Writes pain.002 and camt files."""

    def _pain002(self, batch, refused=(), group_status=None, reason="AC04", message_id="B-1"):
        """Return the bank's answer to a batch; `refused` debits are rejected."""
        transactions = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{debit.end_to_end_id}</OrgnlEndToEndId>"
            f"<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
            for debit in refused
        )
        status = group_status or ("PART" if refused else "ACCP")
        group_reason = (
            f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if status == "RJCT" else ""
        )
        payment = (
            f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch.name}-1</OrgnlPmtInfId>{transactions}"
            "</OrgnlPmtInfAndSts>"
            if transactions
            else ""
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
            f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr>"
            f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch.name}</OrgnlMsgId>"
            "<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>"
            f"<GrpSts>{status}</GrpSts>{group_reason}</OrgnlGrpInfAndSts>{payment}"
            "</CstmrPmtStsRpt></Document>"
        )

    def _camt(
        self, entries, kind="053", opening=None, iban=CREDITOR_IBAN, message_id="S-1", closing=None
    ):
        """Return a camt file with entries made by `_entry_single`, `_entry_batch`, `_entry_return`.

        Without an opening balance it begins where the last statement of the account ended.
        """
        opening = self._get_last_balance() if opening is None else opening
        total = sum(amount for amount, _xml in entries)
        closing = opening + total if closing is None else closing
        root, item = {
            "053": ("BkToCstmrStmt", "Stmt"),
            "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
            "052": ("BkToCstmrAcctRpt", "Rpt"),
        }[kind]
        day = fields.Date.to_string(fields.Date.today())

        def balance(code, amount):
            sign = "CRDT" if amount >= 0 else "DBIT"
            return (
                f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
                f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
                f"<Dt><Dt>{day}</Dt></Dt></Bal>"
            )

        balances = balance("OPBD", opening) + balance("CLBD", closing) if kind == "053" else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><{root}>'
            f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr>"
            f"<{item}><Id>{message_id}</Id><CreDtTm>{day}T20:00:00</CreDtTm>"
            f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            f"{balances}{''.join(xml for _amount, xml in entries)}</{item}></{root}></Document>"
        )

    def _get_last_balance(self):
        """Return what was on the account at the end of the last statement imported."""
        last = self.env["sdd.bank.statement"].search(
            [("journal_id", "=", self.journal.id)], order="id desc", limit=1
        )
        return last.closing

    def _entry(self, amount, reference, details, family="ESDD", batch="", day=None):
        """Return one entry as (amount, xml)."""
        day = day or fields.Date.to_string(fields.Date.today())
        sign = "CRDT" if amount >= 0 else "DBIT"
        code = f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>{family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        content = f"<NtryDtls>{batch}{details}</NtryDtls>" if batch or details else ""
        return amount, (
            f'<Ntry><Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
            f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
            f"<AcctSvcrRef>{escape(reference)}</AcctSvcrRef>{code}{content}</Ntry>"
        )

    def _detail(self, debit, amount, reason=None):
        """Return the details of one debit."""
        sign = "CRDT" if amount >= 0 else "DBIT"
        returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
        return (
            f"<TxDtls><Refs><MsgId>{debit.batch_id.name}</MsgId><EndToEndId>{debit.end_to_end_id}</EndToEndId>"
            f"<MndtId>{debit.mandate_id.name}</MndtId></Refs>"
            f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{returned}</TxDtls>'
        )

    def _entry_single(self, debit, reference=None):
        """A credit of one debit."""
        return self._entry(
            debit.amount, reference or f"C-{debit.id}", self._detail(debit, debit.amount)
        )

    def _entry_batch(self, batch, amount=None, reference=None):
        """A credit of a whole file in one sum."""
        amount = batch.amount_total if amount is None else amount
        block = f"<Btch><MsgId>{batch.name}</MsgId><PmtInfId>{batch.name}-1</PmtInfId></Btch>"
        return self._entry(amount, reference or f"B-{batch.id}", "", batch=block)

    def _entry_return(self, debit, fee=0.0, reason="MS03", reference=None):
        """A debit that goes back, with the bank's fee in the booked amount."""
        booked = -(debit.amount + fee)
        return self._entry(
            booked, reference or f"R-{debit.id}", self._detail(debit, booked, reason), family="UPDD"
        )
