"""Payment blocks: what is due together, and what the bank says of one of them."""

from lxml import etree
from odoo.tests import tagged

from ..sepa import target
from .common import DEBTOR_IBANS, SupportDebitCommon

NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.008.001.08}"


@tagged("-at_install", "post_install")
class TestBatchBlock(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(4).with_env(cls.env)
        cls.day = cls.journal._sdd_earliest_collection()
        cls.later = target.add_target_days(cls.day, 1)
        cls.first = cls.debits[:2]
        cls.second = cls.debits[2:]
        cls.first.collection_date = cls.day
        cls.second.collection_date = cls.later

    def _make(self):
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.debit_ids, self.debits)
        return batch

    def _send(self):
        batch = self._make()
        batch.action_submit()
        return batch

    def _read_blocks(self, batch):
        """Return what the file says: {block id: (due date, sequence, creditor, references)}."""
        document = etree.fromstring(batch.file_content)
        return {
            block.findtext(f"{NAMESPACE}PmtInfId"): (
                block.findtext(f"{NAMESPACE}ReqdColltnDt"),
                next(block.iter(f"{NAMESPACE}SeqTp")).text,
                block.find(f"{NAMESPACE}CdtrSchmeId").findtext(f".//{NAMESPACE}Othr/{NAMESPACE}Id"),
                {node.text for node in block.iter(f"{NAMESPACE}EndToEndId")},
            )
            for block in document.iter(f"{NAMESPACE}PmtInf")
        }

    def _expect(self, batch, number, debits, sequence_type="RCUR"):
        return {
            f"{batch.name}-{number}": (
                debits[0].collection_date.isoformat(),
                sequence_type,
                debits[0].mandate_id.creditor_identifier,
                set(debits.mapped("end_to_end_id")),
            )
        }

    def _entry_block(self, debits, amount=None, reference="BLOCK", named=True):
        """Return the credit of one block in one sum; not `named`: with the message id only."""
        batch = debits.batch_id
        block = f"<PmtInfId>{debits[0].payment_information_id}</PmtInfId>" if named else ""
        block = f"<Btch><MsgId>{batch.name}</MsgId>{block}</Btch>"
        amount = sum(debits.mapped("amount")) if amount is None else amount
        return self._entry(amount, reference, "", batch=block)

    # === WRITING === #

    def test_file(self):
        """A block for each due date, sequence type and creditor identifier."""
        self.debits[1].sequence_type = "FNAL"
        other = self.debits[3].mandate_id
        other.sudo().creditor_identifier = "DE98TLA09999999999"
        batch = self._make()
        ids = self.debits
        expected = {
            **self._expect(batch, 1, ids[1], "FNAL"),
            **self._expect(batch, 2, ids[0]),
            **self._expect(batch, 3, ids[3]),
            **self._expect(batch, 4, ids[2]),
        }
        self.assertEqual(self._read_blocks(batch), expected)
        self.assertEqual(
            {debit.payment_information_id: {debit.end_to_end_id} for debit in ids},
            {block_id: values[3] for block_id, values in expected.items()},
        )
        self.assertRecordValues(
            batch,
            [
                {
                    "collection_date": self.day,
                    "sequence_type": False,
                    "creditor_identifier": "DE98TLA09999999999, DE98ZZZ09999999999",
                }
            ],
        )
        self.assertEqual(batch.deadline.date(), target.add_target_days(self.day, -1))

    def test_blocks_follow_the_file(self):
        """Made again the blocks get new ids; what leaves the file leaves its block."""
        batch = self._make()
        old = set(self.debits.mapped("payment_information_id"))
        self.assertEqual(old, {f"{batch.name}-1", f"{batch.name}-2"})
        self.first[0]._move_to("queued", batch_id=False)
        self.assertFalse(self.first[0].payment_information_id)
        self.first[1]._move_to("queued", batch_id=False)
        batch.action_generate()
        self.assertEqual(self._read_blocks(batch), self._expect(batch, 1, self.second))
        self.assertEqual(batch.collection_date, self.later)
        self.assertEqual(
            (batch.sequence_type, batch.creditor_identifier),
            ("RCUR", self.company.sdd_creditor_identifier),
        )
        with self._refused("by hand"):
            self.second[0].write({"payment_information_id": "OTHER"})

    def test_what_the_writer_refuses_leaves_its_block(self):
        bad = self._create_bare_debit(
            self._create_mandate(iban=DEBTOR_IBANS[1], holder="😀"), collection_date=self.later
        )
        batch = self._make()
        self.assertEqual((bad.state, bad.payment_information_id), ("held", False))
        self.assertEqual(len(self._read_blocks(batch)), 2)
        self.assertFalse(batch.replaced_message_ids)

    # === WHAT THE BANK SAYS === #

    def test_credit_of_one_block(self):
        """Each block is credited on its day; the other one stays in transit."""
        batch = self._send()
        self._import(self._camt([self._entry_block(self.first)]))
        self.assertEqual(self.debits.mapped("state"), ["settled"] * 2 + ["submitted"] * 2)
        self.assertAlmostEqual(self._get_transit(), 2 * 99.9)
        self.assertEqual(batch.state, "submitted")
        message = self._import(
            self._camt([self._entry_block(self.second, reference="B2")], message_id="S-2")
        )
        self.assertFalse(message.findings)
        self.assertEqual(set(self.debits.mapped("state")), {"settled"})
        self.assertEqual((self._get_transit(), batch.state), (0, "settled"))

    def test_credits_of_both_blocks_on_one_statement(self):
        self._send()
        entries = [self._entry_block(self.first), self._entry_block(self.second, reference="B2")]
        message = self._import(self._camt(entries))
        self.assertFalse(message.findings)
        self.assertEqual(set(self.debits.mapped("state")), {"settled"})
        self.assertEqual(self._get_transit(), 0)

    def test_credit_of_a_block_that_names_the_file_only(self):
        """The sum says which block it is; the second credit is not the first one again."""
        batch = self._send()
        entry = self._entry_block(self.first, named=False)
        self._import(self._camt([entry]))
        self.assertEqual(self.debits.mapped("state"), ["settled"] * 2 + ["submitted"] * 2)
        entry = self._entry_block(self.second, reference="B2", named=False)
        message = self._import(self._camt([entry], message_id="S-2"))
        self.assertFalse(message.findings)
        self.assertEqual((self._get_transit(), batch.state), (0, "settled"))

    def test_credit_of_a_block_without_what_was_refused(self):
        batch = self._send()
        self._import(self._pain002(batch, refused=self.first[0]))
        message = self._import(self._camt([self._entry_block(self.first, amount=99.9)]))
        self.assertFalse(message.findings)
        self.assertEqual(
            self.debits.mapped("state"), ["rejected", "settled", "submitted", "submitted"]
        )

    def test_wrong_sum_of_a_block(self):
        self._send()
        message = self._import(self._camt([self._entry_block(self.first, amount=100.0)]))
        self.assertEqual([f["code"] for f in message.findings], ["batch_sum_mismatch"])
        self.assertEqual(set(self.debits.mapped("state")), {"submitted"})

    def _refuse_block(self, batch, block_id):
        content = self._pain002(batch)
        block = (
            f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{block_id}</OrgnlPmtInfId>"
            "<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>DT01</Cd></Rsn></StsRsnInf>"
            "</OrgnlPmtInfAndSts></CstmrPmtStsRpt>"
        )
        content = content.replace("ACCP", "PART").replace("</CstmrPmtStsRpt>", block)
        return self._import(content)

    def test_reject_of_one_block(self):
        batch = self._send()
        message = self._refuse_block(batch, self.second[0].payment_information_id)
        self.assertFalse(message.findings)
        self.assertEqual(self.debits.mapped("state"), ["submitted"] * 2 + ["rejected"] * 2)
        self.assertEqual(batch.state, "partly_rejected")
        self.assertAlmostEqual(self._get_transit(), 2 * 99.9)

    def test_reject_of_an_unknown_block(self):
        """Nobody guesses which of the blocks is meant."""
        batch = self._send()
        for block_id in (f"{batch.name}-9", "NOT-OURS"):
            with self.subTest(block_id):
                message = self._refuse_block(batch, block_id)
                self.assertTrue(message.findings)
                self.assertEqual(set(self.debits.mapped("state")), {"submitted"})

    def test_reject_of_the_whole_file(self):
        batch = self._send()
        self._import(self._pain002(batch, group_status="RJCT"))
        self.assertEqual(set(self.debits.mapped("state")), {"rejected"})
        self.assertEqual(batch.state, "rejected")

    def test_find_named(self):
        batch = self._send()
        find = self.env["sdd.batch"]._find_named
        block = self.second[0].payment_information_id
        for message_id, block_id in (
            (batch.name, None),
            (None, block),
            (block, None),
            (None, f"{batch.name}-7"),
            ("OTHER", block),
        ):
            with self.subTest(message_id=message_id, block_id=block_id):
                self.assertEqual(find(message_id, block_id, self.journal), batch)
        other = self.journal.copy({"code": "TSD3"})
        for arguments in (
            (None, None, self.journal),
            ("X", "Y", self.journal),
            (None, block, other),
        ):
            self.assertFalse(find(*arguments))
