from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import convert, file_path

from .const import REASON_DATA


class SddReason(models.Model):
    """Why banks send debits back, and what follows from it: the R-transaction codes as data.

    EPC173-14 has the codes; what is done about them is the company's own policy, with cautious
    defaults.
    """

    _name = "sdd.reason"
    _description = "Return Reason"
    _order = "code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(string="Meaning", required=True, translate=True)
    reason_class = fields.Selection(
        [
            ("funds", "No funds"),
            ("account", "Account"),
            ("mandate", "Mandate"),
            ("dispute", "Dispute"),
            ("own_fault", "Our own fault"),
            ("technical", "Technical"),
            ("unknown", "Unknown"),
        ],
        string="Class",
        required=True,
        default="unknown",
    )
    retry_allowed = fields.Boolean(
        string="Try again", help="The amount may be collected again with the same mandate."
    )
    retry_max = fields.Integer(
        string="Attempts more, at most", help="How often it is tried again after the first time."
    )
    retry_needs_fix = fields.Boolean(
        string="Only after a correction",
        help="Nothing is tried again before a person has put right what was wrong.",
    )
    mandate_action = fields.Selection(
        [
            ("none", "Stays as it is"),
            ("suspend", "Is suspended"),
            ("suspend_second", "Is suspended the second time in a row"),
            ("block_account", "Is suspended, and the account is blocked for new mandates"),
            ("end", "Ends"),
        ],
        string="The mandate",
        required=True,
        default="none",
    )
    support_action = fields.Selection(
        [
            ("plan", "As the package says"),
            ("suspend", "Is suspended until the invoice is paid"),
            ("leave", "Goes on"),
        ],
        string="Support",
        required=True,
        default="plan",
    )
    other_debits_action = fields.Selection(
        [
            ("leave", "Go on"),
            ("hold", "Wait until the mandate is in order again"),
            ("cancel", "Are cancelled"),
        ],
        string="Other queued debits of the mandate",
        required=True,
        default="leave",
    )
    message_template_id = fields.Many2one(
        "mail.template",
        string="Tell the customer",
        domain="[('model', '=', 'sdd.return')]",
        help="Empty: the customer is told nothing.",
    )
    fee_caused_by_debtor = fields.Selection(
        [("yes", "Yes"), ("unclear", "A person decides"), ("no", "No")],
        string="The customer caused the bank's fee",
        required=True,
        default="no",
        help="The bank's fee can be passed on where the customer caused it, his country's law allows"
        " it and the company does so at all.",
    )
    activity_summary = fields.Char(
        string="A person shall", translate=True, help="Empty: nobody needs to do anything."
    )
    stops_dunning = fields.Boolean(
        string="No reminders", help="No reminders are sent until somebody has clarified it."
    )
    is_risk_signal = fields.Boolean(
        string="Says something about the customer",
        help="Counts when the customer's risk is judged. Our own faults and technical ones do not.",
    )
    source = fields.Char()
    retry_text = fields.Char(string="Try again?", compute="_compute_retry_text")
    return_count = fields.Integer(compute="_compute_return_count")

    _code_unique = models.Constraint("UNIQUE(code)", "This reason code exists already.")
    _retry_max_positive = models.Constraint(
        "CHECK(retry_max >= 0)", "It cannot be tried again less than never."
    )

    # === COMPUTE METHODS === #

    @api.depends("retry_allowed", "retry_max", "retry_needs_fix")
    @api.depends_context("lang")
    def _compute_retry_text(self):
        for reason in self:
            if not reason.retry_allowed:
                reason.retry_text = self.env._("No")
            elif reason.retry_needs_fix:
                reason.retry_text = self.env._("After a correction")
            else:
                reason.retry_text = self.env._("Up to %s times", reason.retry_max)

    def _compute_return_count(self):
        counts = dict(
            self.env["sdd.return"]._read_group(
                [("reason_id", "in", self.ids)], ["reason_id"], ["__count"]
            )
        )
        for reason in self:
            reason.return_count = counts.get(reason, 0)

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.code}: {reason.name}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unknown(self):
        if self._get_unknown() in self:
            raise UserError(
                self.env._(
                    "The unknown reason stands for every code that is not in this table. Change what"
                    " follows from it instead."
                )
            )

    # === ACTION METHODS === #

    def action_view_returns(self):
        """Open the debits that came back for these reasons."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_return")
        action["domain"] = [("reason_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_reset(self):
        """Give these reasons the consequences back that the add-on came with."""
        self.check_access("write")
        self._load_defaults(self._get_policy_fields())

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, code):
        """Return the reason with this code; a code that is not in the table finds nothing."""
        return self.search([("code", "=", code)], limit=1) if code else self.browse()

    @api.model
    def _get_unknown(self):
        """Return the cautious reason that stands for every code that is not in the table.

        Empty when somebody deleted it: then nothing follows from such a return but the open invoice.

        :rtype: `sdd.reason` record
        """
        # Kept in memory: asked for every return without a known reason.
        record_id = self.env["ir.model.data"]._xmlid_to_res_id("support_debit.reason_unknown")
        return self.browse(record_id or [])

    @api.model
    def _get_policy_fields(self):
        """Return the names of the fields that say what follows from a return.

        :rtype: set[str]
        """
        return {
            "retry_allowed",
            "retry_max",
            "retry_needs_fix",
            "mandate_action",
            "support_action",
            "other_debits_action",
            "message_template_id",
            "fee_caused_by_debtor",
            "activity_summary",
            "stops_dunning",
            "is_risk_signal",
            "source",
        }

    def _load_defaults(self, names):
        """Write the values of some fields that the data file has for these reasons.

        Reasons that the file does not know stay as they are.

        :param set names: names of the fields.
        """
        root = etree.parse(file_path(REASON_DATA)).getroot()
        # In sudo mode: names of records are read by administrators only.
        known = {
            xmlid.partition(".")[2]: record_id
            for record_id, xmlid in self.sudo().get_external_id().items()
        }
        records = [record for record in root.findall("record") if record.get("id") in known]
        ours = self.browse(known[record.get("id")] for record in records)
        blank = ours.default_get(list(names))
        ours.write({name: blank.get(name, False) for name in names})
        for record in root.findall("record"):
            if record not in records:
                root.remove(record)
            for field in record.findall("field"):
                if field.get("name") not in names:
                    record.remove(field)
        convert.xml_import(self.sudo().env, "support_debit", {}, "init").parse(root)

    def _is_quiet(self):
        """Return whether customers are left alone altogether: nothing is sent, nothing reminded."""
        return bool(self) and self.stops_dunning and not self.message_template_id
