"""A quarter against mock-bank: weekly batches, returns, repetitions, lost and doubled files.

At the end every debit, every invoice, the ledger and the timelines are compared with a model that
knows nothing but the bank's own books.
"""

import os
import random
from datetime import date, datetime, time, timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import SupportDebitCommon
from .quarter_bank import REFUSALS, QuarterBank
from .quarter_model import MOST_ATTEMPTS, Model

START = date(2027, 1, 4)
#: `SUPPORT_DEBIT_CUSTOMERS=117` plays a smaller one.
CUSTOMERS = int(os.environ.get("SUPPORT_DEBIT_CUSTOMERS", "500"))
WEEKS = 13
#: Weeks after the last invoices in which repetitions and late files may come.
REST = 4
WEEK_OF_REFUSED_FILE = 4
WEEK_OF_DOUBLE_FILE = 7
#: Share of the bank's files that reach us a week late.
LATE_FILES = 0.2
WEEK = timedelta(days=7)


def make_iban(number):
    """Return a formally valid German IBAN."""
    bban = f"37040044{number:010d}"
    return f"DE{98 - int(f'{bban}131400') % 97:02d}{bban}"


def get_price(number):
    """Return a price of its own for each customer.

    All are below what may be collected without more evidence than a mandate on paper.
    """
    return round(20 + 75 * number / CUSTOMERS, 2)


