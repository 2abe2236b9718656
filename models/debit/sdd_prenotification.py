from odoo import fields, models


class SddPrenotification(models.Model):
    """What a customer was told of a debit before it is collected: when, where to, in which words.

    EPC016-06 asks for amount and due date, in time; what the mandate and the creditor are called and
    which account is debited belong to it. A notice is written by the program only and never changes,
    except for what became of it.
    """

    _name = "sdd.prenotification"
    _description = "Advance Notice of a Direct Debit"
    _order = "id desc"
    _rec_name = "subject"
    _check_company_auto = True

    debit_id = fields.Many2one(
        "sdd.debit", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel = fields.Selection(
        [
            ("order", "Order confirmation"),
            ("email", "E-mail of its own"),
            ("letter", "Letter"),
            ("return", "Message about a return"),
            ("invoice", "Invoice"),
        ],
        string="Told by",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, readonly=True, ondelete="restrict"
    )
    address = fields.Char(
        string="Sent to", readonly=True, help="E-mail address or place, as it was then."
    )
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="debit_id.currency_id")
    collection_date = fields.Date(string="Due Date", readonly=True)
    mandate_reference = fields.Char(readonly=True)
    creditor_identifier = fields.Char(readonly=True)
    iban_masked = fields.Char(string="IBAN", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Text(string="What it said", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [
            ("outgoing", "In the outbox"),
            ("sent", "Sent"),
            ("failed", "Not sent"),
            ("replaced", "Replaced"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="outgoing",
        index=True,
    )
    sent_date = fields.Datetime(
        string="Sent on", readonly=True, help="When the mail server took it, or the post."
    )
    error = fields.Char(string="Not sent because", readonly=True)

    # === BUSINESS METHODS === #

    def _note_sent(self, date=None):
        """Remember that these notices have left the house: their customers are notified.

        :param datetime date: when (UTC, naive), now if omitted.
        """
        waiting = self.filtered(lambda notice: notice.state in ("outgoing", "failed"))
        date = date or fields.Datetime.now()
        waiting.write({"state": "sent", "sent_date": date, "error": False})
        waiting.debit_id._note_prenotification(date)
        waiting.debit_id._forget_waiting_for_notice()

    def _note_failed(self, reason):
        """Remember that these notices did not reach their customers, also when they came back later.

        :param str reason: what the mail server said.
        """
        lost = self.filtered(lambda notice: notice.state in ("outgoing", "sent"))
        lost.write({"state": "failed", "sent_date": False, "error": reason})
        lost.debit_id.prenotification_date = False

    def _note_outgoing(self):
        """Remember that the outbox tries again to send these notices."""
        failed = self.filtered(lambda notice: notice.state == "failed")
        failed.write({"state": "outgoing", "error": False})

    def _replace(self):
        """Put these notices aside, because other ones tell the customers something else."""
        self.write({"state": "replaced"})
        self.debit_id.prenotification_date = False

    def _is_true(self, debit):
        """Return whether this notice still says what will happen; later than announced is allowed.

        Note: self.ensure_one() (sudo)

        :param debit: the `sdd.debit` record it is about.
        :rtype: bool
        """
        self.ensure_one()
        return (
            debit.currency_id.compare_amounts(self.amount, debit.amount) == 0
            and self.collection_date <= debit.collection_date
            and self.mandate_reference == debit.mandate_id.name
            and self.creditor_identifier == debit.mandate_id.creditor_identifier
            and self.iban_masked == debit.iban_masked
        )
