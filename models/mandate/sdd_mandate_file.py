"""Files that prove a mandate: the scan of a signed form, a customer's e-mail."""

import hashlib

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

#: What a signed form or a letter comes as; anything else cannot be printed into a dispute.
FILE_TYPES = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
}
#: An e-mail kept as a file has no signature of its own to recognise it by.
MAIL_EXTENSIONS = (".eml", ".msg", ".txt")
#: Larger than any scan of two pages at 600 dpi.
MAX_FILE_SIZE = 15 * 1024 * 1024


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _store_evidence_file(self, name, content):
        """Keep a file with this mandate and return what its event says about it.

        Note: self.ensure_one()

        :param str name: the file's name.
        :param bytes content: the file.
        :return: `file`, `size` in bytes, `sha256` and `attachment_id`, for the event's data.
        :rtype: dict
        :raise UserError: for an empty, too large or unreadable file.
        :raise AccessError: when the user may not write the mandate.
        """
        self.ensure_one()
        self.check_access("write")
        mimetype = self._check_evidence_file(name, content)
        # In sudo mode: the right to the mandate was checked, its files follow that.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        return {
            "file": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "attachment_id": attachment.id,
        }

    def _check_evidence_file(self, name, content):
        """Return the type of a file that may be kept as evidence.

        :rtype: str
        :raise UserError: says what is wrong with the file.
        """
        if not content:
            raise UserError(self.env._("The file “%s” is empty.", name))
        if len(content) > MAX_FILE_SIZE:
            raise UserError(
                self.env._(
                    "“%(file)s” is larger than %(size)s MB. Scan it with fewer dots per inch.",
                    file=name,
                    size=MAX_FILE_SIZE // 1024 // 1024,
                )
            )
        mimetype = guess_mimetype(content[:8192])
        if mimetype in FILE_TYPES:
            return mimetype
        if name.lower().endswith(MAIL_EXTENSIONS):
            # Never shown in the browser as anything but text.
            return "text/plain"
        raise UserError(
            self.env._(
                "“%(file)s” is none of these: %(types)s, or an e-mail saved as a file (EML, MSG, TXT).",
                file=name,
                types=", ".join(FILE_TYPES.values()),
            )
        )
