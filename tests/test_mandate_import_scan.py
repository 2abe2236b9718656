"""Scans of signed mandates: matched by file name, checked by content, kept as evidence."""

import base64
import io
import zipfile
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..wizards import sdd_mandate_scan as scan
from .common import SupportDebitCommon

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def pack(**files):
    """Return a ZIP file; two underscores in a name stand for a slash."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/"), content)
    return output.getvalue()


@tagged("-at_install", "post_install")
class TestMandateImportScan(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="scanner",
            groups="support_debit.group_support_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.mandate = cls._create_mandate(name="M-2024-17")
        cls.other = cls._create_mandate(cls._create_customer("B"), name="M-2024-170/A")

    def _check(self, **files):
        """Return the dialog after these files were uploaded and checked."""
        wizards = self.env["sdd.mandate.scan"].with_user(self.user)
        attachments = wizards.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": "sdd.mandate.scan", "res_id": 0}
                for name, content in files.items()
            ]
        )
        wizard = wizards.create(
            {"company_id": self.company.id, "attachment_ids": [Command.set(attachments.ids)]}
        )
        wizard.action_check()
        return wizard

    def _lines(self, wizard):
        return {line.name: (line.mandate_id.name, line.message) for line in wizard.line_ids}

    def test_names_say_the_reference(self):
        files = {
            "M-2024-17.pdf": PDF + b"1",
            "Mandat M_2024_170_A Müller (2).pdf": PDF + b"2",
            "scan of m-2024-17 back.PNG": PNG,
        }
        lines = self._lines(self._check(**files))
        self.assertEqual(
            [name for name, _text in lines.values()], ["M-2024-17", "M-2024-170/A", "M-2024-17"]
        )

    def test_attached_as_evidence(self):
        self.assertEqual(self.mandate.evidence_grade, "D")
        wizard = self._check(
            **{"scans.zip": pack(**{"2024__M-2024-17.pdf": PDF, "x__Nobody.pdf": PDF + b"x"})}
        )
        self.assertEqual((wizard.good_count, wizard.bad_count), (1, 1))
        self.assertEqual(self.mandate.evidence_grade, "D", "nothing is attached by the check")
        wizard.action_attach()
        self.assertEqual((wizard.state, self.mandate.evidence_grade), ("done", "A"))
        event = self.mandate.event_ids.filtered(lambda e: e.evidence_code == "signature_scan")
        attachment = self.env["ir.attachment"].browse(event.data["attachment_id"])
        self.assertEqual((attachment.raw, attachment.name), (PDF, "M-2024-17.pdf"))
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("sdd.mandate", self.mandate.id)
        )
        self.assertFalse(wizard.attachment_ids)
        self.assertIsNone(self.mandate._verify())
        again = self._check(**{"M-2024-17.pdf": PDF})
        self.assertIn("attached to M-2024-17 already", self._lines(again)["M-2024-17.pdf"][1])
        with self._refused("None of the files fits"):
            again.action_attach()

    def test_what_fits_nothing_or_twice(self):
        self._create_mandate(self._create_customer("C"), name="M-2024/17")
        wizard = self._check(
            **{
                "M-2024-17.pdf": PDF,
                "M-2024-170_A.pdf": PDF + b"1",
                "M-2024-170A copy.pdf": PDF + b"1",
                "holiday.png": PNG,
            }
        )
        texts = {name: text for name, (_mandate, text) in self._lines(wizard).items()}
        self.assertIn("fits several mandates", texts["M-2024-17.pdf"])
        self.assertIn("The same scan is there twice", texts["M-2024-170A copy.pdf"])
        self.assertIn("No mandate has this reference", texts["holiday.png"])
        self.assertEqual(wizard.good_count, 1)

    def test_content_decides_about_the_type(self):
        wizard = self._check(
            **{
                "M-2024-17.pdf": b"MZ\x90 program",
                "M-2024-170A.pdf": b"<svg onload='x()'/>",
                "e.pdf": b"",
            }
        )
        for _mandate, text in self._lines(wizard).values():
            self.assertRegex(text, "neither PDF nor JPG nor PNG|is empty")
        self.assertFalse(wizard.good_count)

    def test_bombs_and_paths(self):
        bomb = pack(**{"M-2024-17.pdf": PDF + b"\0" * 5_000_000})
        found = list(scan.unpack("bomb.zip", bomb))
        self.assertEqual(
            [(file.name, file.problem) for file in found], [("M-2024-17.pdf", "broken")]
        )
        evil = io.BytesIO()
        with zipfile.ZipFile(evil, "w") as package:
            package.writestr("../../etc/M-2024-17.pdf", PDF)
            package.writestr("C:\\windows\\x.pdf", PDF)
            package.writestr("__MACOSX/._M.pdf", PDF)
        names = [file.name for file in scan.unpack("evil.zip", evil.getvalue())]
        self.assertEqual(names, ["M-2024-17.pdf", "x.pdf"])
        self.assertEqual(
            [f.problem for f in scan.unpack("x.zip", b"PK\x03\x04 no zip")], ["broken"]
        )
        nested = list(scan.unpack("n.zip", pack(**{"inner.zip": pack(a=PDF)})))
        self.assertEqual(nested[0].problem, "type")
        self.startPatcher(self._patch_limit("MAX_FILES", 1))
        many = list(scan.unpack("m.zip", pack(a=PDF, b=PDF)))
        self.assertEqual([file.problem for file in many], ["too_many"])

    def _patch_limit(self, name, value):
        return patch.object(scan, name, value)

    def test_ended_mandates_and_waiting_ones(self):
        self.mandate.action_revoke()
        waiting = self.other.copy({"name": "W-1", "bank_account_id": self.other.bank_account_id.id})
        self.assertEqual(waiting.state, "draft")
        wizard = self._check(**{"M-2024-17.pdf": PDF, "W-1.pdf": PDF + b"w"})
        self.assertIn("has ended", self._lines(wizard)["M-2024-17.pdf"][1])
        wizard.action_attach()
        self.assertEqual((waiting.state, waiting.evidence_grade), ("active", "A"))

    def test_other_peoples_files_stay(self):
        foreign = self.env["ir.attachment"].create(
            {
                "name": "M-2024-17.pdf",
                "raw": PDF,
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        wizards = self.env["sdd.mandate.scan"].with_user(self.user)
        wizard = wizards.create(
            {"company_id": self.company.id, "attachment_ids": [Command.set(foreign.ids)]}
        )
        wizard.action_check()
        wizard.action_attach()
        self.assertTrue(foreign.exists())
        portal = new_test_user(self.env, login="portal_scan", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["sdd.mandate.scan"].with_user(portal).create({})
