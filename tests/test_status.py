"""Answers of the bank to a file: whole files, blocks, single debits, and whose answer it is."""

import re

from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestStatus(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(3).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def _block_status(self, content, status, reason=None):
        """Return an answer that says something of its payment block, too."""
        why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
        return re.sub(
            r"(<OrgnlPmtInfId>[^<]*</OrgnlPmtInfId>)",
            rf"\1<PmtInfSts>{status}</PmtInfSts>{why}",
            content,
        )

    def _rename(self, content, name):
        """Return an answer to a message that has another name at the bank, or none."""
        node = f"<OrgnlMsgId>{name}</OrgnlMsgId>" if name else ""
        return content.replace(f"<OrgnlMsgId>{self.batch.name}</OrgnlMsgId>", node)

    def _assert_all_refused(self, message, listed, others):
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self.debits.mapped("state"), ["rejected"] * 3)
        self.assertEqual(self.debits.mapped("return_ids.reason_code"), [listed, others, others])
        self.assertEqual(self.debits[0].return_ids.reason_code, listed)
        self.assertEqual(self.batch.state, "rejected")
        self.assertEqual(self._get_transit(), 0)

    # === MORE THAN WHAT IS LISTED === #

    def test_file_refused_that_lists_one_debit(self):
        content = self._pain002(self.batch, self.debits[0], "RJCT", reason="FF01")
        head, transaction = content.split("<TxInfAndSts>")
        content = f"{head}<TxInfAndSts>{transaction.replace('FF01', 'AC04')}"
        self._assert_all_refused(self._import(self._block_status(content, "RJCT")), "AC04", "FF01")

    def test_block_refused_that_lists_one_debit(self):
        content = self._pain002(self.batch, self.debits[0], "PART", reason="AC04")
        content = self._block_status(content, "RJCT", "DT01")
        self._assert_all_refused(self._import(content), "AC04", "DT01")

    def test_block_of_the_banks_own_takes_nobody_else_with_it(self):
        content = self._pain002(self.batch, self.debits[0], "PART", reason="AC04")
        content = self._block_status(content, "RJCT").replace(f"{self.batch.name}-1", "NOTPROVIDED")
        message = self._import(content)
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self.debits.mapped("state"), ["rejected", "submitted", "submitted"])
        other = content.replace("NOTPROVIDED", "BANK-7").replace("<MsgId>B-1<", "<MsgId>B-2<")
        self.assertIn("BANK-7", self._import(other).findings_text)
        self.assertEqual(self.debits[1].state, "submitted")

    def test_bank_contradicts_itself(self):
        content = self._pain002(self.batch, self.debits[0], "RJCT", reason="FF01")
        message = self._import(content.replace("<TxSts>RJCT", "<TxSts>ACCP"))
        self.assertEqual(message.finding_ids.mapped("code"), ["contradiction"])
        self.assertEqual(self.debits.mapped("state"), ["submitted", "rejected", "rejected"])
        self.assertEqual(self.batch.state, "partly_rejected")

    # === WHOSE ANSWER === #

    def test_answer_that_names_no_batch_of_ours(self):
        for number, name in enumerate(("", "NOTPROVIDED", "BANK-4711")):
            debit = self.debits[number]
            content = self._pain002(self.batch, debit, message_id=f"B-{number}")
            message = self._import(self._rename(content, name))
            with self.subTest(name):
                self.assertEqual(debit.state, "rejected", message.findings_text)
                self.assertNotIn("unknown_batch", message.finding_ids.mapped("code"))
                self.assertEqual(message.batch_ids, self.batch)
                self.assertEqual(message.journal_id, self.journal)
        self.assertEqual(self.batch.state, "rejected")

    def test_answer_that_names_only_a_block(self):
        content = self._pain002(self.batch, self.debits[0])
        content = re.sub("<TxInfAndSts>.*</TxInfAndSts>", "", content)
        content = self._rename(self._block_status(content, "RJCT", "DT01"), "BANK-4711")
        self.assertEqual(self._import(content).state, "done")
        self.assertEqual(self.debits.mapped("state"), ["rejected"] * 3)

    def test_group_of_the_banks_own_is_not_our_file(self):
        """The bank refuses what it has put together, not all that we have sent."""
        content = self._rename(self._pain002(self.batch, self.debits[0], "RJCT"), "BANK-4711")
        self._import(content)
        self.assertEqual(self.debits.mapped("state"), ["rejected", "submitted", "submitted"])
        all_of_it = content.replace("<GrpSts>", "<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>")
        self._import(all_of_it)
        self.assertEqual(self.debits.mapped("state"), ["rejected"] * 3)

    def test_answer_to_another_kind_of_message(self):
        """A refused reversal lists our debits, too, and says nothing of them."""
        content = self._rename(self._pain002(self.batch, self.debits[0]), "V-1")
        message = self._import(content.replace("pain.008.001.08</Or", "pain.007.001.02</Or"))
        self.assertEqual(message.finding_ids.mapped("code"), ["unknown_batch"])
        self.assertEqual(self.debits.mapped("state"), ["submitted"] * 3)
