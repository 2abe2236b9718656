"""Damaged bank files through the whole import: explained, never half done, never an unhandled error.

SUPPORT_DEBIT_FUZZ says which files are tried, such as `0-2000` (default: the first hundred); each
number is a seed.
"""

import os
import random
import re
from collections import Counter

from odoo.tests import tagged
from odoo.tools import mute_logger

from .bank_files import CREDITOR_IBAN
from .common import SupportDebitCommon
from .mutations import mutate, pack

FIRST, LAST = map(int, os.environ.get("SUPPORT_DEBIT_FUZZ", "0-100").split("-"))
COUNT = LAST - FIRST
LOGGER = "odoo.addons.support_debit.models.bank.sdd_bank_message"
#: What the ledger says of a debit's invoice.
PAYMENT_STATES = {
    "queued": "not_paid",
    "submitted": "in_payment",
    "settled": "paid",
    "rejected": "not_paid",
    "returned": "not_paid",
}


@tagged("-at_install", "post_install")
class TestFuzz(SupportDebitCommon):
    """Debits in every state; valid files for them, of which each is damaged in many ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        debits = cls._create_debits(9).with_env(cls.env)
        cls.debits = debits
        cls.single, cls.whole, cls.back = debits[:3], debits[3:6], debits[6:8]
        (debits - cls.single).action_hold()
        cls.batch_single = cls._submit_now()
        cls.whole.action_release()
        cls.batch_whole = cls._submit_now()
        cls.back.action_release()
        cls.batch_back = cls._submit_now()
        debits[8].action_release()

    def setUp(self):
        super().setUp()
        self._import(self._camt([self._entry_batch(self.batch_back)], message_id="S-0"))
        self.samples = {name: text.encode() for name, text in self._make_samples().items()}
        self.samples["zip"] = pack({name: self.samples[name] for name in ("answer", "whole")})
        self.env.flush_all()
        self.last_move = self.env["account.move"].search([], order="id desc", limit=1).id

    @classmethod
    def _submit_now(cls):
        batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        batch.action_submit()
        return batch

    def _make_samples(self):
        one, two, three = self.single
        back = [
            self._entry_return(self.back[0], fee=3.5),
            self._entry_return(self.back[1], reason="MD06"),
        ]
        came = [self._entry_single(debit) for debit in (one, two, three)]
        mixed = [self._entry_batch(self.batch_whole), *back, self._entry(12.5, "X", "")]
        statement = self._camt([*came, *mixed], message_id="S-3")
        return {
            "answer": self._pain002(self.batch_whole, refused=self.whole[:1]),
            "whole refused": self._pain002(self.batch_single, group_status="RJCT"),
            "notice": self._camt(back, kind="054", message_id="N-1"),
            "intraday": self._camt([*back, *came], kind="052", message_id="I-1"),
            "singles": self._camt(came, message_id="S-1"),
            "whole": self._camt(mixed, message_id="S-2"),
            "old version": statement.replace("053.001.08", "053.001.02").replace(
                "<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>"
            ),
            "mt940": self._make_mt940(),
        }

    def _make_mt940(self):
        words = f"EREF+{self.back[0].end_to_end_id}"
        parts = "".join(
            f"?{20 + i}{words[i * 27 : i * 27 + 27]}" for i in range(-(-len(words) // 27))
        )
        return (
            f":20:STARTUMSE\r\n:25:{CREDITOR_IBAN}\r\n:28C:1/1\r\n:60F:C261120EUR1000,00\r\n"
            f":61:2611231123CR299,70N192NONREF//M1\r\n"
            f":86:192?00SAMMELLASTSCHRIFT?20KREF+{self.batch_whole.name}?21SVWZ+Einzug\r\n"
            f":61:2611231123DR103,40N109NONREF//M2\r\n"
            f":86:109?00RETOURE{parts}?28SVWZ+RUECKLASTSCHRIFT?34914\r\n"
            ":62F:C261123EUR1196,30\r\n-\r\n"
        )

    # === WHAT MUST HOLD AFTER ANY FILE === #

    def _get_picture(self):
        """Return everything that a file could change."""
        counted = ("account.move", "account.partial.reconcile", "sdd.return")
        return (
            *(self.env[model].search_count([]) for model in counted),
            self.debits.mapped("state"),
            self.debits.invoice_ids.mapped("payment_state"),
            self._get_transit(),
        )

    def _check_messages(self, messages, before):
        """Everything is explained, and what failed has changed nothing."""
        codes = {finding["code"] for message in messages for finding in message.findings or []}
        self.assertNotIn("failed", codes, messages.mapped("findings_text"))
        self.assertTrue(messages)
        if set(messages.mapped("state")) <= {"failed", "ignored"}:
            self.assertEqual(self._get_picture(), before)
        for message in messages:
            if message.state in ("failed", "attention"):
                self.assertTrue(message.findings_text)
            self.assertEqual(len(message.statement_line_ids), message.line_count)
            self.assertFalse(re.search(r"%\(\w+\)s", message.findings_text or ""))

    def _check_debits(self):
        """State, invoice, dates and returns of each debit fit together."""
        for debit in self.debits:
            invoice = debit.invoice_ids
            self.assertEqual(invoice.payment_state, PAYMENT_STATES[debit.state])
            open_amount = 0 if invoice.payment_state in ("paid", "in_payment") else debit.amount
            self.assertEqual(invoice.amount_residual, open_amount)
            self.assertEqual(len(debit.return_ids), debit.state in ("rejected", "returned"))
            if debit.state == "settled":
                self.assertTrue(debit.settlement_date)
        self.assertEqual(self.debits[8].state, "queued", "it never left the house")

    def _check_ledger(self):
        """Each entry balances; nothing is in transit but what the debits' states explain.

        A whole file may have been credited with its rejected debits, which the bank takes back in a
        line of its own.
        """
        moves = self.env["account.move"].search([("id", ">", self.last_move)])
        for move in moves:
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0, 2)
            self.assertEqual(move.state, "posted")
        low = high = 0.0
        for debit in self.debits - self.debits[8]:
            waits = not debit.settlement_date
            went = debit.state in ("rejected", "returned") and not debit.return_on_statement
            amount = debit.amount * (waits - went)
            high += amount
            low += amount - (debit.amount if waits and debit.state == "rejected" else 0)
        transit = self._get_transit()
        self.assertTrue(low - 0.005 <= transit <= high + 0.005, f"{low} {transit} {high}")
        claims = self._get_claims()
        expected = sum(d.amount for d in self.debits if PAYMENT_STATES[d.state] == "not_paid")
        self.assertAlmostEqual(claims, expected, 2)

    def _get_claims(self):
        """Return what the customers owe according to the ledger."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "in", self.debits.partner_id.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    # === TESTS === #

    def _try(self, content):
        """Import one file, check everything, take it back; return what became of the messages."""
        savepoint = self.env.cr.savepoint()
        try:
            before = self._get_picture()
            messages = self.env["sdd.bank.message"].import_file(self.journal, "damaged", content)
            self.env.flush_all()
            self._check_messages(messages, before)
            self._check_debits()
            self._check_ledger()
            return messages.mapped("state")
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_valid_files(self):
        """The files that are damaged are good ones."""
        for name, content in self.samples.items():
            with self.subTest(name):
                self.assertEqual(set(self._try(content)) - {"done", "attention"}, set())

    @mute_logger("odoo.models.unlink")
    def test_damaged_files(self):
        outcomes = Counter()
        for seed in range(FIRST, LAST):
            done, content = mutate(random.Random(seed), self.samples)
            with self.subTest(seed=seed, done=done):
                outcomes.update(self._try(content))
        # Some damage is harmless, most is seen.
        self.assertGreater(outcomes["attention"], COUNT / 10, outcomes)
        self.assertGreater(outcomes["failed"], COUNT / 20, outcomes)
        self.assertGreater(outcomes["done"], COUNT / 20, outcomes)
