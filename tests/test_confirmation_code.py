"""One-time codes: kept as a hash, right once, five tries, not too many; read back on the phone."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged

from .confirmation_common import CODE, WRONG_CODE, ConfirmationCase


@tagged("-at_install", "post_install")
class TestConfirmationCode(ConfirmationCase):
    def setUp(self):
        super().setUp()
        self.link = self.mandate._create_confirmation()

    def test_code_is_drawn_anew_and_kept_as_a_hash(self):
        drawn = {self.links._draw_code() for _number in range(50)}
        self.assertGreater(len(drawn), 40)
        self.assertTrue(all(len(code) == 6 and code.isdigit() for code in drawn))
        self._send_code(self.link)
        first = self.link.code_hash
        self.assertNotIn(CODE, first)
        self.env.invalidate_all()
        self.assertFalse(self.link.code)
        self._send_code(self.link)
        self.assertNotEqual(self.link.code_hash, first, "the same code has another hash each time")

    def test_code_goes_to_the_address_on_file(self):
        self.assertEqual(self._send_code(self.link), "")
        mail = self._get_mails()[-1]
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(CODE, mail.body_html)
        self.assertNotIn(CODE, mail.subject)
        self.assertFalse(mail.model or mail.res_id)
        event = self.mandate.event_ids.sorted("number")[-1]
        self.assertEqual(event.kind, "code_sent")
        self.assertEqual(event.data["code_sent_to"], "j•••g@example.com")

    def test_right_once_only(self):
        self._send_code(self.link)
        self.assertTrue(self.link._check_code(" 123 456 "))
        self.assertFalse(self.link._check_code(CODE), "a replayed code is refused")
        self.assertIn("not valid any more", self.link._explain_code())

    def test_five_tries(self):
        self._send_code(self.link)
        for left in (4, 3, 2, 1):
            self.assertFalse(self.link._check_code(WRONG_CODE))
            self.assertEqual(self.link.code_tries, left)
        self.assertIn("once more", self.link._explain_code())
        self.assertFalse(self.link._check_code(WRONG_CODE))
        self.assertFalse(self.link._check_code(CODE), "the code is dead")
        self.assertIn("ask for a new one", self.link._explain_code())
        self.assertEqual(self._get_kinds().count("code_refused"), 5)
        self._send_code(self.link, "777777")
        self.assertTrue(self.link._check_code("777777"), "a new code works")

    def test_odd_entries(self):
        self._send_code(self.link)
        for text in ("", None, "١٢٣٤٥٦", "12345", "1234567", "abc", "x" * 10000):
            if self.link.code_tries == 1:
                self.link.code_tries = 5
            with self.subTest(str(text)[:10]):
                self.assertFalse(self.link._check_code(text))

    def test_no_code_asked_for(self):
        self.assertFalse(self.link._check_code(CODE))
        self.assertIn("ask for a code first", self.link._explain_code())

    def test_fifteen_minutes_on_the_servers_clock(self):
        with freeze_time("2026-11-22 10:00:00"):
            link = self._create_draft()._create_confirmation()
            self._send_code(link)
        with freeze_time("2026-11-22 10:14:59"):
            self.assertTrue(link._is_code_alive())
        with freeze_time("2026-11-22 10:15:00"):
            self.assertFalse(link._check_code(CODE))
        with freeze_time("2026-11-22 09:57:00"):
            self.assertTrue(link._is_code_alive(), "another worker's clock is a little behind")
        with freeze_time("2026-11-22 09:30:00"):
            self.assertFalse(link._is_code_alive())

    def test_newest_code_only(self):
        self._send_code(self.link, "111111")
        self._send_code(self.link, "222222")
        self.assertFalse(self.link._check_code("111111"))
        self.assertTrue(self.link._check_code("222222"))

    def test_code_of_another_link(self):
        other = self._create_draft()._create_confirmation()
        self._send_code(self.link)
        self.assertFalse(other._check_code(CODE))

    def test_ended_link_sends_no_code(self):
        self.link._revoke()
        count = len(self._get_mails())
        self.assertIn("not valid any more", self._send_code(self.link))
        self.mandate.action_revoke()
        self.assertIn("has ended", self._send_code(self.link))
        self.assertEqual(len(self._get_mails()), count)

    def test_no_address_for_a_code(self):
        self.customer.write({"email": False, "phone": False})
        self.assertIn("no address", self._send_code(self.link))

    # === LIMITS === #

    def test_three_codes_in_ten_minutes_per_link(self):
        with freeze_time("2026-11-22 10:00:00") as clock:
            link = self._create_draft()._create_confirmation()
            for _number in range(3):
                self.assertEqual(self._send_code(link), "")
            count = len(self._get_mails())
            self.assertIn("wait ten minutes", self._send_code(link))
            self.assertEqual(len(self._get_mails()), count)
            clock.tick(timedelta(minutes=10))
            self.assertEqual(self._send_code(link), "")

    def test_six_codes_in_an_hour_per_mandate(self):
        with freeze_time("2026-11-22 10:00:00") as clock:
            mandate = self._create_draft()
            for _number in range(6):
                # A new link each time: the limit of the link does not hinder.
                self.assertEqual(self._send_code(mandate._create_confirmation()), "")
                clock.tick(timedelta(minutes=1))
            self.assertIn("Several codes", self._send_code(mandate._create_confirmation()))

    def test_ten_codes_in_ten_minutes_per_address(self):
        attempts = self.env["sdd.mandate.attempt"]
        for number in range(10):
            self.assertTrue(attempts._take("code", link=f"t{number}", ip="192.0.2.1"))
        self.assertFalse(attempts._take("code", link="t11", ip="192.0.2.1"))
        self.assertTrue(attempts._take("code", link="t11", ip="192.0.2.2"))
        text = str(attempts.sudo().search([]).read(["bucket", "date"]))
        self.assertNotIn("192.0.2", text)

    def test_guessing_is_limited_over_all_codes(self):
        with freeze_time("2026-11-22 10:00:00"):
            mandate = self._create_draft()
            for _number in range(4):
                link = mandate._create_confirmation()
                self._send_code(link)
                for _try in range(5):
                    link._check_code(WRONG_CODE)
            link = mandate._create_confirmation()
            self._send_code(link)
            self.assertFalse(link._check_code(CODE), "20 tries an hour are enough for anybody")

    def test_old_attempts_are_forgotten(self):
        attempts = self.env["sdd.mandate.attempt"]
        with freeze_time("2026-11-01"):
            attempts._take("code", link="old")
        attempts._take("code", link="new")
        attempts._gc_attempts()
        self.assertFalse(attempts.sudo().search([("date", "<", "2026-11-02")]))
        self.assertTrue(attempts.sudo().search([]))

    # === READ BACK ON THE PHONE === #

    def _start_phone(self, **values):
        action = self.mandate.action_ask_code()
        wizard = self.env["sdd.mandate.link"].with_context(**action["context"])
        with self._draws():
            result = wizard.create({"code_channel": "email", **values}).action_send()
        return self.links.browse(result["params"]["confirmation_id"])

    def test_code_read_back_activates_with_grade_c(self):
        link = self._start_phone()
        mail = self._get_mails()[-1]
        self.assertIn(self.mandate.name, mail.body_html)
        self.assertIn(self.mandate.iban_masked, mail.body_html)
        status = link.check_read_back(WRONG_CODE)
        self.assertIn("4 more times", status["message"])
        self.assertEqual(self.mandate.state, "pending")
        status = link.check_read_back(CODE)
        self.assertEqual((status["state"], status["message"]), ("used", ""))
        self.assertEqual(self.mandate.state, "active")
        self.assertEqual(self.mandate.evidence_grade, "C")
        event = self.mandate.event_ids.filtered(lambda e: e.evidence_code == "phone_code")
        self.assertEqual(event.user_id, self.env.user)
        self.assertEqual(event.data["code_sent_to"], "j•••g@example.com")
        self.assertIn(self.mandate.text_shown, mail.body_html.replace("&amp;", "&"))
        self.assertIsNone(self.mandate._verify())

    def test_code_read_back_needs_an_account(self):
        self.mandate = self._create_draft(iban="")
        with self._refused("Enter the IBAN"):
            self._start_phone()

    def test_customers_code_is_not_for_the_agent(self):
        self._send_code(self.link)
        with self._refused("himself"):
            self.link.with_env(self.env).check_read_back(CODE)

    def test_read_back_twice(self):
        link = self._start_phone()
        link.check_read_back(CODE)
        again = link.check_read_back(CODE)
        self.assertIn("confirmed already", again["message"])
        self.assertEqual(self._get_kinds().count("activated"), 1)

    def test_agent_sends_another_code(self):
        link = self._start_phone()
        with self._draws("222222"):
            status = link.action_send_code()
        self.assertTrue(status["code_alive"])
        self.assertFalse(link.check_read_back(CODE)["state"] == "used")
        self.assertEqual(link.check_read_back("222222")["state"], "used")

    def test_change_of_account_uses_the_same_codes(self):
        link = self.mandate._create_confirmation(purpose="account")
        self.assertEqual(self._send_code(link), "")
        self.assertIn("change the account", self._get_mails()[-1].body_html)
        self.assertTrue(link._check_code(CODE))
        evidence = link._get_code_evidence()
        self.assertEqual(evidence["code_sent_by"], "email")
        self.assertLessEqual(
            fields.Datetime.from_string(evidence["code_sent_utc"]), fields.Datetime.now()
        )
