"""The day on which a customer wants his invoices to be collected, as he chooses it himself."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestPortalDay(SupportDebitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = new_test_user(
            cls.env, "day_portal", groups="base.group_portal", password="day_portal_password"
        )
        cls.partner = user.partner_id
        cls.partner.write({"email": "day@example.com", "country_id": cls.env.ref("base.de").id})
        cls.mandate = cls._create_mandate(cls.partner)
        cls.debit = cls._create_debit(cls.partner, cls.mandate)

    def _choose(self, day, **values):
        """Return the page after a choice."""
        page = self.url_open(f"/my/mandates/{self.mandate.id}")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            f"/my/mandates/{self.mandate.id}/day",
            data={"csrf_token": token, "day": day, **values},
        )

    def test_the_customer_chooses(self):
        self.authenticate("day_portal", "day_portal_password")
        date = self.debit.collection_date
        page = self._choose("15")
        self.assertIn("o_sdd_day_done", page.text)
        self.assertIn("keep their day", page.text)
        self.assertEqual(self.mandate.debit_day, 15)
        self.assertIn("on day 15", " ".join(self.mandate.message_ids.mapped("body")))
        self.assertEqual(self.debit.collection_date, date)
        self._choose("0")
        self.assertEqual(self.mandate.debit_day, 0)

    def test_other_days_change_nothing(self):
        self.authenticate("day_portal", "day_portal_password")
        for day in ("29", "-1", "x", "", "1.5", "²"):
            with self.subTest(day):
                self.assertEqual(self._choose(day).status_code, 200)
                self.assertEqual(self.mandate.debit_day, 0)

    def test_strangers_and_ended_mandates(self):
        other = self._create_mandate(self._create_customer("Somebody else"))
        self.authenticate("day_portal", "day_portal_password")
        page = self.url_open(f"/my/mandates/{self.mandate.id}")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": token, "day": "15"}
        self.url_open(f"/my/mandates/{other.id}/day", data=data)
        self.assertEqual(other.debit_day, 0)
        self.mandate.action_revoke()
        self.url_open(f"/my/mandates/{self.mandate.id}/day", data=data)
        self.assertEqual(self.mandate.debit_day, 0)

    def test_the_customer_reads_when_he_was_told(self):
        self.debit._notify_in_advance()
        self.debit.sudo().prenotification_ids._note_sent()
        self.authenticate("day_portal", "day_portal_password")
        page = self.url_open(f"/my/mandates/{self.mandate.id}")
        self.assertIn('name="o_sdd_told"', page.text)
        self.assertIn("day@example.com", page.text)
