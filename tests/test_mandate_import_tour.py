"""The import, scans and the export of mandates in the browser, as staff."""

import base64
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..models.mandate import sdd_mandate_import_run as run
from ..sepa import mandate_write
from .backend_tour import BackendTourMixin
from .test_mandate_import import MandateImportCase

IBAN = "DE89370400440532013000"


@tagged("-at_install", "post_install")
class TestMandateImportTour(BackendTourMixin, MandateImportCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.lang = "en_US"

    def test_import_a_file_with_mistakes(self):
        self.env.cr.execute("DELETE FROM sdd_mandate_import_line; DELETE FROM sdd_mandate_import")
        self.env.invalidate_all()
        url = "/odoo/action-support_debit.action_sdd_mandate_import"
        self.start_tour(url, "support_debit_import_mandates", login="importer", timeout=120)
        mandate = self.env["sdd.mandate"].search([("name", "in", ("TOUR-1", "TOUR-2"))])
        self.assertEqual((mandate.name, mandate.state), ("TOUR-1", "active"))
        record = self.env["sdd.mandate.import"].search([], limit=1)
        self.assertEqual((record.name, record.state, record.done_count), ("old.csv", "done", 1))

    def test_progress(self):
        self.startPatcher(patch.object(run, "AT_ONCE", 1))
        self.startPatcher(patch.object(run, "CHUNK", 2))
        record = self._upload([self._row(n) for n in range(4)])
        record.action_import()
        jobs = self.env.registry["ir.cron"]
        with patch.object(jobs, "_commit_progress", lambda *_args, **_kwargs: 0):
            self.env["sdd.mandate.import"]._cron_import()
        self.assertEqual(record.progress, 50)
        url = f"/odoo/action-support_debit.action_sdd_mandate_import/{record.id}"
        self.start_tour(url, "support_debit_import_progress", login="importer", timeout=120)

    def test_scans_and_export(self):
        mandate = self._import([self._row(1, reference="TOUR-1", iban=IBAN)])
        url = "/odoo/action-support_debit.action_sdd_mandate"
        self.start_tour(url, "support_debit_import_scans", login="importer", timeout=120)
        self.assertEqual(mandate.evidence_grade, "A")
        self.start_tour(url, "support_debit_export_mandates", login="importer", timeout=120)

    def test_downloads(self):
        self.authenticate("importer", "importer")
        for file_type in ("csv", "xlsx"):
            answer = self.url_open(f"/support_debit/mandates/template.{file_type}")
            self.assertEqual(answer.status_code, 200)
            self.assertIn(f"mandates-template.{file_type}", answer.headers["Content-Disposition"])
        self.assertEqual(self.url_open("/support_debit/mandates/template.exe").status_code, 404)
        mandate = self._import([self._row(1, iban=IBAN)])
        values = {"mandate_ids": [(6, 0, mandate.ids)], "scope": "chosen", "file_type": "csv"}
        wizard = self.env["sdd.mandate.export"].with_user(self.accountant).create(values)
        answer = self.url_open(f"/support_debit/mandates/export/{wizard.id}")
        self.assertIn("DE•• •••• •••• •••• •• 3000", answer.content.decode())
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        foreign = self.env["sdd.mandate.export"].create(values)
        for wizard_id in (foreign.id, 999_999_999):
            answer = self.url_open(f"/support_debit/mandates/export/{wizard_id}")
            self.assertEqual(answer.status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(f"/support_debit/mandates/export/{wizard.id}")
        self.assertNotIn("DE••", answer.content.decode())

    def test_upload_through_the_form_is_not_sent_back(self):
        content = base64.b64encode(mandate_write.write_csv([self._row(1)])).decode()
        self.authenticate("importer", "importer")
        record = self.make_jsonrpc_request(
            "/web/dataset/call_kw/sdd.mandate.import/web_save",
            {
                "model": "sdd.mandate.import",
                "method": "web_save",
                "args": [[], {"name": "old.csv", "upload": content}],
                "kwargs": {"specification": {"upload": {}, "name": {}, "state": {}}},
            },
        )[0]
        self.assertEqual((record["name"], record["upload"]), ("old.csv", False))
