"""Bank files by e-mail, and many dropped on the list at once."""

import base64

from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SupportDebitCommon

MAIL = """From: {sender}
To: {to}
Subject: Statement
Message-Id: <{number}@bank.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

See attached. Confidential DE02120300000000202051
{parts}--b--
"""
PART = """--b
Content-Type: {kind}; name="{name}"
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{content}
"""


@tagged("-at_install", "post_install")
class TestBankMail(SupportDebitCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.debits = cls._create_debits(2).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()
        cls.journal.write(
            {
                "sdd_alias_name": "bank-files",
                "sdd_alias_senders": "Files@bank.example\n@trusted.example",
            }
        )

    def _mail(self, files, sender="Bank <files@bank.example>", number=1):
        """Let the mail gateway process a mail with these files."""
        parts = "".join(
            PART.format(name=name, kind=kind, content=base64.b64encode(content.encode()).decode())
            for name, kind, content in files
        )
        mail = MAIL.format(
            sender=sender, to=self.journal.sdd_alias_email, parts=parts, number=number
        )
        messages = self.env["sdd.bank.message"]
        before = messages.search([])
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, mail)
        return messages.search([]) - before

    def test_files_of_a_mail_are_imported(self):
        statement = self._camt([self._entry_batch(self.batch)])
        found = self._mail(
            [
                ("answer.xml", "application/xml", self._pain002(self.batch)),
                ("statement.xml", "text/xml", statement),
            ]
        )
        self.assertEqual(sorted(found.mapped("name")), ["answer.xml", "statement.xml"])
        self.assertEqual(found.mapped("state"), ["done", "done"])
        self.assertEqual(self.debits.mapped("state"), ["settled"] * 2)
        bodies = "".join(found.message_ids.mapped("body"))
        self.assertNotIn("Confidential", bodies)
        self.assertFalse(found.message_ids.attachment_ids)
        self.assertFalse(self._mail([("s.xml", "text/xml", statement)], number=2))

    def test_who_may_send(self):
        statement = self._camt([self._entry_batch(self.batch)])
        files = [("s.xml", "text/xml", statement)]
        self.assertFalse(self._mail(files, "Mallory <files@evil.example>"))
        self.assertTrue(any("certain senders" in mail["body"] for mail in self._mails))
        self.assertEqual(self.debits.mapped("state"), ["submitted"] * 2)
        self.assertTrue(self._mail(files, "any@trusted.example", number=2))

    def test_mail_without_files_comes_back(self):
        self.assertFalse(self._mail([]))
        self.assertTrue(any("no file attached" in mail["body"] for mail in self._mails))

    def test_senders_are_checked(self):
        with self.assertRaises(ValidationError):
            self.journal.sdd_alias_senders = "not an address"

    def test_address_is_renamed_and_removed(self):
        alias = self.journal.sdd_alias_id
        self.journal.sdd_alias_name = "other"
        self.assertEqual(self.journal.sdd_alias_id, alias)
        self.assertEqual(alias.alias_name, "other")
        self.journal.sdd_alias_name = False
        self.assertFalse(alias.exists())

    # === DROPPED === #

    def test_many_files_at_once(self):
        files = {
            "one.xml": self._pain002(self.batch),
            "two.bin": self._camt([self._entry_batch(self.batch)]),
            "three.xml": "nonsense",
        }
        user = new_test_user(
            self.env,
            login="dropper",
            groups="support_debit.group_accountant,account.group_account_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        attachments = (
            self.env["ir.attachment"]
            .with_user(user)
            .create([{"name": name, "raw": content.encode()} for name, content in files.items()])
        )
        messages = self.env["sdd.bank.message"].with_user(user)
        action = messages.create_document_from_attachment(attachments.ids)
        found = messages.search(action["domain"])
        self.assertEqual(sorted(found.mapped("state")), ["done", "done", "failed"])
        self.assertFalse(attachments.sudo().exists())
        other = new_test_user(self.env, login="no_dropper", groups="base.group_user")
        with self.assertRaises(AccessError):
            messages.with_user(other).create_document_from_attachment([])
