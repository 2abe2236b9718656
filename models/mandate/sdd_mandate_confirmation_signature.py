"""The picture of a signature that a customer drew on the confirmation page."""

import base64
import binascii
import io

from odoo import models
from PIL import Image

#: The picture of a signature: larger ones are no signatures.
MAX_SIGNATURE_BYTES = 500_000
MAX_SIGNATURE_PIXELS = 4_000_000
#: How much of the pad must be drawn on: a slip of the finger is no signature.
MIN_SIGNATURE_SPAN = 20
SIGNATURE_PREFIX = "data:image/png;base64,"


class SddMandateConfirmation(models.Model):
    _inherit = "sdd.mandate.confirmation"

    def _read_signature(self, text):
        """Return the drawn signature as PNG, and what is wrong with it.

        Note: self.ensure_one() (sudo)

        :param str text: data URL of the picture, empty when nothing was drawn.
        :return: (bytes or None, errors)
        :rtype: tuple
        """
        if not text or not self.allow_signature:
            return None, []
        wrong = self._refuse(
            "signature",
            "signature",
            self.env._("The signature could not be read. Please clear it and sign once more."),
        )
        if not str(text).startswith(SIGNATURE_PREFIX) or len(text) > MAX_SIGNATURE_BYTES * 4 // 3:
            return None, wrong
        try:
            content = base64.b64decode(text[len(SIGNATURE_PREFIX) :], validate=True)
            return (content, []) if self._is_drawn(content) else (None, wrong)
        except (binascii.Error, ValueError, OSError, SyntaxError):
            return None, wrong

    @staticmethod
    def _is_drawn(content):
        """Return whether a PNG shows more than an empty pad or a dot.

        :param bytes content: the file.
        :raise OSError, ValueError, SyntaxError: when it is no readable PNG.
        """
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if picture.width * picture.height > MAX_SIGNATURE_PIXELS:
                return False
            box = picture.convert("RGBA").getchannel("A").getbbox()
        return bool(box) and max(box[2] - box[0], box[3] - box[1]) >= MIN_SIGNATURE_SPAN
