"""Blocks: who is found by them, that they end, and that returns put them up."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..scoring.subject import Subject
from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestRiskBlock(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = cls.env["risk.block"]
        cls.other = cls._create_customer("Eva Other", email="eva@example.org")

    def _subject(self, partner=None, iban=DEBTOR_IBANS[0], **values):
        return Subject(
            stage="submit",
            now=fields.Datetime.now(),
            company_id=self.company.id,
            partner_id=(partner or self.customer).id,
            iban=iban,
            **values,
        )

    def _kinds(self, subject):
        return sorted(found["kind"] for found in self.blocks._find(subject))

    def test_kinds(self):
        """Each kind is found by what it is about only."""
        block = self.blocks._block
        block("pair", self.company, partner=self.customer, iban=DEBTOR_IBANS[0])
        self.assertEqual(self._kinds(self._subject()), ["pair"])
        self.assertEqual(self._kinds(self._subject(self.other)), [])
        block("account", self.company, iban=DEBTOR_IBANS[0])
        self.assertEqual(self._kinds(self._subject(self.other)), ["account"])
        block("customer", self.company, partner=self.other)
        self.assertEqual(self._kinds(self._subject(self.other, "")), ["customer"])
        self.blocks.create({"kind": "email", "value": "Bad@Example.org"})
        self.assertEqual(self._kinds(self._subject(iban="", email="bad@example.org")), ["email"])

    def test_nothing_readable(self):
        """The IBAN is nowhere in the record; its end tells people which one it is."""
        block = self.blocks.create({"kind": "account", "value": "DE02 1203 0000 0000 2020 51"})
        self.assertEqual(block.hint, "DE•• •••• •••• •••• •• 2051")
        self.assertFalse(block.value)
        self.env.flush_all()
        self.env.cr.execute("SELECT b::text FROM risk_block b WHERE id = %s", [block.id])
        self.assertNotIn("120300", self.env.cr.fetchone()[0])
        with self.assertRaises(AccessError):
            block.with_user(self.env.user).read(["mark"])

    def test_check(self):
        """Blocks are a hard sign, about the account or about the customer."""
        run = self.env["risk.check"]._run
        known = run(self._subject())
        self.assertFalse(known["account_blocked"].value or known["customer_blocked"].value)
        self.blocks._block("account", self.company, iban=DEBTOR_IBANS[0])
        self.blocks._block("customer", self.company, partner=self.other)
        known = run(self._subject())
        self.assertEqual(known["account_blocked"].severity, "hard")
        self.assertFalse(known["customer_blocked"].value)
        self.assertTrue(run(self._subject(self.other, ""))["customer_blocked"].value)

    def test_once(self):
        """What is blocked stays one block, and lasts at least as long as before."""
        first = self.blocks._block("account", self.company, iban=DEBTOR_IBANS[0], days=100)
        again = self.blocks._block("account", self.company, iban=DEBTOR_IBANS[0], days=5)
        self.assertEqual(first, again)
        self.assertEqual(first.expires, fields.Date.today() + timedelta(days=100))

    def test_ends(self):
        """A block ends by itself, and by hand when somebody says why."""
        block = self.blocks._block("account", self.company, iban=DEBTOR_IBANS[0])
        with self.assertRaises(UserError):
            block.action_lift()
        block.lift_note = "The bank erred"
        block.action_lift()
        self.assertEqual((block.state, self._kinds(self._subject())), ("lifted", []))
        later = self.blocks._block("account", self.company, iban=DEBTOR_IBANS[0])
        later.expires = fields.Date.today() - timedelta(days=1)
        self.assertEqual((later.state, self._kinds(self._subject())), ("expired", []))
        (block | later).write({"expires": "2020-01-01"})
        self.blocks._gc_ended()
        self.assertFalse((block | later).exists())

    def test_bad_input(self):
        """What cannot be blocked is told apart."""
        for values in (
            {"kind": "account", "value": "DE02"},
            {"kind": "account"},
            {"kind": "email", "value": "nobody"},
            {"kind": "phone", "value": "12"},
            {"kind": "customer"},
            {"kind": "account", "value": DEBTOR_IBANS[0], "expires": "2099-01-01"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.blocks.create(values)

    def test_rights(self):
        """Support staff see blocks, and do not make or lift them."""
        block = self.blocks._block("account", self.company, iban=DEBTOR_IBANS[0])
        staff = new_test_user(self.env, "sam", groups="support_debit.group_support_user")
        self.assertTrue(block.with_user(staff).hint)
        with self.assertRaises(AccessError):
            block.with_user(staff).lift_note = "no"

    def test_return(self):
        """A debit that was not agreed to blocks the pair until the return is lifted."""
        reason = self.env["sdd.reason"]._find("MD01")
        reason.write({"risk_block_kind": "pair", "risk_block_days": 400})
        debit = self._create_debit()
        self.env["sdd.batch"]._create_due_batches(self.journal)
        debit.batch_id.action_submit()
        item = self.env["sdd.return"].sudo().create(self._return_values(debit, reason))
        item._apply_consequences()
        block = self.blocks.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((block.kind, block.expires), ("pair", self._in_days(400)))
        self.assertEqual(self._kinds(self._subject(self.other)), [])
        self.assertEqual(self._kinds(self._subject()), ["pair"])
        item._lift()
        self.assertFalse(block.active)

    def test_two_returns(self):
        """Each return has its own block: lifting one of them leaves what follows from the other."""
        reason = self.env["sdd.reason"]._find("MD01")
        reason.write({"risk_block_kind": "pair", "risk_block_days": 100})
        debits = self._create_debit()
        debits |= self._create_debit(mandate=debits.mandate_id)
        self.env["sdd.batch"]._create_due_batches(self.journal)
        debits.batch_id.action_submit()
        items = self.env["sdd.return"].sudo()
        for debit in debits:
            item = items.create(self._return_values(debit, reason))
            item._apply_consequences()
            items |= item
        second_company = self._create_second_company()
        foreign = self.blocks._block(
            "account", second_company, iban=DEBTOR_IBANS[0], origin=debits[0].end_to_end_id
        )
        blocks = self.blocks.search([("partner_id", "=", self.customer.id)], order="id")
        self.assertEqual(items[0].display_name, items[1].display_name)
        self.assertEqual(blocks.mapped("origin"), debits.mapped("end_to_end_id"))
        items[1]._lift()
        self.assertEqual(blocks.filtered("active").origin, debits[0].end_to_end_id)
        self.assertEqual(self._kinds(self._subject()), ["pair"])
        items[0]._lift()
        self.assertEqual(self._kinds(self._subject()), [])
        self.assertTrue(foreign.active, "another company's blocks follow from its own returns")

    def test_blocks_from_before_bear_the_name(self):
        """A block that was put up before an update is lifted with its return all the same."""
        debit = self._create_debit()
        reason = self.env["sdd.reason"]._find("AM04")
        item = self.env["sdd.return"].sudo().create(self._return_values(debit, reason))
        block = self.blocks._block(
            "customer", self.company, partner=self.customer, origin=item.display_name
        )
        stranger = self.blocks._block(
            "customer", self.company, partner=self.other, origin=item.display_name
        )
        item._lift()
        self.assertEqual((block.active, stranger.active), (False, True))

    def _in_days(self, days):
        return fields.Date.context_today(self.blocks) + timedelta(days=days)

    def _return_values(self, debit, reason):
        return {
            "debit_id": debit.id,
            "kind": "return",
            "reason_id": reason.id,
            "reason_code": reason.code,
            "amount": debit.amount,
            "booking_date": fields.Date.today(),
        }
