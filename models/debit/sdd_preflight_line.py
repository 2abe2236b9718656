from odoo import api, fields, models


class SddPreflightLine(models.TransientModel):
    """Debits with one and the same finding, and what a person does about it."""

    _name = "sdd.preflight.line"
    _description = "Finding of a Pre-flight"

    preflight_id = fields.Many2one("sdd.preflight", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("stays", "Stays behind"), ("told", "Goes all the same")], required=True, readonly=True
    )
    code = fields.Char(required=True, readonly=True)
    title = fields.Char(string="What is wrong", readonly=True)
    reason = fields.Char(string="For example", readonly=True)
    debit_ids = fields.Many2many("sdd.debit", "sdd_preflight_line_debit_rel", readonly=True)
    debit_count = fields.Integer(string="Debits", readonly=True)
    currency_id = fields.Many2one(related="preflight_id.currency_id")
    amount_total = fields.Monetary(string="Total", readonly=True)

    # === ACTION METHODS === #

    def action_view_debits(self):
        """Open the debits with this finding."""
        self.ensure_one()
        return self.debit_ids._action_open_list()

    def action_repair(self):
        """Do, or open, what puts this finding right."""
        self.ensure_one()
        repair = self._get_repairs().get(self.code)
        return repair() if repair else self.action_view_debits()

    # === BUSINESS METHODS === #

    @api.model
    def _prepare(self, kind, code, items):
        """Return the values of one line.

        :param str kind: a value of `kind`.
        :param str code: of the findings.
        :param list items: [(debit, Finding | None)]; None for a debit that is held already.
        :rtype: dict
        """
        debits = self.env["sdd.debit"].browse(debit.id for debit, _finding in items)
        debit, finding = items[0]
        return {
            "kind": kind,
            "code": code,
            "title": self._get_titles().get(code, code),
            "reason": finding.reason if finding else debit.state_reason,
            "debit_ids": [fields.Command.set(debits.ids)],
            "debit_count": len(debits),
            "amount_total": sum(debits.mapped("amount")),
        }

    @api.model
    def _get_titles(self):
        """Return what is wrong, by the code of a finding. Overridden where checks are added.

        :rtype: dict[str, str]
        """
        holds = dict(self.env["sdd.debit"]._fields["hold_code"]._description_selection(self.env))
        waits = {
            code: self.env._("Waits for: %s", label)
            for code, label in holds.items()
            if code not in ("user", "other")
        }
        return {
            **waits,
            "user": holds["user"],
            "other": holds["other"],
            "address": self.env._("Town and country of the customer are missing"),
            "bic": self.env._("The BIC of the customer's bank is missing"),
            "cancelled": self.env._("Nothing is left to collect: paid, or the mandate ended"),
            "dormant": self.env._("The mandate lapses: not used for 36 months"),
            "duplicate": self.env._("Looks like something that was collected already"),
            "late": self.env._("The due date moves, the bank can no longer make it"),
            "limit": self.env._("Larger than what your bank takes"),
            "limit_day": self.env._("Over the limit of the day: goes tomorrow"),
            "notice": self.env._("The customer has not been notified in time"),
            "reachability": self.env._("The customer's bank takes no direct debits"),
            "told_now": self.env._("The customer is notified when the files are made"),
            "repeated": self.env._("The same amount twice within a few days"),
        }

    def _get_repairs(self):
        """Return what the button does, by the code of a finding. Overridden where checks are added.

        Note: self.ensure_one()

        :rtype: dict[str, Callable[[], dict | None]]
        """
        mandates = dict.fromkeys(
            ("b2b", "bic", "creditor", "dormant", "grade", "mandate"), self._open_mandates
        )
        return {
            **mandates,
            "address": self._open_customers,
            "duplicate": self._confirm_no_duplicates,
            "late": self._move_due_dates,
            "limit": self._open_banks,
            "limit_day": self._open_banks,
            "notice": self._notify,
            "told_now": self._notify,
            "reachability": self._open_mandates,
            "user": self._release,
        }

    def _look_again(self):
        """Return the action that shows what is left to do."""
        return self.env["sdd.preflight"].action_look()

    def _open_mandates(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        return self._narrow(action, self.debit_ids.mandate_id)

    def _open_customers(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_form")
        action["view_mode"] = "list,form"
        action["views"] = [(False, "list"), (False, "form")]
        return self._narrow(action, self.debit_ids.mandate_id.partner_id)

    def _open_banks(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_journal_form"
        )
        return self._narrow(action, self.debit_ids.journal_id)

    def _narrow(self, action, records):
        """Return an action that shows these records only; the form when there is one."""
        action.update(domain=[("id", "in", records.ids)], context={})
        if len(records) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=records.id)
        return action

    def _confirm_no_duplicates(self):
        self.debit_ids.action_confirm_no_duplicate()
        return self._look_again()

    def _move_due_dates(self):
        for journal, debits in self.debit_ids.grouped("journal_id").items():
            debits.filtered(lambda d: d.state == "queued")._catch_up_due_dates(journal)
        return self._look_again()

    def _notify(self):
        self.debit_ids._notify_in_advance()
        return self._look_again()

    def _release(self):
        self.debit_ids.filtered(lambda d: d.state == "held").action_release()
        return self._look_again()
