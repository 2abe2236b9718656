import requests
from odoo import api, models
from odoo.exceptions import UserError

#: Seconds that our own web server may need to answer before a document is not printed.
TIMEOUT = 5


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        """Override of `base`: a document for a customer is not printed without its style sheets.

        wkhtmltopdf loads them from our own web server. If it cannot, it only warns and prints a
        page that nobody should get, which accounting would then keep as the invoice.
        """
        if self.env.context.get("sdd_needs_styles"):
            self._sdd_check_web_server()
        return super()._run_wkhtmltopdf(bodies, *args, **kwargs)

    @api.model
    def _sdd_check_web_server(self):
        """Check that style sheets can be loaded.

        :raise UserError: says which system parameter to look at.
        """
        url = self._get_report_url()
        try:
            requests.get(f"{url}/web/health", timeout=TIMEOUT).raise_for_status()
        except requests.RequestException as error:
            raise UserError(
                self.env._(
                    "Documents cannot be printed: %(url)s does not answer. Set the system parameter"
                    " “report.url” to an address under which this server reaches itself.",
                    url=url,
                )
            ) from error
