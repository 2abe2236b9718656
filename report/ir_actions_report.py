import hashlib
import io

from odoo import models

from . import proof_pack_pdf

PROOF_PACK = "support_debit.report_sdd_proof_pack"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override to put signed forms behind the proof packs, and numbers on their pages."""
        if self._get_report(report_ref).report_name != PROOF_PACK or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = {}
        for mandate in self.env["sdd.mandate"].browse(dict.fromkeys(res_ids)):
            # One by one: several at once would have to be taken apart again.
            stream = super()._render_qweb_pdf_prepare_streams(report_ref, data, [mandate.id])
            content = self._sdd_finish_proof_pack(mandate, stream[mandate.id]["stream"].getvalue())
            streams[mandate.id] = {"stream": io.BytesIO(content), "attachment": None}
        return streams

    def _sdd_finish_proof_pack(self, mandate, content):
        """Return a proof pack with its enclosures, and note in the mandate that it was printed.

        The file itself is not kept: it may hold the account number in full, and can be printed
        again at any time. Its digest says later which one the bank got.

        :param mandate: `sdd.mandate` record.
        :param bytes content: the PDF of the pages that we print ourselves.
        :rtype: bytes
        """
        pack = self.env["report.support_debit.report_sdd_proof_pack"]
        scans = [file["content"] for file in pack._get_files(mandate) if file["pages"]]
        content = proof_pack_pdf.number(
            proof_pack_pdf.append(content, scans),
            lambda page, pages: self.env._(
                "Mandate %(mandate)s · page %(page)s of %(pages)s",
                mandate=mandate.name,
                page=page,
                pages=pages,
            ),
        )
        # In sudo mode: who may read the mandate may print it, and that is noted for everybody.
        mandate.sudo()._message_log(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "Proof pack printed by %(user)s. SHA-256 of the file: %(digest)s",
                user=self.env.user.name,
                digest=hashlib.sha256(content).hexdigest(),
            ),
        )
        return content