@tagged("-at_install", "post_install")
class TestQuarter(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["sdd.bank.connection"].create(
            {"name": "Mock Bank", "kind": "folder", "company_id": cls.company.id}
        )
        cls.journal.write({"sdd_connection_id": cls.connection.id, "sdd_batch_booking": False})
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "email": f"c{n}@example.com", "company_id": False}
                for n in range(CUSTOMERS)
            ]
        )
        accounts = cls.env["res.partner.bank"].create(
            [
                {"acc_number": make_iban(1000 + n), "partner_id": partner.id}
                for n, partner in enumerate(cls.partners)
            ]
        )
        cls.env["sdd.mandate"].create(
            [
                {
                    "partner_id": account.partner_id.id,
                    "bank_account_id": account.id,
                    "company_id": cls.company.id,
                    "signature_date": date(2026, 1, 5),
                }
                for account in accounts
            ]
        ).action_activate()

    def setUp(self):
        super().setUp()
        self.rng = random.Random(53)
        self.bank = QuarterBank(START)
        self.addCleanup(self.bank.stop)
        self.connection.write(
            {"drop_folder": str(self.bank.drop), "pickup_folder": str(self.bank.pickup)}
        )
        self.amounts = {}
        self.waiting_files = []
        self.messages = self.env["sdd.bank.message"]

    # === THE WEEKS === #

    def _go_to(self, day):
        """Move the clocks of Odoo, the database's transaction and the bank."""
        self.env.flush_all()
        self.clock.move_to(datetime.combine(day, time(7)))
        self.env.cr._now = None
        if day > START:
            self.bank.advance(day)

    def _analyze(self):
        """Count the rows that the test has made, or joins become slow: nothing is committed here."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd > 20"
        )
        tables = [SQL.identifier(name) for (name,) in self.env.cr.fetchall()]
        self.env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(tables)))

    def _make_invoices(self):
        """Return the draft invoices of the quarter by week."""
        weeks = []
        for week in range(WEEKS):
            day = START + week * WEEK
            values = [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partners[n].id,
                    "invoice_date": day,
                    "invoice_date_due": day,
                    "invoice_line_ids": [
                        (0, 0, {"name": "Support", "price_unit": get_price(n), "tax_ids": []})
                    ],
                }
                for n in range(week, CUSTOMERS, WEEKS)
            ]
            invoices = self.env["account.move"].create(values)
            invoices.action_post()
            self.amounts.update(
                {invoice.name: round(invoice.amount_total * 100) for invoice in invoices}
            )
            weeks.append(invoices)
        return weeks

    def _collect(self, invoices):
        """Queue the week's debits and hand over what is due."""
        invoices._queue_sdd_debit()
        queued = self.env["sdd.debit"].search([("state", "=", "queued")])
        # Every customer was told, as the order confirmation or a letter does.
        queued._note_prenotification()
        batches = self.env["sdd.batch"]._create_due_batches(self.journal)
        batches.action_submit()
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.assertLessEqual(set(batches.mapped("handover_state")), {"delivered"})
        self.bank.scan()
        return batches

    def _fetch(self, everything=False):
        """Read the bank's files out of order; some reach us only next time, some twice."""
        files = self.waiting_files + self.bank.take_files()
        self.rng.shuffle(files)
        late = 0 if everything else int(len(files) * LATE_FILES)
        self.waiting_files, files = files[:late], files[late:]
        for number, (name, content) in enumerate(files):
            self._import_bytes(name, content)
            if number % 7 == 0:
                self._import_bytes(f"copy of {name}", content + b"\n")

    def _import_bytes(self, name, content):
        messages = self.env["sdd.bank.message"].import_file(self.journal, name, content)
        self.messages |= messages
        for message in messages:
            self.assertNotEqual(message.state, "failed", message.findings_text)

    def _do_week(self, week, invoices):
        """Monday: invoices, files, first refusals. Friday: settlement, returns, answers."""
        monday = START + week * WEEK
        self._go_to(monday)
        self.bank.set_behaviour("reject-file" if week == WEEK_OF_REFUSED_FILE else "accept")
        self._analyze()
        batches = self._collect(invoices)
        if week == WEEK_OF_DOUBLE_FILE:
            (self.bank.drop / "again.xml").write_bytes(batches[:1].file_content)
            self.bank.scan()
        self.bank.refuse_planned(monday, before=True)
        if week % 2:
            self._fetch()
        friday = monday + timedelta(days=4)
        self._go_to(friday)
        self.bank.refuse_planned(friday, before=False)
        self._fetch()
        if week == WEEK_OF_REFUSED_FILE:
            self.refused = batches

    def _queue_refused_file_again(self):
        """A person mends what was wrong with the file and collects its invoices once more."""
        invoices = self.refused.debit_ids.invoice_ids
        self.assertEqual(set(self.refused.mapped("state")), {"rejected"})
        return invoices.filtered("sdd_can_be_debited")

    @mute_logger("odoo.models.unlink")
    def test_quarter(self):
        with freeze_time(datetime.combine(START, time(7))) as self.clock:
            self.env.cr._now = None
            weeks = self._make_invoices()
            self.bank.make_plan([invoices.mapped("name") for invoices in weeks])
            for week in range(WEEKS + REST):
                invoices = weeks[week] if week < WEEKS else self.env["account.move"]
                if week == WEEK_OF_REFUSED_FILE + 2:
                    invoices |= self._queue_refused_file_again()
                self._do_week(week, invoices)
            self._go_to(START + (WEEKS + REST) * WEEK)
            self._fetch(everything=True)
            self._fetch(everything=True)
            self.env.flush_all()
            self._check_everything(self.env["account.move"].union(*weeks))

    # === THE END === #

    def _check_everything(self, invoices):
        self.model = Model(self.bank.collections(), self.amounts)
        self._check_story()
        self.assertEqual(self.model.get_faults(), [])
        self._check_debits()
        self._check_invoices(invoices)
        self._check_ledger(invoices)
        self._check_findings()
        self._check_timelines()

    def _check_story(self):
        """What was planned has happened."""
        said = self.bank.get_said()
        self.assertEqual(len(said), 8, said)
        self.assertGreaterEqual(said.total(), len(REFUSALS))
        self.assertEqual(len(self.amounts), CUSTOMERS)
        self.assertEqual(set(self.model.by_invoice), set(self.amounts), "each was presented")
        refused = {a.invoice for a in self.model.attempts if a.reason == "FF01"}
        self.assertEqual(refused, set(self.refused.debit_ids.invoice_ids.mapped("name")))
        repeated = {
            name
            for name, attempts in self.model.by_invoice.items()
            if len(attempts) > 1 and name not in refused
        }
        self.assertGreaterEqual(len(repeated), 5, "the programme presents some once more")

    def _check_debits(self):
        """Debits and the bank's books say the same, one by one."""
        debits = self.env["sdd.debit"].search([("journal_id", "=", self.journal.id)])
        at_bank = debits.filtered("batch_id")
        ours = {
            debit.end_to_end_id: (
                debit.state,
                round(debit.amount * 100),
                debit.invoice_ids.name,
                str(debit.settlement_date) if debit.settlement_date else None,
                debit.return_ids.reason_code or None,
            )
            for debit in at_bank
        }
        theirs = {
            a.reference: (a.state, a.amount, a.invoice, a.settled, a.reason)
            for a in self.model.attempts
        }
        self.assertEqual(ours, theirs)
        self.assertEqual((debits - at_bank).mapped("return_ids"), self.env["sdd.return"])
        for debit in at_bank.filtered(lambda d: d.state == "returned"):
            self.assertEqual(debit.return_ids.fee, 3.5)

    def _check_invoices(self, invoices):
        """Each invoice is as far as the bank has come with it."""
        ours = {i.name: (i.payment_state, round(i.amount_residual * 100)) for i in invoices}
        self.assertEqual(ours, {name: self.model.get_invoice(name) for name in self.amounts})

    def _check_ledger(self, invoices):
        """Bank, fees, transit and what is owed are what the bank's books make them."""
        accounts = {
            "bank": self.journal.default_account_id,
            "fees": self.journal.sdd_fee_account_id,
            "transit": self.journal.sdd_transit_account_id,
            "owed": invoices.line_ids.account_id.filtered(
                lambda account: account.account_type == "asset_receivable"
            ),
            "suspense": self.journal.suspense_account_id,
        }
        lines = self.env["account.move.line"]
        moves = [("move_id", "in", self._get_moves(invoices).ids), ("parent_state", "=", "posted")]
        totals = lines._read_group(moves, ["account_id"], ["balance:sum"])
        balances = {account: round(total * 100) for account, total in totals}
        ours = {name: balances.get(account, 0) for name, account in accounts.items()}
        theirs = {
            "bank": self.model.bank_balance,
            "fees": self.model.fees,
            "transit": self.model.in_transit,
            "owed": self.model.owed,
            "suspense": 0,
        }
        self.assertEqual(ours, theirs)
        self.assertEqual(sum(balances.values()), 0)
        statement_lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.journal.id)]
        )
        self.assertTrue(all(statement_lines.mapped("is_reconciled")))

    def _get_moves(self, invoices):
        """Return every entry of the quarter."""
        return invoices | self.env["account.move"].search([("journal_id", "=", self.journal.id)])

    def _check_findings(self):
        """Only what is out of the ordinary has reached a person."""
        loud = {
            finding["code"]
            for message in self.messages.filtered(lambda m: m.state == "attention")
            for finding in message.findings
        }
        self.assertIn("duplicate_file", loud)
        unexpected = loud & {"unknown_debit", "unknown_batch", "impossible_amount", "failed"}
        self.assertFalse(unexpected)

    def _check_timelines(self):
        """The story of each invoice tells every attempt, in order."""
        debits = self.env["sdd.debit"].search([("journal_id", "=", self.journal.id)])
        by_invoice = debits.grouped(lambda debit: debit.invoice_ids.name)
        for name, attempts in self.model.by_invoice.items():
            events = sorted(by_invoice[name]._get_timeline_events(), key=lambda event: event.date)
            kinds = [event.kind for event in events if not event.is_planned]
            sent = [event for event in events if "went to the bank with" in event.text]
            self.assertEqual(len(sent), len(attempts), name)
            came = sum(bool(attempt.settled) for attempt in attempts)
            self.assertEqual(kinds.count("settlement"), came, name)
            back = sum(attempt.state in ("rejected", "returned") for attempt in attempts)
            self.assertEqual(kinds.count("return"), back, name)
            if back:
                self.assertLess(kinds.index("batch"), kinds.index("return"), name)
            self.assertLessEqual(len(attempts), MOST_ATTEMPTS + 1, name)
