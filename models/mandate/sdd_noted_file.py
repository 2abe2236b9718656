"""Files that hold account numbers in clear: whoever downloads one is noted down."""

from odoo import api, models

#: Fields of `ir.attachment` with which the contents are read.
CONTENT_FIELDS = {"raw", "datas", "db_datas"}


class SddNotedFile(models.AbstractModel):
    """Records with a file that holds account numbers. Needs a `company_id`."""

    _name = "sdd.noted.file"
    _description = "Record with Account Numbers in a File"

    #: The binary fields with such files.
    _noted_files = ("file_data",)

    def _read_format(self, fnames, load="_classic_read"):
        """Override to note down who reads such a file other than by its size."""
        result = super()._read_format(fnames, load)
        names = set(self._noted_files) & set(fnames)
        if names and not self.env.su and not self.env.context.get("bin_size"):
            read = {vals["id"] for vals in result if any(vals[name] for name in names)}
            self.filtered(lambda record: record.id in read)._sdd_note_download()
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Override to note down who exports such a file."""
        if not self.env.su and any(path and path[0] in self._noted_files for path in fields):
            self._sdd_note_download()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _sdd_note_download(self):
        """Note down that the user has these records' files."""
        for record in self:
            self.env["sdd.iban.access"]._note_file(record, record.display_name)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _read_format(self, fnames, load="_classic_read"):
        """Override: the file of a record is an attachment, too."""
        result = super()._read_format(fnames, load)
        if (
            CONTENT_FIELDS & set(fnames)
            and not self.env.su
            and not self.env.context.get("bin_size")
        ):
            self._sdd_note_download()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._sdd_forget_words()
        return attachments

    def _set_attachment_data(self, asbytes):
        super()._set_attachment_data(asbytes)
        self._sdd_forget_words()

    def _sdd_forget_words(self):
        """Empty the column with the words of a text file: every reader can search in it."""
        # In sudo mode: the column is the program's own.
        attachments = self.sudo()
        ours = attachments.filtered(lambda a: (a.res_model or "").startswith("sdd."))
        if ours:
            ours.index_content = False

    def _sdd_note_download(self):
        """Note down the download of attachments that are files with account numbers."""
        internal = self.env.user._is_internal()
        # In sudo mode: only what the attachments belong to is looked at.
        for attachment in self.sudo().filtered("res_id"):
            model = self.env.get(attachment.res_model)
            record = model is not None and model.browse(attachment.res_id)
            if attachment.res_field in getattr(model, "_noted_files", ()):
                self.env["sdd.iban.access"]._note_file(record, record.sudo().display_name)
            elif internal and attachment.res_model == "sdd.mandate" and not attachment.res_field:
                # A signed form that was scanned. What a customer reads is his own.
                name = f"{record.sudo().name}: {attachment.name}"
                self.env["sdd.iban.access"]._note_file(record, name)


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        """Override to note down who downloads such a file in his browser."""
        stream = super()._record_to_stream(record, field_name)
        if record._name == "ir.attachment" or field_name in getattr(record, "_noted_files", ()):
            record.with_env(self.env)._sdd_note_download()
        return stream
