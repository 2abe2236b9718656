"""Confirming in the browser, without an account; asking for it in the back office."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .backend_tour import BackendTourMixin
from .confirmation_common import ConfirmationPageCase


@tagged("-at_install", "post_install")
class TestConfirmationTour(ConfirmationPageCase):
    """The holder of a link in a real browser."""

    def _confirm(self, tour, mandate=None, **values):
        """Open a new link in the browser and follow a tour; return the link."""
        mandate = mandate or self.mandate
        link = mandate._create_confirmation(**{"with_code": False, **values})
        with self._draws():
            self.start_tour(self._get_path(link), tour, login=None, timeout=90)
        self.env.invalidate_all()
        return link

    def _assert_confirmed(self, mandate, code, grade):
        self.assertEqual((mandate.state, mandate.evidence_grade), ("active", grade))
        event = mandate.event_ids.filtered("evidence_code")
        self.assertEqual(event.evidence_code, code)
        self.assertTrue(event.data["user_agent"])
        self.assertEqual(event.user_id, self.env.ref("base.public_user"))
        self.assertIsNone(mandate._verify())

    def test_tick(self):
        link = self._confirm("support_debit_confirm_tick")
        self._assert_confirmed(self.mandate, "own_device_tick", "B")
        self.assertTrue(link.opened_date <= link.used_date)

    def test_code(self):
        self._confirm("support_debit_confirm_code", with_code=True)
        self._assert_confirmed(self.mandate, "own_device_code", "B")
        self.assertEqual(self._get_kinds().count("code_refused"), 1)

    def test_signature(self):
        self._confirm("support_debit_confirm_signature")
        self._assert_confirmed(self.mandate, "signature_drawn", "A")

    def test_customer_enters_his_iban(self):
        mandate = self._create_draft(iban="")
        self._confirm("support_debit_confirm_iban", mandate)
        self._assert_confirmed(mandate, "own_device_tick", "B")
        self.assertEqual(mandate._get_iban(), "DE89370400440532013000")

    def test_expired_link(self):
        link = self.mandate._create_confirmation(with_code=False)
        path = self._get_path(link)
        past = fields.Datetime.now() - timedelta(hours=1)
        link.write({"issued_date": past - timedelta(hours=1), "expiry_date": past})
        self.start_tour(path, "support_debit_confirm_expired", login=None, timeout=90)
        self.env.invalidate_all()
        self.assertNotEqual(self.mandate.open_confirmation_id, link)
        self.assertEqual(self.mandate.open_confirmation_id.state, "open")

    def test_used_link(self):
        link = self.mandate._create_confirmation(with_code=False)
        path = self._get_path(link)
        self._accept(link)
        link.used_date = fields.Datetime.now() - timedelta(days=30)
        self.start_tour(path, "support_debit_confirm_used", login=None, timeout=90)
        self.assertEqual(self._get_kinds().count("activated"), 1)


@tagged("-at_install", "post_install")
class TestConfirmationStaffTour(BackendTourMixin, ConfirmationPageCase):
    """Staff in the back office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(
            cls.env,
            "link_agent",
            groups="support_debit.group_support_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _work(self, tour):
        """Open the mandate in the back office and follow a tour."""
        path = f"/odoo/action-support_debit.action_sdd_mandate/{self.mandate.id}"
        with self._draws():
            self.start_tour(path, tour, login="link_agent", timeout=90)
        self.env.invalidate_all()

    def test_sends_a_link(self):
        mails = len(self._get_mails())
        self._work("support_debit_staff_sends_link")
        kinds = self._get_kinds()
        self.assertEqual(kinds.count("link_sent"), 2)
        self.assertEqual(kinds.count("link_revoked"), 1)
        self.assertEqual(self.mandate.state, "pending")
        self.assertEqual(len(self._get_mails()), mails + 2)

    def test_passes_a_link_on_and_sees_the_confirmation(self):
        self._work("support_debit_staff_shows_link")
        self.assertEqual((self.mandate.state, self.mandate.evidence_grade), ("active", "B"))

    def test_reads_a_code_back(self):
        self._work("support_debit_staff_reads_code_back")
        self.assertEqual((self.mandate.state, self.mandate.evidence_grade), ("active", "C"))
        event = self.mandate.event_ids.filtered(lambda e: e.evidence_code == "phone_code")
        self.assertEqual(event.user_id, self.agent)
