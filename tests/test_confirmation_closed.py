"""Pages that say why there is nothing to confirm, and the way to a new link."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .confirmation_common import ConfirmationPageCase


@tagged("-at_install", "post_install")
class TestConfirmationClosed(ConfirmationPageCase):
    """Links that are over, and strangers."""

    def _expire(self, link):
        past = fields.Datetime.now() - timedelta(hours=1)
        link.write({"issued_date": past - timedelta(hours=1), "expiry_date": past})

    def test_expired_link_can_be_renewed(self):
        link = self._get_link()
        self._expire(link)
        page = self._open(link)
        self.assertIn("This link has expired", page.text)
        answer = self._post(f"/sdd/confirm/renew/{link.id}", page)
        self.assertIn("look into your messages", answer.text)
        self.env.invalidate_all()
        new = self.mandate.open_confirmation_id
        self.assertTrue(new and new != link)
        self.assertEqual(self._get_mails()[-1].recipient_ids, self.customer)
        self.assertNotIn("/sdd/confirm/" + "A", answer.text)

    def test_withdrawn_used_and_ended(self):
        withdrawn = self._get_link()
        self._get_path(withdrawn)
        withdrawn._revoke()
        self.assertIn("no longer used", self._open(withdrawn).text)
        used = self._get_link()
        self._accept(used)
        used.used_date = fields.Datetime.now() - timedelta(days=20)
        page = self._open(used).text
        self.assertIn("confirmed already", page)
        self.assertNotIn("/sdd/confirm/pdf", page)
        self.mandate.action_revoke()
        page = self._open(used).text
        self.assertIn("This mandate has ended", page)
        self.assertNotIn("Send me a new link", page)

    def test_answer_is_the_same_whether_or_not_there_is_a_mandate(self):
        link = self._get_link()
        self._expire(link)
        page = self.url_open("/sdd/confirm/nonsense")
        mails = len(self._get_mails())
        answers = set()
        for who in ("NO-SUCH", "nobody@example.com", self.mandate.name, "", "%", "'; --"):
            answer = self._post("/sdd/confirm/renew/0", page, who=who)
            answers.add(answer.text.split("o_sdd_confirm_sent")[1])
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self._get_mails()), mails + 1)

    def test_new_links_are_limited(self):
        link = self._get_link()
        self._expire(link)
        page = self._open(link)
        mails = len(self._get_mails())
        for _number in range(5):
            answer = self._post("/sdd/confirm/renew/0", page, who=self.mandate.name)
            self.assertIn("look into your messages", answer.text)
        self.assertEqual(len(self._get_mails()), mails + 3)

    def test_mandate_that_nobody_sent_a_link_for(self):
        page = self.url_open("/sdd/confirm/nonsense")
        mails = len(self._get_mails())
        self._post("/sdd/confirm/renew/0", page, who=self.mandate.name)
        self._post("/sdd/confirm/renew/0", page, who=self.customer.email)
        self.assertEqual(len(self._get_mails()), mails)
