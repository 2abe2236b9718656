"""Confirmation links: how they are made, how long they live, who may do what with them."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DEBTOR_IBANS
from .confirmation_common import ConfirmationCase


@tagged("-at_install", "post_install")
class TestConfirmationLink(ConfirmationCase):
    # === MAKING === #

    def test_link_holds_256_random_bits_and_is_stored_as_a_hash(self):
        tokens = set()
        for _number in range(5):
            link = self.mandate._create_confirmation()
            token = link.url.rpartition("/")[2]
            self.assertEqual(len(token), 64)
            tokens.add(token)
            link.flush_recordset()
            self.env.cr.execute(
                "SELECT to_jsonb(c)::text FROM sdd_mandate_confirmation c WHERE id = %s", [link.id]
            )
            self.assertNotIn(token[:20], self.env.cr.fetchone()[0])
        self.assertEqual(len(tokens), 5)

    def test_url_is_known_in_memory_only(self):
        link = self.mandate._create_confirmation()
        self.assertIn("/sdd/confirm/", link.url)
        self.env.invalidate_all()
        self.assertFalse(link.url)
        self.assertFalse(self.links.sudo().browse(link.id).url)

    def test_found_by_its_token_only(self):
        link = self.mandate._create_confirmation()
        token = link.url.rpartition("/")[2]
        self.assertEqual(self.links._find(token), link)
        self.assertEqual(self.links._find(token + "."), link, "a full stop taken along")
        flipped = ("A" if token[0] != "A" else "B") + token[1:]
        for wrong in ("", "x", token[:-1], flipped, token[::-1], "é" * 64, "A" * 5000, "../page/1"):
            with self.subTest(wrong[:20]):
                self.assertFalse(self.links._find(wrong))

    def test_garbage_never_reaches_the_table(self):
        self.mandate._create_confirmation()
        self.links._find("A" * 64)  # Warm: the secret of the database is kept in memory.
        with self.assertQueryCount(0):
            self.assertFalse(self.links._find("B" * 64))

    def test_draft_becomes_pending(self):
        self.assertEqual(self.mandate.state, "draft")
        self.mandate._create_confirmation()
        self.assertEqual(self.mandate.state, "pending")
        self.assertIn("pending", self._get_kinds())

    def test_account_code_leaves_the_state_alone(self):
        self.mandate._create_confirmation(purpose="account")
        self.assertEqual(self.mandate.state, "draft")

    def test_new_link_ends_the_older_ones(self):
        first = self.mandate._create_confirmation()
        other_purpose = self.mandate._create_confirmation(purpose="account")
        second = self.mandate._create_confirmation()
        self.assertEqual((first.state, second.state), ("revoked", "open"))
        self.assertEqual(other_purpose.state, "open")
        self.assertIn("link_revoked", self._get_kinds())
        self.assertEqual(self.mandate.open_confirmation_id, second)

    # === TIME === #

    def test_expires_after_the_companys_hours(self):
        self.company.sdd_link_hours = 2
        with freeze_time("2026-11-22 10:00:00"):
            link = self.mandate._create_confirmation()
            short = self._create_draft()._create_confirmation(minutes=20)
        for moment, expected in (
            ("2026-11-22 10:19:59", ("open", "open")),
            ("2026-11-22 10:20:00", ("open", "expired")),
            ("2026-11-22 11:59:59", ("open", "expired")),
            ("2026-11-22 12:00:00", ("expired", "expired")),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual((link.state, short.state), expected)
                found = self.links.search(
                    [("id", "in", (link + short).ids), ("state", "=", "open")]
                )
                self.assertEqual(len(found), expected.count("open"))

    def test_clock_of_another_worker(self):
        now = fields.Datetime.now()
        link = self.mandate._create_confirmation()
        link.write({"issued_date": now + timedelta(minutes=3)})
        self.assertEqual(link.state, "open", "a few minutes ahead are tolerated")
        link.write({"issued_date": now + timedelta(minutes=30)})
        self.assertEqual(link.state, "expired", "a link from the future is none")

    def test_hours_have_limits(self):
        for hours in (0, -1, 1000):
            with self.subTest(hours), self.assertRaisesRegex(ValidationError, "1 to 744 hours"):
                self.company.sdd_link_hours = hours

    def test_old_links_are_deleted_and_the_history_stays(self):
        with freeze_time("2026-01-01"):
            old = self.mandate._create_confirmation()
        new = self._create_draft()._create_confirmation()
        self.links._cron_clean()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())
        self.assertIn("created", self._get_kinds())
        self.assertIsNone(self.mandate._verify())

    # === SENDING === #

    def test_mail_brings_the_link_and_hangs_on_no_record(self):
        link = self.mandate._send_confirmation()
        mail = self._get_mails()[-1]
        self.assertIn(link.url, mail.body_html)
        self.assertFalse(mail.model or mail.res_id)
        self.assertTrue(mail.auto_delete)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertNotIn(link.url.rpartition("/")[2], mail.subject)
        self.assertNotIn(link.url, "".join(self.mandate.message_ids.mapped("body")))
        self.assertEqual(link.sent_to, "j•••g@example.com")

    def test_no_secret_and_no_account_number_in_the_history(self):
        link = self.mandate._send_confirmation(with_code=True)
        self._send_code(link)
        text = str(self.mandate.event_ids.mapped("data"))
        for secret in (link.url.rpartition("/")[2], "123456", self.mandate._get_iban()):
            self.assertNotIn(secret, text)
        self.assertNotIn("joerg.muessig@", text)

    def test_mail_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        link = self.mandate._send_confirmation()
        self.assertEqual(link.lang, "de_DE")
        self.mandate.sudo().lang = "en_US"
        self.assertEqual(self.mandate._send_confirmation().lang, "en_US", "as he gave it")

    def test_customer_without_an_address(self):
        self.customer.write({"email": False, "phone": False})
        with self._refused("has no e-mail address or telephone number"):
            self.mandate._send_confirmation()

    def test_text_message(self):
        self.customer.phone = "+49 30 1234567"
        link = self.mandate._create_confirmation(channel="sms")
        link._send_link()
        message = self.env["sms.sms"].sudo().search([], order="id desc", limit=1)
        self.assertEqual(message.number, "+49301234567")
        self.assertIn(link.url, message.body)
        self.assertEqual(link.sent_to, "+49 ••• 567")
        self.assertEqual(self._get_kinds()[-1], "link_sent")

    def test_links_end_with_their_mandate(self):
        link = self.mandate._create_confirmation()
        self.mandate.action_revoke()
        self.assertEqual(link.state, "revoked")
        self.assertFalse(self.mandate.open_confirmation_id)
        self.assertEqual(link._get_page_state(), "ended")
        self.assertIsNone(self.mandate._verify())

    def test_ended_mandate_gets_no_link(self):
        self.mandate.action_revoke()
        with self._refused("has ended"):
            self.mandate._create_confirmation()
        with self._refused("has ended"):
            self.mandate.action_ask_confirmation()

    def test_nobody_agrees_to_an_empty_text(self):
        self.env["sdd.mandate.text"].search([]).write({"valid_from": "2999-01-01"})
        with self._refused("no wording for mandates"):
            self.mandate._create_confirmation()

    def test_dormant_template_names_the_old_mandate(self):
        old = self._create_mandate()
        new = old._create_replacement()
        link = new._send_confirmation("support_debit.mail_template_mandate_dormant")
        mail = self._get_mails()[-1]
        self.assertIn(old.name, mail.body_html)
        self.assertIn(link.url, mail.body_html)

    def test_mandates_that_lapse_are_asked_for_by_mail(self):
        self.company.sdd_lapse_mail = True
        with freeze_time("2026-11-22"):
            good = self._create_mandate(signature_date="2024-01-10")
            nobody = self._create_customer("Without Address", email="no address")
            bad = self._create_mandate(nobody, DEBTOR_IBANS[1], signature_date="2024-01-10")
            self.env["sdd.mandate"]._cron_expire()
            link = good.replaced_by_ids.confirmation_ids
            self.assertEqual((len(link), link.state), (1, "open"))
        self.assertEqual(good.replaced_by_ids.state, "pending")
        self.assertFalse(bad.replaced_by_ids, "one odd address does not stop the others")
