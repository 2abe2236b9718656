from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

from ...sepa import due_date
from .sdd_bank_directory import DIRECTORY_WARNING_MONTHS
from .sdd_debit_check import Finding


class SddPreflight(models.TransientModel):
    """What would go to the bank now, what would stay behind, why, and what a person can do about it.

    Looking changes nothing; `sdd.batch._create_due_batches` asks the same questions again.
    """

    _name = "sdd.preflight"
    _description = "Pre-flight of Direct Debits"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("sdd.preflight.line", "preflight_id", readonly=True)
    ready_ids = fields.Many2many("sdd.debit", "sdd_preflight_ready_rel", readonly=True)
    debit_count = fields.Integer(string="Debits for the bank", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    file_count = fields.Integer(string="Files", readonly=True)
    waiting_count = fields.Integer(string="Debits that stay behind", readonly=True)
    waiting_total = fields.Monetary(string="Sum that stays behind", readonly=True)
    predicted_return_rate = fields.Float(string="Expected to come back", readonly=True)
    has_prediction = fields.Boolean(readonly=True)
    directory_text = fields.Char(readonly=True)

    @api.depends("debit_count")
    def _compute_display_name(self):
        self.display_name = self.env._("Create Files")

    # === ACTION METHODS === #

    def action_create_files(self):
        """Make the files and show them."""
        return self.env["sdd.batch"].action_create_batches()

    def action_look(self):
        """Look at what is due now; works on an empty recordset, too."""
        preflight = self.create(self._prepare())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create Files"),
            "res_model": self._name,
            "res_id": preflight.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def action_view_ready(self):
        """Open the debits that would go."""
        self.ensure_one()
        return self.ready_ids._action_open_list()

    # === BUSINESS METHODS === #

    @api.model
    def _prepare(self):
        """Return the values of a look at everything that is due now.

        :rtype: dict
        """
        batches = self.env["sdd.batch"]
        due = ready = self.env["sdd.debit"]
        found, files = {}, 0
        for journal in batches._get_collecting_journals():
            journal._sdd_check_ready()
            debits = due.search(batches._get_due_domain(journal), order="collection_date, id")
            told_now = debits._filter_told_now(journal)
            stopped = (debits - told_now)._find_uncollectable()
            stopped |= told_now._find_uncollectable_once_told()
            stopped |= (debits - due.browse(d.id for d in stopped))._find_over_limits(journal)
            going = debits - due.browse(debit.id for debit in stopped)
            found |= stopped
            files += len(batches._split_into_files(going)) if going else 0
            due, ready = due | debits, ready | going
        rate = ready._get_predicted_return_rate()
        waiting = due - ready
        return {
            "ready_ids": [fields.Command.set(ready.ids)],
            "debit_count": len(ready),
            "amount_total": sum(ready.mapped("amount")),
            "file_count": files,
            "waiting_count": len(waiting),
            "waiting_total": sum(waiting.mapped("amount")),
            "has_prediction": rate is not None,
            "predicted_return_rate": rate or 0.0,
            "directory_text": self._describe_directory(),
            "line_ids": [fields.Command.create(vals) for vals in self._prepare_lines(found, ready)],
        }

    @api.model
    def _prepare_lines(self, found, ready):
        """Return the values of a line for each kind of finding: what stays behind, then what is told.

        :param dict found: {debit: Finding} of what stays behind.
        :param ready: the debits that would go.
        :rtype: list[dict]
        """
        groups = defaultdict(list)
        for debit, finding in found.items():
            code = finding.code or ("cancelled" if finding.state == "cancelled" else "other")
            groups["stays", code].append((debit, finding))
        for debit in self._search_held():
            groups["stays", debit.hold_code or "other"].append((debit, None))
        for warn in self.env["sdd.debit"]._get_preflight_warnings() if ready else ():
            for debit, finding in warn(ready).items():
                groups["told", finding.code].append((debit, finding))
        return [
            self.env["sdd.preflight.line"]._prepare(kind, code, items)
            for (kind, code), items in sorted(groups.items())
        ]

    @api.model
    def _search_held(self):
        """Return the debits that are held though they are due."""
        today = fields.Date.context_today(self)
        held = self.env["sdd.debit"].search(
            [("state", "=", "held"), ("company_id", "in", self.env.companies.ids)]
        )
        return held.filtered(
            lambda d: (
                d.collection_date <= fields.Date.add(today, days=d.journal_id.sdd_horizon_days)
            )
        )

    @api.model
    def _describe_directory(self):
        """Return what is to be said of the age of the bank directory; False when it is fresh."""
        valid_from = self.env["sdd.bank.directory"]._get_valid_from()
        today = fields.Date.context_today(self)
        if valid_from and fields.Date.add(valid_from, months=DIRECTORY_WARNING_MONTHS) >= today:
            return False
        if not valid_from:
            return self.env._(
                "No bank directory has been imported, so nobody has looked whether the customers'"
                " banks take direct debits."
            )
        return self.env._(
            "The bank directory is of %s. Import a newer one.", format_date(self.env, valid_from)
        )


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    def action_preflight(self):
        """Show what would go to the bank now before files are made; works on any recordset."""
        return self.env["sdd.preflight"].action_look()


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_preflight_warnings(self):
        """Override to tell whose customers are notified when the files are made."""
        return [*super()._get_preflight_warnings(), type(self)._warn_told_now]

    def _warn_told_now(self):
        """Return the debits whose customers are notified when the files are made."""
        found = {}
        for journal, debits in self.grouped("journal_id").items():
            reason = self.env._("An e-mail goes out when the files are made.")
            told_now = debits._filter_told_now(journal)
            found.update(dict.fromkeys(told_now, Finding("queued", reason, "told_now")))
        return found

    def _filter_told_now(self, journal):
        """Return those of these debits whose customers are notified in time when the files are made.

        :param journal: the bank journal of these debits.
        :rtype: `sdd.debit` recordset
        """
        if journal.sdd_notice_policy != "wait":
            return self.browse()
        # In sudo mode: whoever makes a bank file need not have rights on e-mails.
        lacking = self.sudo()._filter_to_notify(again=False).with_env(self.env)
        horizon = fields.Date.add(fields.Date.context_today(self), days=journal.sdd_horizon_days)
        today = journal._sdd_today()
        return lacking.filtered(
            lambda d: due_date.earliest_notified(today, d.mandate_id.notice_days) <= horizon
        )

    def _find_uncollectable_once_told(self):
        """Return which of these debits must not be collected even when their customers are told.

        :rtype: dict[`sdd.debit`, Finding]
        """
        found = {}
        for check in self._get_preflight_checks():
            if check != type(self)._check_notices:
                found |= check(self - self.browse(debit.id for debit in found))
        return found

    def _action_open_list(self):
        """Return the action that opens these debits as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("id", "in", self.ids)]
        action["context"] = {}
        return action
