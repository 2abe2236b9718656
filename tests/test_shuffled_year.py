"""A year's files in shuffled order, some twice: always the same ledger.

The year is made once, with its debits at the bank; then its files are imported in one order after
the other, each order taken back before the next. SUPPORT_DEBIT_ORDERS says how many orders are
tried (default 2); each number is a seed.
"""

import os
import random
from collections import Counter
from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sepa import target
from .common import SupportDebitCommon

ORDERS = int(os.environ.get("SUPPORT_DEBIT_ORDERS", "2"))
MONTHS = 12
#: Debits of a month, and what becomes of each: how it ends, the fee, in which files it is told.
MONTH = (
    ("settled", 0, ()),
    ("rejected", 0, ("answer",)),
    ("returned", 0, ("statement",)),
    ("returned", 3.5, ("intraday", "notice", "statement")),
)
WEEK = timedelta(days=7)
REASONS = ("MS03", "AM04", "AC01", "AC04", "AC06", "MD01", "MD06", "MS02", "SL01", "ZZ99")


@tagged("-at_install", "post_install")
class TestShuffledYear(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal.sdd_batch_booking = False
        partners = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "company_id": False} for n in range(MONTHS * len(MONTH))]
        )
        for partner in partners:
            cls._create_mandate(partner)
        invoices = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_line_ids": [
                        (0, 0, {"name": "Support", "price_unit": 20 + n, "tax_ids": []})
                    ],
                }
                for n, partner in enumerate(partners)
            ]
        )
        invoices.action_post()
        cls.months = []
        for month in range(MONTHS):
            part = invoices[month * len(MONTH) : (month + 1) * len(MONTH)]
            debits = part._queue_sdd_debit()
            debits._note_prenotification()
            batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
            batch.action_submit()
            cls.months.append((batch, debits.with_env(cls.env)))
        cls.debits = cls.env["sdd.debit"].union(*(debits for _batch, debits in cls.months))
        cls.invoices = cls.debits.invoice_ids

    # === THE FILES === #

    def _make_year(self):
        """Return the files of the year by name."""
        files = {}
        for month, (batch, debits) in enumerate(self.months):
            day = target.next_target_day(date(2026, month + 1, 5))
            files.update(self._make_month(month, batch, debits, day))
        return files

    def _make_month(self, month, batch, debits, day):
        """Return a month's answer, notices and statements; every third bank credits in one sum."""
        reasons = {debit: REASONS[(month + n) % len(REASONS)] for n, debit in enumerate(debits)}
        told = {"answer": [], "notice": [], "intraday": [], "statement": []}
        for debit, (_end, fee, where) in zip(debits, MONTH, strict=True):
            for name in where:
                told[name].append((debit, fee))

        def back(name):
            return [
                self._dated(self._entry_return(debit, fee=fee, reason=reasons[debit]), day + WEEK)
                for debit, fee in told[name]
            ]

        refused = debits.browse([debit.id for debit, _fee in told["answer"]])
        if month % 3 == 0:
            sum_left = sum((debits - refused).mapped("amount"))
            came = [self._entry_batch(batch, amount=sum_left)]
        elif month % 3 == 1:
            came = [self._entry_batch(batch)]
            came += [self._entry_return(debit, reason=reasons[debit]) for debit in refused]
        else:
            came = [self._entry_single(debit) for debit in debits - refused]
        name = f"{month + 1:02d}"
        answer = self._pain002(batch, refused, reason=reasons[refused[0]], message_id=f"A-{name}")
        came = [self._dated(entry, day) for entry in came]
        files = {
            "answer": answer,
            "intraday": self._camt(back("intraday"), kind="052", message_id=f"I-{name}"),
            "notice": self._camt(back("notice"), kind="054", message_id=f"N-{name}"),
            "credit": self._camt(came, message_id=f"C-{name}"),
            "return": self._camt(back("statement"), message_id=f"R-{name}"),
        }
        return {f"{name} {kind}": content.encode() for kind, content in files.items()}

    @staticmethod
    def _dated(entry, day):
        """Return an entry that was booked on another day."""
        amount, text = entry
        first = text.index("<BookgDt>")
        last = text.index("</ValDt>")
        dates = f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt>"
        return amount, text[:first] + dates + text[last:]

    # === WHAT IS LEFT === #

    def _get_picture(self):
        """Return the ledger and the debits in a form that can be compared."""
        self.env.flush_all()
        lines = self.env["account.move.line"]
        ours = [
            ("parent_state", "=", "posted"),
            "|",
            ("journal_id", "=", self.journal.id),
            ("move_id", "in", self.invoices.ids),
        ]
        groups = lines._read_group(ours, ["account_id", "partner_id"], ["balance:sum"])
        balances = {
            (account.code, partner.name): round(total, 2)
            for account, partner, total in groups
            if account.account_type != "asset_current" and round(total, 2)
        }
        accounts = lines._read_group(ours, ["account_id"], ["balance:sum"])
        return {
            "balances": balances,
            "accounts": {a.code: round(total, 2) for a, total in accounts if round(total, 2)},
            "debits": [(d.state if d.state == "settled" else "back") for d in self.debits],
            "settled on": [str(d.settlement_date) for d in self.debits if d.state == "settled"],
            "fees": [round(sum(d.return_ids.mapped("fee")), 2) for d in self.debits],
            "reasons": [d.return_ids.mapped("reason_code") for d in self.debits],
            "invoices": [(i.payment_state, round(i.amount_residual, 2)) for i in self.invoices],
            "batches": [set(batch.mapped("state")) for batch, _debits in self.months],
            "lines": sorted(
                (str(line.date), round(line.amount, 2), line.is_reconciled)
                for line in self.env["account.bank.statement.line"].search(
                    [("journal_id", "=", self.journal.id)]
                )
            ),
        }

    def _replay(self, files, names):
        """Import the files in this order and return what is left; everything is taken back."""
        savepoint = self.env.cr.savepoint()
        try:
            for name in names:
                content = files[name.removesuffix(" again")]
                content += b"\n" if name.endswith("again") else b""
                messages = self.env["sdd.bank.message"].import_file(self.journal, name, content)
                self.assertNotIn("failed", messages.mapped("state"), messages.findings_text)
            return self._get_picture()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    @mute_logger("odoo.models.unlink")
    def test_any_order_of_a_year(self):
        files = self._make_year()
        expected = self._replay(files, list(files))
        self._check_expected(expected)
        for seed in range(ORDERS):
            with self.subTest(seed=seed):
                names = self._shuffle(random.Random(seed), list(files))
                self._assert_same(self._replay(files, names), expected)

    @staticmethod
    def _shuffle(rng, files):
        """Return the names of files in another order, some of them twice.

        A bank that credits what is left of a file in one sum has said before what it refused.
        """
        names = [*files, *(f"{name} again" for name in rng.sample(files, 6))]
        rng.shuffle(names)
        for month in range(0, MONTHS, 3):
            answer, credit = f"{month + 1:02d} answer", f"{month + 1:02d} credit"
            names.remove(answer)
            first = min(names.index(name) for name in names if name.startswith(credit))
            names.insert(rng.randint(0, first), answer)
        return names

    def _assert_same(self, actual, expected):
        for what, value in expected.items():
            self.assertEqual(actual[what], value, what)

    def _check_expected(self, picture):
        """The files in their own order make what the table says."""
        ends = [end for _month in range(MONTHS) for end, _fee, _where in MONTH]
        self.assertEqual(
            picture["debits"], ["settled" if end == "settled" else "back" for end in ends]
        )
        amounts = [round(20.0 + n, 2) for n in range(len(ends))]
        open_sum = sum(
            amount for amount, end in zip(amounts, ends, strict=True) if end != "settled"
        )
        fees = sum(fee for _end, fee, _where in MONTH) * MONTHS
        codes = Counter(picture["accounts"])
        transit = self.journal.sdd_transit_account_id.code
        self.assertNotIn(transit, codes)
        self.assertEqual(codes[self.journal.sdd_fee_account_id.code], round(fees, 2))
        receivable = self.company_data["default_account_receivable"].code
        self.assertEqual(codes[receivable], round(open_sum, 2))
        self.assertTrue(all(reconciled for _date, _amount, reconciled in picture["lines"]))
