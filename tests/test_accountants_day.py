"""The accountant's day in the browser, and the call in which the salesperson tells a story."""

import base64
from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..sepa import target
from .backend_tour import BackendTourMixin
from .common import DEBTOR_IBANS, SupportDebitCommon

EARLIER = ("Anna Adler", "Bernd Busch", "Yusuf Yilmaz", "Zoë Zander")
TODAY = ("Ada Ahrens", "Boris Brandt", "Carla Conradi", "Dirk Dahl", "Eva Ernst", "Finn Faber")
SENT = ("Kai Kern", "Lea Lang", "Max Moser", "Nora Nagel")
LATER = ("Greta Gross", "Hans Huber", "Ida Imhof", "Jana Jung", "Olaf Ott")


@tagged("-at_install", "post_install")
class TestAccountantsDay(BackendTourMixin, SupportDebitCommon, HttpCase):
    browser_size = "1366x820"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        common = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
            "lang": "en_US",
            "tz": "Europe/Berlin",
        }
        cls.accountant = new_test_user(
            cls.env,
            login="alma",
            name="Alma Accountant",
            groups="support_debit.group_accountant",
            **common,
        )
        cls.seller = new_test_user(
            cls.env,
            login="sam",
            name="Sam Seller",
            groups="support_debit.group_support_user,sales_team.group_sale_salesman_all_leads",
            **common,
        )
        cls.journal.name = "House Bank"
        cls.balance = 0.0

    def _queue(self, names):
        """Return the debits of new customers with these names."""
        debits = self.env["sdd.debit"]
        for number, name in enumerate(names):
            partner = self._create_customer(name)
            mandate = self._create_mandate(partner, DEBTOR_IBANS[number % len(DEBTOR_IBANS)])
            debits |= self._create_debit(partner, mandate)
        return debits

    def _send(self, names):
        """Return the submitted batch of new customers' debits, and the debits."""
        debits = self._queue(names)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_submit()
        return batch, debits

    def _statement(self, number, entries):
        """Return a statement that goes on where the last one has ended."""
        content = self._camt(entries, message_id=f"S-{number}", opening=self.balance)
        self.balance = round(self.balance + sum(amount for amount, _xml in entries), 2)
        return content

    def _live_through_last_month(self):
        """Return a debit that was collected weeks ago and came back."""
        start = fields.Datetime.now() - timedelta(days=38)
        with freeze_time(start):
            batch, debits = self._send(EARLIER)
        with freeze_time(start + timedelta(days=5)):
            self._import(self._statement(1, [self._entry_batch(batch)]))
        with freeze_time(start + timedelta(days=8)):
            self._import(self._statement(2, [self._entry_return(debits[0], 3.5, "AM04")]))
        debits.prenotification_ids.sudo().write({"state": "sent", "sent_date": start})
        # The database's clock cannot be turned back.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sdd_debit SET create_date = %s WHERE id IN %s", (start, debits._ids)
        )
        self.env.cr.execute(
            "UPDATE account_move SET create_date = %s WHERE id IN %s",
            (start, debits.invoice_ids._ids),
        )
        self.env.invalidate_all()
        return debits[0]

    def _prepare_files(self):
        """Put the bank's files of the day where the tour finds them; return what they are about."""
        batch, debits = self._send(TODAY)
        rest = batch.amount_total - debits[0].amount
        last = self._statement(4, [self._entry_batch(batch, amount=rest)])
        came_back = [self._entry_return(debits[1], 3.5), self._entry_return(debits[2], 3.5, "AM04")]
        unclear = self._statement(5, came_back)
        lost = debits[2]
        before, after = unclear.split(lost.end_to_end_id)
        unclear = f"{before}NOTPROVIDED{after}".replace(
            f"<MndtId>{lost.mandate_id.name}</MndtId>", ""
        )
        at = unclear.rindex("<RtrInf>")
        payer = f"<RltdPties><Dbtr><Pty><Nm>{lost.partner_id.name}</Nm></Pty></Dbtr></RltdPties>"
        unclear = unclear[:at] + payer + unclear[at:]
        files = {
            "1-answer.xml": self._pain002(batch, refused=debits[0]),
            "2-statement.xml": last,
            "3-statement.xml": unclear,
        }
        self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "datas": base64.b64encode(content.encode()),
                    "description": "accountants-day",
                    "public": True,
                }
                for name, content in files.items()
            ]
        )
        return debits

    def test_accountants_day(self):
        old = self._live_through_last_month()
        debits = self._prepare_files()
        self._send(SENT)
        for number, debit in enumerate(self._queue(LATER).sudo()):
            debit.collection_date = target.add_target_days(debit.collection_date, 1 + number // 2)
        url = "/odoo/action-support_debit.action_sdd_bank_message"
        self.start_tour(url, "support_debit_accountants_day", login="alma", timeout=400)
        self.env.invalidate_all()
        self.assertEqual(
            debits.mapped("state"),
            ["rejected", "returned", "returned", "settled", "settled", "settled"],
        )
        self.assertEqual(self._get_transit(), 399.6)
        url = f"/odoo/action-support_debit.action_sdd_debit/{old.id}"
        self.start_tour(url, "support_debit_payment_story", login="sam", timeout=240)
