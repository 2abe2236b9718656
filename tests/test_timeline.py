"""The payment story: in order, in the reader's language, for those who may hear it."""

from datetime import date, datetime

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models.debit.timeline import on_day
from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestTimelineMoments(TransactionCase):
    def test_days_without_a_time(self):
        day = date(2026, 11, 20)
        self.assertEqual(on_day(day), datetime(2026, 11, 20, 12))
        created = datetime(2026, 11, 20, 17, 5)
        self.assertEqual(on_day(day, created), created)
        self.assertEqual(on_day(day, datetime(2026, 11, 23)), datetime(2026, 11, 20, 12))

    def test_later_than_what_came_before(self):
        day = date(2026, 11, 20)
        before = datetime(2026, 11, 20, 18)
        self.assertGreater(on_day(day, after=before), before)
        self.assertEqual(on_day(day, after=datetime(2026, 11, 21)), datetime(2026, 11, 20, 12))


@tagged("-at_install", "post_install")
class TestTimeline(SupportDebitCommon):
    def _kinds(self, story, planned=False):
        return [
            event["kind"]
            for day in story["days"]
            if day["is_planned"] == planned
            for event in day["events"]
        ]

    def _assert_in_order(self, kinds, expected):
        """Check that these kinds come in this order, whatever else other rooms tell."""
        self.assertEqual([kind for kind in kinds if kind in expected], expected)

    def test_invoice_from_order_to_return(self):
        debit = self._create_debit()
        invoice = debit.invoice_ids
        self.assertIn("queue", self._kinds(invoice.sdd_timeline))
        self.assertEqual(self._kinds(invoice.sdd_timeline, planned=True)[:1], ["settlement"])
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit, 3.5)], message_id="S-2", opening=99.9))
        invoice.invalidate_recordset(["sdd_timeline"])
        kinds = self._kinds(invoice.sdd_timeline)
        self._assert_in_order(kinds, ["queue", "batch", "settlement", "return"])
        self.assertEqual(kinds.count("order"), 2, "the order and the invoice")
        spoken = " ".join(invoice.sdd_timeline["spoken"])
        self.assertIn(batch.name, spoken)
        self.assertIn("3.50", spoken)
        self.assertEqual(self._kinds(debit.sdd_timeline), kinds)

    def test_paid_another_way(self):
        debit = self._create_debit()
        self._register_payment(debit.invoice_ids)
        story = debit.invoice_ids.sdd_timeline
        self.assertEqual(debit.state, "cancelled")
        self.assertIn("payment", self._kinds(story))
        self.assertFalse(self._kinds(story, planned=True))
        self.assertIn("another way", " ".join(story["spoken"]))

    def test_customer_reads_a_short_version(self):
        debit = self._create_debit()
        invoice = debit.invoice_ids.sudo()
        self.assertEqual([step["label"] for step in invoice._get_portal_story()], ["Planned"])
        self._register_payment(invoice)
        labels = [step["label"] for step in invoice._get_portal_story()]
        self.assertCountEqual(labels, ["Cancelled", "Paid"])
        self.assertNotIn("Cancelled by", str(invoice._get_portal_story()))
        other = self._create_order()._sdd_invoice()
        self.assertFalse(other.sudo()._get_portal_story())

    def test_customer_hears_of_all_his_invoices(self):
        mandate = self._create_mandate()
        debits = self._create_debit(mandate=mandate) | self._create_debit(mandate=mandate)
        story = " ".join(self.customer.sdd_timeline["spoken"])
        for invoice in debits.invoice_ids:
            self.assertIn(invoice.name, story)
        self.assertEqual(story.count(mandate.name), 1)
        self.assertFalse(self._create_customer("Nobody").sdd_timeline["days"])

    def test_order(self):
        order = self._create_order()
        self._create_mandate()
        order._sdd_invoice()._queue_sdd_debit()
        self.assertIn("queue", self._kinds(order.sdd_timeline))

    def test_language_and_dates_in_full(self):
        debit = self._create_debit()
        day = fields.Date.to_date("2026-12-01")
        debit.sudo().collection_date = day
        self.env["res.lang"]._activate_lang("de_DE")
        english = debit.sdd_timeline["spoken"][-1]
        self.assertTrue(english.startswith("Planned for December 1, 2026: "), english)
        german = debit.with_context(lang="de_DE").sdd_timeline["spoken"][-1]
        self.assertIn("1. Dezember 2026", german)

    def test_account_number_stays_masked(self):
        debit = self._create_debit()
        spoken = " ".join(debit.sdd_timeline["spoken"])
        self.assertIn("••", spoken)
        self.assertNotIn(DEBTOR_IBANS[0][8:18], spoken.replace(" ", ""))

    def test_salesperson_hears_it_and_opens_what_he_may(self):
        seller = new_test_user(
            self.env,
            "story_seller",
            groups="support_debit.group_support_user,sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        debit = self._create_debit()
        self._submit(debit)
        self._register_payment(self._create_debit(mandate=debit.mandate_id).invoice_ids)
        story = self.customer.with_user(seller).sdd_timeline
        events = [event for day in story["days"] for event in day["events"]]
        self.assertIn("batch", [event["kind"] for event in events])
        for event in events:
            if event["id"]:
                record = self.env[event["model"]].browse(event["id"]).with_user(seller)
                self.assertTrue(record.has_access("read"))
        self.assertTrue(debit.with_user(seller).sdd_timeline["days"])

    def test_others_do_not_hear_it(self):
        outsider = new_test_user(self.env, "story_outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(outsider).read(["sdd_timeline"])

    def test_flat_in_the_number_of_debits(self):
        mandate = self._create_mandate()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self.customer.sdd_timeline["days"])
            return self.env.cr.sql_log_count - before

        self._create_debit(mandate=mandate)
        few = count()
        for _number in range(5):
            self._create_debit(mandate=mandate)
        self.assertLessEqual(count(), few + 2)
