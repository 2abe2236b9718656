"""Files of mandates to download: the template of the import, and exports."""

from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

from ..sepa import mandate_write

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class MandateFileController(Controller):
    @route("/support_debit/mandates/template.<string:file_type>", type="http", auth="user")
    def download_template(self, file_type):
        """Return an empty file with the columns of the import, in the user's language.

        :param str file_type: `csv` or `xlsx`.
        """
        model = request.env["sdd.mandate.import"]
        if file_type not in _TYPES or not model.has_access("read"):
            raise NotFound()
        language = request.env["sdd.mandate"]._get_file_language()
        if file_type == "csv":
            content = mandate_write.write_csv([], language)
        else:
            content = mandate_write.write_xlsx(
                [], language, explanation=model._get_explanation(), titles=model._get_titles()
            )
        return self._send(f"mandates-template.{file_type}", content, file_type)

    @route("/support_debit/mandates/export/<int:wizard_id>", type="http", auth="user")
    def download_export(self, wizard_id):
        """Return the file that a user has asked for; nobody else gets it.

        :param int wizard_id: id of his `sdd.mandate.export`.
        """
        wizards = request.env["sdd.mandate.export"]
        wizard = wizards.browse(wizard_id).exists()
        if not wizards.has_access("read") or wizard.create_uid != request.env.user:
            raise NotFound()
        name, content = wizard._make_file()
        return self._send(name, content, name.rpartition(".")[2])

    @staticmethod
    def _send(name, content, file_type):
        headers = [
            ("Content-Type", _TYPES[file_type]),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)
