"""What documents that take debits back have in common: cancellations and reversals."""

import base64
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import bankfile, pain008_read, references, request_xml
from ...sepa.charset import to_sepa
from ...sepa.const import MAX_NAME


class SddRequest(models.AbstractModel):
    """A document about debits of one batch, with a file for the bank.

    The model has `_states_to_take` (states of its debits), `_prefix` (of its references) and
    `_build_file`.
    """

    _name = "sdd.request"
    _description = "Request about Debits"
    _inherit = ["support.guarded", "sdd.deliverable", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _states_to_take = ()
    _prefix = ""

    name = fields.Char(string="Message ID", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    batch_id = fields.Many2one(
        "sdd.batch",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    journal_id = fields.Many2one(related="batch_id.journal_id", store=True, string="Bank")
    note = fields.Char(string="Words for the bank", size=105)
    amount_total = fields.Monetary(string="Total", compute="_compute_totals", store=True)
    debit_count = fields.Integer(compute="_compute_totals", store=True)
    file_name = fields.Char(compute="_compute_file_name")
    file_data = fields.Binary(
        string="File",
        attachment=True,
        readonly=True,
        copy=False,
        groups="support_debit.group_accountant",
        help="Holds account numbers in clear.",
    )

    def _compute_totals(self):
        """Each kind of document says what it depends on."""
        for request in self:
            request.amount_total = sum(request.debit_ids.mapped("amount"))
            request.debit_count = len(request.debit_ids)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                batch = self.env["sdd.batch"].browse(vals["batch_id"])
                vals["name"] = self._next_name(batch.company_id)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        if self.filtered(lambda r: r.state != "draft"):
            raise UserError(self.env._("What went to the bank is kept for the record."))

    # === ACTION METHODS === #

    def action_download(self):
        """Let the browser download the file and write down who did."""
        self.ensure_one()
        self.check_access("write")
        self._ensure_file()
        text = self.env._("Downloaded by %s.", self.env.user.name)
        self.env["sdd.handover"]._log(self, "downloaded", text)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file_data/{self.file_name}?download=true",
            "target": "download",
        }

    def action_view_debits(self):
        """Open the debits of these documents."""
        return self.batch_id.action_view_debits() | {"domain": [("id", "in", self.debit_ids.ids)]}

    # === BUSINESS METHODS === #

    @property
    def file_content(self):
        """The file as bytes; empty before there is one."""
        self.ensure_one()
        return base64.b64decode(self.sudo().file_data or b"")

    @api.model
    def _next_name(self, company):
        """Return a message id that no file ever had."""
        number = self.env["ir.sequence"].sudo().with_company(company).next_by_code("sdd.batch")
        prefix = f"{self._prefix}{company.sdd_reference_prefix or 'B'}"[:12]
        return references.message_id(prefix, datetime.now(UTC), number)

    def _action_open(self):
        """Return the action that shows this document."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _open_for(self, debits):
        """Make a draft about debits of one batch and show it.

        :param debits: `sdd.debit` recordset.
        :raise UserError: when they cannot be taken back this way.
        """
        debits.check_access("read")
        self._check_debits(debits)
        return self.create(self._prepare_request(debits))._action_open()

    @api.model
    def _prepare_request(self, debits):
        """Return the values of a draft about these debits."""
        return {"batch_id": debits.batch_id.id, "debit_ids": [(6, 0, debits.ids)]}

    @api.model
    def _check_debits(self, debits):
        """Raise a UserError unless these debits can be taken back this way.

        :param debits: `sdd.debit` recordset.
        """
        if len(debits.batch_id) != 1:
            raise UserError(self.env._("Choose debits of one batch."))
        labels = dict(debits._fields["state"]._description_selection(self.env))
        if wrong := debits.filtered(lambda d: d.state not in self._states_to_take):
            raise UserError(
                self.env._(
                    "%(debit)s is “%(state)s”; this needs debits that are “%(wanted)s”.",
                    debit=wrong[0].display_name,
                    state=labels[wrong[0].state],
                    wanted=", ".join(labels[state] for state in self._states_to_take),
                )
            )

    def _ensure_file(self):
        """Make the file unless there is one.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if not self.file_content:
            self._check_debits(self.debit_ids)
            # In sudo mode: the file holds account numbers that not everybody may read.
            self.sudo().file_data = base64.b64encode(self._make_file())

    def _make_file(self):
        """Return the file for the bank.

        :rtype: bytes
        :raise UserError: when the batch's own file does not say what is needed.
        """
        wanted = self.debit_ids.mapped("end_to_end_id")
        try:
            sent = pain008_read.read(self.batch_id.file_content, wanted)
            if missing := set(wanted) - set(sent):
                raise request_xml.RequestError(", ".join(sorted(missing)))
            return self._build_file(list(sent.values()))
        except (bankfile.BankFileError, request_xml.RequestError) as error:
            raise UserError(
                self.env._("The file cannot be made from batch %s.", self.batch_id.name)
                + f" {error}"
            ) from error

    def _prepare_file(self):
        """Return what both kinds of files begin with, as keyword arguments."""
        zone = self.journal_id._sdd_zone()
        charset = self.company_id._sdd_charset()
        return {
            "created": datetime.now(UTC).astimezone(zone),
            "creditor": to_sepa(self.company_id.name, charset, MAX_NAME),
            "bank": self.journal_id.bank_id.bic or None,
            "reason": self.reason,
            "text": to_sepa(self.note or "", charset, 105),
        }

    def _hand_over_fints(self):
        """FinTS knows no such orders: a person uploads the file in the bank's portal."""
        self._hand_over_manual()
