from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class SddFintsWizard(models.TransientModel):
    """One dialog with the bank over FinTS. The PIN passes through requests and is never stored."""

    _name = "sdd.fints.wizard"
    _description = "FinTS Dialog"

    connection_id = fields.Many2one("sdd.bank.connection", required=True, readonly=True)
    task = fields.Selection(
        [("setup", "Set up"), ("send", "Send debits"), ("fetch", "Fetch entries")],
        required=True,
        readonly=True,
    )
    batch_id = fields.Many2one("sdd.batch", readonly=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Account",
        domain="[('sdd_connection_id', '=', connection_id)]",
    )
    currency_id = fields.Many2one(related="batch_id.currency_id")
    amount_total = fields.Monetary(related="batch_id.amount_total")
    debit_count = fields.Integer(related="batch_id.debit_count")
    handover_id = fields.Many2one("sdd.handover", readonly=True)
    step = fields.Selection(
        [("pin", "PIN"), ("choose", "Choose"), ("tan", "TAN"), ("done", "Done")],
        default="pin",
        required=True,
        readonly=True,
    )
    phase = fields.Selection([("login", "Login"), ("order", "Order")], readonly=True)
    pin = fields.Char(string="PIN", store=False)
    tan = fields.Char(string="TAN", store=False)
    choice_ids = fields.One2many("sdd.fints.choice", "wizard_id")
    mechanism_id = fields.Many2one(
        "sdd.fints.choice",
        string="How TANs come",
        domain="[('wizard_id', '=', id), ('kind', '=', 'mechanism')]",
    )
    medium_id = fields.Many2one(
        "sdd.fints.choice",
        string="On which device",
        domain="[('wizard_id', '=', id), ('kind', '=', 'medium')]",
    )
    since = fields.Date(string="Entries since")
    challenge = fields.Text(string="Your bank says", readonly=True)
    challenge_image = fields.Binary(string="Scan this", readonly=True, attachment=False)
    challenge_flicker = fields.Char(
        string="Code for the TAN generator",
        readonly=True,
        help="Type it into a generator without a camera.",
    )
    is_decoupled = fields.Boolean(readonly=True)
    error = fields.Text(readonly=True)
    result = fields.Text(readonly=True)
    message_ids = fields.Many2many("sdd.bank.message", readonly=True)
    sleeping = fields.Text(groups="base.group_system", readonly=True)

    # === CRUD METHODS === #

    def web_save(self, vals, specification, next_id=None):
        """Override to give the browser back what was typed: the button that follows sends it."""
        typed = {name: vals.pop(name) for name in ("pin", "tan") if name in vals}
        result = super().web_save(vals, specification, next_id)
        return [{**values, **typed} for values in result]

    # === ACTION METHODS === #

    def action_start(self):
        """Log in with the PIN and do the task, as far as the bank lets us without a TAN."""
        wizard, pin, _tan = self._take_secrets()
        wizard._check_may_use()
        step = {"setup": "_start_setup", "send": "_start_send", "fetch": "_start_fetch"}
        getattr(wizard, step[wizard.task])(pin)
        return wizard._reopen()

    def action_choose(self):
        """Remember how TANs come."""
        self._check_may_use()
        if not self.mechanism_id:
            raise UserError(self.env._("Choose how TANs come."))
        # In sudo mode: the state of the dialog is hidden even from those who set connections up.
        self.connection_id.sudo().write(
            {
                "fints_mechanism": self.mechanism_id.code,
                "fints_mechanism_name": self.mechanism_id.name,
                "fints_medium": self.medium_id.code,
            }
        )
        self.write({"step": "done", "result": self.env._("FinTS is ready.")})
        return self._reopen()

    def action_answer(self):
        """Go on with the TAN, or after the approval in the bank's app."""
        wizard, pin, tan = self._take_secrets()
        wizard._check_may_use()
        if wizard.step != "tan":
            raise UserError(self.env._("The bank does not wait for a TAN."))
        if not tan and not wizard.is_decoupled:
            raise UserError(self.env._("Type the TAN that your bank has sent."))
        wizard._go_on(pin, tan or "")
        return wizard._reopen()

    def action_view_messages(self):
        """Open what was fetched."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_message"
        )
        action["domain"] = [("id", "in", self.message_ids.ids)]
        return action

    # === BUSINESS METHODS === #

    def _action_open(self, connection, task, **values):
        """Return the action that opens a new dialog.

        :param connection: `sdd.bank.connection` record.
        :param str task: setup, send or fetch.
        """
        if task == "fetch":
            values["since"] = connection._get_fints_start()
            values["journal_id"] = connection.journal_ids[:1].id
        wizard = self.create({"connection_id": connection.id, "task": task, **values})
        return wizard._reopen()

    def _action_send(self, batch):
        """Return the action that sends a batch."""
        connection = batch.journal_id.sdd_connection_id
        connection._check_fints_ready()
        return self._action_open(connection, "send", batch_id=batch.id)

    def _reopen(self):
        """Return the action that shows this dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("FinTS: %s", self.connection_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_may_use(self):
        """Raise an AccessError when somebody else has opened this dialog."""
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("This dialog was opened by somebody else."))
        self.check_access("write")
        if self.task == "setup":
            self.connection_id.check_access("write")

    def _take_secrets(self):
        """Return (this dialog, PIN, TAN); the context of what follows holds neither."""
        self.ensure_one()
        context = dict(self.env.context)
        pin = (context.pop("fints_pin", None) or "").strip()
        tan = (context.pop("fints_tan", None) or "").strip()
        if not pin:
            raise UserError(
                self.env._("Type your PIN. It is not stored, so it is asked each time.")
            )
        return self.with_env(self.env(context=context)), pin, tan
