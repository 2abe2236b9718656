"""What a return does to mandate, account, support and the other debits; and how that is lifted."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class SddReturn(models.Model):
    _inherit = "sdd.return"

    mandate_outcome = fields.Selection(
        [("suspended", "Suspended"), ("ended", "Ended")], string="The mandate was", readonly=True
    )
    account_blocked = fields.Boolean(string="Account blocked", readonly=True)
    held_debit_ids = fields.One2many(
        "sdd.debit", "held_by_return_id", string="Debits that wait for it", readonly=True
    )
    suspended_subscription_ids = fields.One2many(
        "support.subscription", "sdd_return_id", string="Support that was suspended", readonly=True
    )
    lifted_date = fields.Datetime(string="Consequences lifted on", readonly=True, copy=False)
    lifted_by_id = fields.Many2one("res.users", string="Lifted by", readonly=True, copy=False)
    can_be_lifted = fields.Boolean(compute="_compute_can_be_lifted")

    # === COMPUTE METHODS === #

    @api.depends(
        "lifted_date",
        "mandate_outcome",
        "account_blocked",
        "held_debit_ids.hold_code",
        "suspended_subscription_ids.state",
    )
    def _compute_can_be_lifted(self):
        for item in self:
            # In sudo mode: support staff see the button without rights on all that was touched.
            touched = item.sudo()
            item.can_be_lifted = not item.lifted_date and bool(
                item.mandate_outcome == "suspended"
                or item.account_blocked
                or touched.held_debit_ids.filtered(lambda d: d.hold_code == "return")
                or touched.suspended_subscription_ids.filtered(lambda s: s.state == "suspended")
            )

    # === ACTION METHODS === #

    def action_lift(self):
        """Undo what followed from these returns, e.g. when the bank erred.

        What has ended for good stays ended; the invoice stays open.

        :raise UserError: when there is nothing to lift.
        """
        self.debit_id.check_access("write")
        if idle := self.filtered(lambda item: not item.can_be_lifted):
            raise UserError(
                self.env._(
                    "Nothing follows from these returns any more that could be lifted: %s.",
                    ", ".join(idle[:10].mapped("display_name")),
                )
            )
        # In sudo mode: the right to the returns was checked; what they touched is theirs to lift.
        self.sudo().with_context(sdd_lifted_by=self.env.user.name)._lift()

    # === BUSINESS METHODS: CONSEQUENCES === #

    def _apply_consequences(self):
        """Do to mandates, accounts, support and other debits what the reasons say.

        Nothing follows for the customer from what we called back or gave back ourselves.
        """
        concerned = self.filtered(lambda item: item._is_customers())
        for reason, returns in concerned.grouped(lambda item: item._get_reason()).items():
            returns._apply_to_support(reason)
            if not reason:
                continue
            returns._apply_to_mandates(reason)
            returns._apply_to_other_debits(reason)
            returns._ask_person(reason)
        concerned._note_on_mandates()

    def _apply_to_support(self, reason):
        """Suspend support as the reason says.

        :param reason: the `sdd.reason` of all of these returns; empty: as the package says.
        """
        if reason.support_action == "leave":
            return
        suspended = self.debit_id._suspend_support(reason.support_action == "suspend")
        for item in self:
            if subscriptions := suspended.get(item.debit_id):
                subscriptions.sdd_return_id = item

    def _apply_to_mandates(self, reason):
        """Suspend or end the mandates, and block their accounts, as the reason says."""
        action = reason.mandate_action
        returns = self._get_repeated(reason) if action == "suspend_second" else self
        # What a bank says of an account that the customer has left does not concern the new one.
        returns = returns.filtered(lambda item: not item._was_other_account())
        data = {"code": reason.code}
        text = reason.display_name
        if action == "end":
            ended = returns.mandate_id._end(text, data)
            returns.filtered(lambda r: r.mandate_id in ended).mandate_outcome = "ended"
        elif action in ("suspend", "suspend_second", "block_account"):
            until = "account" if action == "block_account" else "person"
            suspended = returns.mandate_id._suspend(text, until, data)
            returns.filtered(lambda r: r.mandate_id in suspended).mandate_outcome = "suspended"
        if action == "block_account":
            blocked = returns.mandate_id.bank_account_id._sdd_block(f"{text}.")
            returns.filtered(
                lambda r: r.mandate_id.bank_account_id.id in blocked.ids
            ).account_blocked = True

    def _was_other_account(self):
        """Return whether this debit was collected from another account than the mandate's of today.

        Note: self.ensure_one()
        """
        self.ensure_one()
        collected = self.debit_id.file_iban_masked
        return bool(collected and collected != self.mandate_id.iban_masked)

    def _get_repeated(self, reason):
        """Return those of these returns whose mandate's debit before came back so, too.

        :param reason: the `sdd.reason` of all of these returns.
        """
        debits = self.env["sdd.debit"].search(
            [
                ("mandate_id", "in", self.mandate_id.ids),
                ("state", "in", ("settled", "rejected", "returned")),
            ],
            order="collection_date desc, id desc",
        )
        by_mandate = debits.grouped("mandate_id")
        repeated = self.browse()
        for item in self:
            own = (item.debit_id.collection_date, item.debit_id.id)
            earlier = (d for d in by_mandate[item.mandate_id] if (d.collection_date, d.id) < own)
            before = next(earlier, debits.browse())
            if before.return_ids.reason_id == reason:
                repeated |= item
        return repeated

    def _apply_to_other_debits(self, reason):
        """Hold or cancel what is queued with these mandates, as the reason says."""
        action = reason.other_debits_action
        if action == "leave":
            return
        returns = self.filtered(lambda item: not item._was_other_account()).grouped("mandate_id")
        queued = self.env["sdd.debit"].search(
            [
                ("mandate_id", "in", [mandate.id for mandate in returns]),
                ("state", "=", "queued"),
            ]
        )
        if not queued:
            return
        text = self.env._("Another debit of this mandate came back: %s", reason.display_name)
        if action == "cancel":
            queued._cancel(text)
            return
        queued._hold("return", text)
        for mandate, debits in queued.grouped("mandate_id").items():
            debits.held_by_return_id = returns[mandate][:1]

    # === BUSINESS METHODS: UNDO === #

    def _lift(self):
        """Undo what followed from these returns (sudo)."""
        user = self.env.context.get("sdd_lifted_by") or self.env.user.name
        text = self.env._("%s lifted the consequences of a return.", user)
        self.filtered("account_blocked").mandate_id.bank_account_id._sdd_unblock()
        suspended = self.filtered(lambda item: item.mandate_outcome == "suspended")
        suspended.mandate_id._resume(text)
        self.held_debit_ids._release("return")
        self.suspended_subscription_ids._resume()
        self.activity_ids.unlink()
        self.write(
            {
                "lifted_date": fields.Datetime.now(),
                "lifted_by_id": self.env.uid,
                "account_blocked": False,
            }
        )
        self._message_log_batch({item.id: text for item in self})

    # === BUSINESS METHODS: PEOPLE === #

    def _note_on_mandates(self):
        """Write into the chatter of each mandate what came back, and what followed."""
        bodies = {}
        for mandate, returns in self.grouped("mandate_id").items():
            bodies[mandate.id] = " ".join(
                f"{item._get_timeline_text()} {' '.join(item._get_done_sentences())}"
                for item in returns
            )
        self.mandate_id._message_log_batch(bodies)

    def _ask_person(self, reason):
        """Give those who look after the customers something to do, if the reason says so.

        What is our own fault or the banks' is one task for all debits of a file.
        """
        if not reason.activity_summary:
            return
        values = []
        if reason.reason_class in ("own_fault", "technical"):
            for returns in self.grouped("message_id").values():
                values.append(returns[:1]._prepare_activity(reason, returns))
        else:
            values = [item._prepare_activity(reason, item) for item in self]
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(values)

    def _prepare_activity(self, reason, returns):
        """Return the values of what somebody is asked to do about returns.

        Note: self.ensure_one()

        :param reason: their `sdd.reason`.
        :param returns: all returns that it is about; self is the first of them.
        :rtype: dict
        """
        user = self.mandate_id._get_responsible()
        own = self.with_context(lang=user.lang or self.env.lang)
        total = format_amount(own.env, sum(returns.mapped("amount")), self.currency_id)
        if len(returns) > 1:
            note = own.env._(
                "%(count)s debits over %(total)s in all came back: %(reason)s",
                count=len(returns),
                total=total,
                reason=reason.with_env(own.env).display_name,
            )
        else:
            note = own._get_timeline_text()
        if self.reason_text or not self.reason_id:
            said = self.reason_text or self.reason_code or ""
            note = f"{note} " + own.env._("The bank says: “%s”", said)
        return self._prepare_activity_values(user, reason.with_env(own.env).activity_summary, note)

    def _prepare_activity_values(self, user, summary, note):
        """Return the values of an activity on this return, due today.

        Note: self.ensure_one()
        """
        return {
            "res_model_id": self.env["ir.model"]._get_id("sdd.return"),
            "res_id": self.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_todo"
            ),
            "automated": True,
            "date_deadline": fields.Date.context_today(self),
            "user_id": user.id,
            "summary": summary,
            "note": note,
        }
