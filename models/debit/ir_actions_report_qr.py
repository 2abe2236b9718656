"""The code for banking apps on machines that cannot draw bar codes."""

import io

import qrcode
from odoo import api, models
from reportlab.graphics.utils import RenderPMError


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        """Override of `base`: QR codes are drawn without the graphics library, too.

        Where it is missing, the page with our bank details would end in an error.
        """
        try:
            return super().barcode(barcode_type, value, **kwargs)
        except RenderPMError:
            if barcode_type != "QR":
                raise
            return self._sdd_draw_qr(value, kwargs.get("barLevel"), kwargs.get("width"))

    @api.model
    def _sdd_draw_qr(self, value, level=None, width=None):
        """Return a QR code.

        :param str value: what it says.
        :param str level: how much damage it bears, `L`, `M` (also the default), `Q` or `H`.
        :param int width: pixels, about.
        :return: a PNG file.
        :rtype: bytes
        """
        levels = {name: getattr(qrcode.constants, f"ERROR_CORRECT_{name}") for name in "LMQH"}
        code = qrcode.QRCode(error_correction=levels.get(level, levels["M"]), border=4)
        code.add_data(value)
        code.make(fit=True)
        code.box_size = max(2, min(20, int(width or 200) // (code.modules_count + 8)))
        with io.BytesIO() as buffer:
            code.make_image().save(buffer, "PNG")
            return buffer.getvalue()
