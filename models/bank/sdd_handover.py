import hashlib

from odoo import api, fields, models
from odoo.tools import plaintext2html

from . import const


class SddHandover(models.Model):
    """One attempt to bring one file to the bank. It is in the database before the bank is touched."""

    _name = "sdd.handover"
    _description = "Hand-over to the Bank"
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    batch_id = fields.Many2one(
        "sdd.batch", readonly=True, index="btree_not_null", ondelete="cascade", check_company=True
    )
    cancellation_id = fields.Many2one(
        "sdd.cancellation", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    reversal_id = fields.Many2one(
        "sdd.reversal", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    connection_id = fields.Many2one("sdd.bank.connection", readonly=True, ondelete="set null")
    kind = fields.Selection(
        [("manual", "By hand"), ("folder", "Folder"), ("fints", "FinTS")],
        string="Way",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    started = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    finished = fields.Datetime(readonly=True)
    outcome = fields.Selection(
        [
            ("started", "Under way"),
            ("sent", "Waits for a TAN"),
            ("downloaded", "Downloaded"),
            ("delivered", "Delivered"),
            ("failed", "Not delivered"),
            ("unknown", "Unknown"),
            ("confirmed", "Confirmed by hand"),
        ],
        required=True,
        readonly=True,
        default="started",
        index=True,
    )
    message = fields.Char(string="What was said", readonly=True)
    file_name = fields.Char(string="File", required=True, readonly=True)
    file_size = fields.Integer(string="Bytes", readonly=True)
    checksum = fields.Char(string="SHA-256", readonly=True)

    _stale_index = models.Index("(started) WHERE outcome IN ('started', 'sent')")

    # === BUSINESS METHODS === #

    @api.model
    def _log(self, document, outcome="started", message=False):
        """Write down an attempt, with the size and checksum of what is handed over.

        :param document: record of an `sdd.deliverable` model.
        :param str outcome: what is known now.
        :param str message: what a person should know.
        """
        content = document.file_content
        connection = document.journal_id.sdd_connection_id
        # In sudo mode: nobody writes the log by hand.
        return self.sudo().create(
            {
                "company_id": document.company_id.id,
                document._handover_field: document.id,
                "connection_id": connection.id,
                "kind": connection.kind or "manual",
                "user_id": self.env.uid,
                "outcome": outcome,
                "message": message,
                "finished": outcome not in const.OPEN_OUTCOMES and fields.Datetime.now(),
                "file_name": document.file_name,
                "file_size": len(content),
                "checksum": hashlib.sha256(content).hexdigest(),
            }
        )

    def _finish(self, outcome, message=False):
        """Write what came of attempts, here and on their documents.

        :param str outcome: one of the field's values.
        :param str message: the bank's or the system's words.
        """
        finished = outcome not in const.OPEN_OUTCOMES and fields.Datetime.now()
        self.sudo().write({"outcome": outcome, "message": message, "finished": finished})
        state = const.STATE_AFTER_OUTCOME[outcome]
        error = message if state in ("failed", "unknown") else False
        for handover in self:
            document = handover._get_document().sudo()
            # A login that failed before anything was sent changes nothing there.
            if document._was_submitted():
                document.write({"handover_state": state, "handover_error": error})

    def _get_document(self):
        """Return what was handed over.

        Note: self.ensure_one()

        :rtype: record of an `sdd.deliverable` model
        """
        self.ensure_one()
        return self.batch_id or self.cancellation_id or self.reversal_id

    @api.model
    def _give_up_stale(self):
        """Attempts that nobody finished were cut off: whether the bank has the file is unknown.

        A person is asked, and nothing is ever sent again by itself.

        :return: the attempts.
        :rtype: `sdd.handover` recordset
        """
        limit = fields.Datetime.subtract(fields.Datetime.now(), minutes=const.PATIENCE_MINUTES)
        domain = [("outcome", "in", const.OPEN_OUTCOMES), ("started", "<", limit)]
        stale = self.sudo().search(domain).try_lock_for_update()
        stale = stale.filtered_domain(domain)
        for handover in stale:
            if not handover._get_document()._was_submitted():
                handover._finish("failed", self.env._("Cut off before anything was sent."))
                continue
            handover._finish("unknown", self.env._("The attempt was cut off."))
            handover._ask_a_person()
        return stale

    def _ask_a_person(self):
        """Put the question whether the bank has the file on somebody's list.

        Note: self.ensure_one()
        """
        document = self._get_document()
        user = document.journal_id._sdd_get_responsible()
        document.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("Ask the bank whether it has %s", document.display_name),
            note=plaintext2html(
                self.env._(
                    "The hand-over of %s was cut off. Ask the bank, then say here whether it has the"
                    " file. It is not sent again by itself.",
                    self.file_name,
                )
            ),
        )
