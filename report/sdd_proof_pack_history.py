"""The proof pack's history: events, the chain of hashes, changes, and the files behind them."""

import base64
import hashlib
import io

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.image import image_data_uri
from PIL import Image, UnidentifiedImageError

from ..sepa import iban as sepa_iban
from . import proof_pack_pdf

#: Rows of one table; wkhtmltopdf repeats no heading on the next page, and slows down on long ones.
CHUNK = 8
#: Characters of an e-mail that are printed.
MAX_MAIL = 6000
#: Pages of a scan in one picture file.
MAX_FRAMES = 4


class ReportSddProofPack(models.AbstractModel):
    _inherit = "report.support_debit.report_sdd_proof_pack"

    # === HISTORY === #

    @api.model
    def _get_history(self, mandate, events, finding):
        """Return the events as a bank reads them, and the chain as a machine checks it.

        :param events: the mandate's events in their order (sudo).
        :param finding: what `_verify` has found.
        :return: `events` and `chain`, lists of rows in chunks; `broken` counts wrong hashes.
        :rtype: dict
        """
        broken = finding and finding[0]
        rows = [self._get_event_row(event, event == broken) for event in events]
        chain = [self._get_chain_row(event) for event in events]
        return {
            "events": self._chunk(rows),
            "event_count": len(events),
            "chain": self._chunk(chain),
            "broken_hashes": sum(not row["fits"] for row in chain),
        }

    @api.model
    def _get_event_row(self, event, broken):
        """Return one event in words."""
        kinds = dict(event._fields["kind"]._description_selection(self.env))
        return {
            "number": event.number,
            "date": f"{event.date:%Y-%m-%d %H:%M:%S}",
            "kind": kinds.get(event.kind, event.kind),
            "evidence": self._get_evidence_name(event),
            "user": event.user_id.name or "",
            "details": event._get_words(),
            "hash": event.hash,
            "broken": broken,
        }

    @api.model
    def _get_evidence_name(self, event):
        """Return an event's kind of evidence without its grade, which is our own affair."""
        name = event.evidence_name or ""
        return name.partition(" · ")[2] or name

    @api.model
    def _get_chain_row(self, event):
        """Return the text that an event's hash is made of, and whether the hash fits."""
        text = event._get_hashed_text()
        return {
            "number": event.number,
            "text": text,
            "hash": event.hash,
            "fits": hashlib.sha256(text.encode()).hexdigest() == event.hash,
        }

    @staticmethod
    def _chunk(rows, size=CHUNK):
        """Return a list in pieces, each a table of its own with a heading."""
        return [rows[start : start + size] for start in range(0, len(rows), size)]

    # === AMENDMENTS === #

    @api.model
    def _get_amendments(self, mandate, events):
        """Return what was changed since the mandate was given, in chunks.

        :param mandate: `sdd.mandate` record, as the user who prints: account numbers in full are
            for some only.
        :param events: the mandate's events in their order (sudo).
        """
        rows = []
        for event in events.filtered(lambda e: e.kind == "amended"):
            data = event.data or {}
            changes = [
                self._get_account_change(mandate, data),
                self._get_change(data, "reference", self.env._("Mandate reference")),
                self._get_change(data, "identifier", self.env._("Creditor identifier")),
                self._get_change(data, "creditor", self.env._("Creditor")),
            ]
            rows.append(
                {
                    "number": event.number,
                    "date": format_date(self.env, event.date.date()),
                    "changes": [change for change in changes if change],
                    "evidence": self._get_evidence_name(event) or "–",
                }
            )
        return self._chunk(rows)

    @api.model
    def _get_change(self, data, key, label):
        """Return a change as (what, before, after), None when there is none."""
        new = data.get(f"new_{key}")
        return (label, data.get(f"old_{key}") or "–", new) if new else None

    @api.model
    def _get_account_change(self, mandate, data):
        """Return a change of account, with the numbers that the reader may see."""
        if not data.get("new_iban"):
            return None
        numbers = []
        for prefix in ("old", "new"):
            account = self.env["res.partner.bank"].browse(data.get(f"{prefix}_account_id") or [])
            shown = data.get(f"{prefix}_iban") or "–"
            if not self.env.su and account.sudo().exists() and account._sdd_may_see_numbers():
                self.env["sdd.iban.access"]._note(account, "file", mandate)
                # In sudo mode: the right was checked.
                shown = sepa_iban.group(account.sudo().sanitized_acc_number)
            numbers.append(shown)
        return (self.env._("Account"), *numbers)

    # === FILES === #

    @api.model
    def _get_files(self, mandate):
        """Return the files that events were logged with: scans, signatures, e-mails.

        :param mandate: `sdd.mandate` record.
        :return: dicts with number (of the event), name, digest, `state` (whether the file is still
            the one of the event), pictures (addresses), text, pages (of a PDF to append), content.
        :rtype: list[dict]
        """
        files = []
        for event in mandate.sudo().event_ids.sorted("number"):
            data = event.data or {}
            if not data.get("attachment_id"):
                continue
            attachment = self.env["report.support_debit.report_sdd_mandate"]._get_file(event)
            content = attachment.raw or b""
            digest = hashlib.sha256(content).hexdigest() if content else ""
            if not content:
                state = "missing"
            else:
                state = "changed" if digest != data.get("sha256", digest) else "same"
            files.append(
                {
                    "number": event.number,
                    "name": data.get("file") or attachment.name,
                    "evidence": self._get_evidence_name(event),
                    "digest": data.get("sha256") or digest,
                    "state": state,
                    "content": content,
                    **self._read_file(attachment.mimetype or "", content),
                }
            )
        return files

    @api.model
    def _read_file(self, mimetype, content):
        """Return how a file is printed: as pictures, as text, or by appending its pages."""
        seen = {"pictures": [], "text": "", "pages": 0}
        if mimetype.startswith("image/"):
            seen["pictures"] = self._get_pictures(mimetype, content)
        elif mimetype == "application/pdf":
            seen["pages"] = proof_pack_pdf.count_pages(content)
        elif content:
            seen["text"] = content.decode("utf-8", "replace")[:MAX_MAIL]
        return seen

    @api.model
    def _get_pictures(self, mimetype, content):
        """Return pictures as addresses that a page can show; a scan may have several pages."""
        if mimetype in ("image/png", "image/jpeg"):
            return [image_data_uri(base64.b64encode(content))]
        pictures = []
        try:
            image = Image.open(io.BytesIO(content))
            for frame in range(min(getattr(image, "n_frames", 1), MAX_FRAMES)):
                image.seek(frame)
                buffer = io.BytesIO()
                image.convert("L").save(buffer, "PNG")
                pictures.append(image_data_uri(base64.b64encode(buffer.getvalue())))
        except (UnidentifiedImageError, OSError, EOFError):
            return pictures
        return pictures
