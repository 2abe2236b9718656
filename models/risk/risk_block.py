"""Blocks: for whom no direct debit is offered for a while. They expire, and can be lifted."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...scoring import plausibility
from ...sepa import iban as sepa_iban

#: What is blocked. An account alone could be somebody else's who gave a stranger's IBAN: hence pairs.
KINDS = [
    ("account", "Account, whoever gives it"),
    ("pair", "Account, when this customer gives it"),
    ("customer", "Customer"),
    ("email", "E-mail address"),
    ("phone", "Telephone number"),
]
REASONS = [
    ("fraud", "Suspected fraud"),
    ("dispute", "Debit not agreed to"),
    ("returns", "Returned debits"),
    ("wish", "Wish of the customer or of the bank"),
    ("other", "Something else"),
]
#: No block lasts longer without somebody looking at it again.
MAX_DAYS = 3 * 366
DEFAULT_DAYS = 180
#: A block that is over is kept so long, then forgotten.
KEEP_DAYS = 90
_ACCOUNT_KINDS = ("account", "pair")
_CUSTOMER_KINDS = ("pair", "customer")


class RiskBlock(models.Model):
    """An account, a customer or an address for which no direct debit is offered for a while."""

    _name = "risk.block"
    _description = "Risk Block"
    _inherit = ["mail.thread"]
    _order = "expires, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        KINDS, string="What is blocked", required=True, default="account", tracking=True
    )
    value = fields.Char(
        string="Account, e-mail or telephone",
        compute="_compute_value",
        inverse="_inverse_value",
        help="Kept as a keyed hash only: the block recognises it, nobody can read it from here.",
    )
    hint = fields.Char(string="Of", readonly=True, copy=False)
    mark = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, check_company=True, tracking=True
    )
    reason = fields.Selection(REASONS, string="Why", required=True, default="other", tracking=True)
    note = fields.Char(string="What happened")
    origin = fields.Char(string="Follows from", readonly=True, copy=False, index="btree_not_null")
    active = fields.Boolean(string="In force", default=True, readonly=True, copy=False)
    expires = fields.Date(
        string="Until",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=DEFAULT_DAYS),
    )
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("lifted", "Lifted")],
        string="Status",
        compute="_compute_state",
    )
    lifted_date = fields.Datetime(string="Lifted on", readonly=True, copy=False)
    lifted_by_id = fields.Many2one("res.users", string="Lifted by", readonly=True, copy=False)
    lift_note = fields.Char(string="Lifted because", copy=False, tracking=True)

    _mark_index = models.Index("(mark, expires) WHERE active AND mark IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("kind", "hint", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for block in self:
            names = filter(None, (block.hint, block.partner_id.display_name))
            block.display_name = ", ".join(names) or kinds.get(block.kind, "")

    @api.depends("active", "expires")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for block in self:
            ended = block.expires and block.expires < today
            block.state = "lifted" if not block.active else "expired" if ended else "active"

    def _compute_value(self):
        self.value = False

    def _inverse_value(self):
        for block in self.filtered("value"):
            mark, hint = block._read_value(block.kind, block.value)
            # In sudo mode: nobody writes the hash but the program.
            block.sudo().write({"mark": mark, "hint": hint})
        self.invalidate_recordset(["value"], flush=False)

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "mark", "partner_id", "expires")
    def _check_complete(self):
        latest = fields.Date.context_today(self) + timedelta(days=MAX_DAYS)
        for block in self.sudo():  # In sudo mode: whether there is a hash is no secret.
            if block.kind in _CUSTOMER_KINDS and not block.partner_id:
                raise ValidationError(self.env._("Please choose the customer who is blocked."))
            if block.expires > latest:
                raise ValidationError(
                    self.env._("A block may last three years at most: %s.", latest)
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        blocks = super().create(vals_list)
        for block in blocks.sudo():
            if block.kind != "customer" and not block.mark:
                raise ValidationError(
                    self.env._("Please enter the IBAN, e-mail address or number that is blocked.")
                )
        blocks._expire_assessments()
        return blocks

    # === ACTION METHODS === #

    def action_lift(self):
        """Lift these blocks by hand.

        :raise UserError: when nobody said why.
        """
        if self.filtered(lambda block: not (block.lift_note or "").strip()):
            raise UserError(
                self.env._("Please write first, under “Lifted because”, why it is lifted.")
            )
        self.check_access("write")
        self._lift()

    # === BUSINESS METHODS === #

    @api.model
    def _block(
        self, kind, company, partner=None, iban="", reason="other", origin="", days=0, note=""
    ):
        """Block something; what is blocked for the same reason stays blocked at least as long.

        What follows from something else has a block of its own: it stands when the other one is lifted.

        :param str kind: one of `KINDS`; `account` and `pair` need an IBAN.
        :param company: `res.company` whose debits are meant.
        :param partner: `res.partner`, for `pair` and `customer`.
        :param str iban: as typed.
        :param str reason: one of `REASONS`.
        :param str origin: what it follows from, e.g. the name of a return. "" for people.
        :param int days: how long; 0 for the usual time.
        :param str note: what happened, without personal data.
        :return: the block (sudo).
        :raise UserError: when the IBAN is none.
        """
        blocks = self.sudo()  # In sudo mode: blocks follow from what banks report.
        customer = (partner or self.env["res.partner"]).commercial_partner_id
        customer = customer if kind in _CUSTOMER_KINDS else customer.browse()
        mark, _hint = self._read_value(kind, iban) if kind in _ACCOUNT_KINDS else (False, False)
        expires = fields.Date.context_today(self) + timedelta(days=days or DEFAULT_DAYS)
        known = blocks.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", kind),
                ("mark", "=", mark),
                ("partner_id", "=", customer.id),
                ("origin", "=", origin or False),
            ],
            limit=1,
        )
        if known:
            known.expires = max(known.expires, expires)
            return known
        return blocks.create(
            {
                "company_id": company.id,
                "kind": kind,
                "value": iban or False,
                "partner_id": customer.id,
                "reason": reason,
                "origin": origin or False,
                "note": note,
                "expires": expires,
            }
        )

    def _lift(self, text=""):
        """Lift these blocks; they are forgotten some time later.

        :param str text: why, where a person has not written it.
        """
        for block in self.sudo():  # In sudo mode: what put it up may take it away.
            block.write(
                {
                    "active": False,
                    "lifted_date": fields.Datetime.now(),
                    "lifted_by_id": self.env.uid,
                    "lift_note": text or block.lift_note,
                }
            )
        self._expire_assessments()

    def _expire_assessments(self):
        """Let no earlier assessment count again for whom these blocks concern."""
        blocks = self.sudo()  # In sudo mode: hashes are compared, nothing is shown.
        seen = self.env["risk.mark"].sudo()
        marks = [mark for mark in blocks.mapped("mark") if mark]
        partners = blocks.partner_id | (seen.search([("mark", "in", marks)]).partner_id)
        self.env["risk.assessment"]._expire(partners=partners | partners.child_ids)

    @api.model
    def _find(self, subject, marks=None):
        """Return what is blocked of what a subject is about, in one query.

        :param scoring.subject.Subject subject: what is asked about.
        :param dict marks: {kind: hash} of `risk.mark`, when they are known already.
        :return: one dict per block: kind, reason, expires (date).
        :rtype: list[dict]
        """
        # In sudo mode: a visitor of the shop learns no more than that another way is offered.
        blocks = self.sudo().search(self._get_domain(subject, marks))
        return blocks.read(["kind", "reason", "expires"], load=None)

    @api.model
    def _get_domain(self, subject, marks=None):
        """Return the domain of the blocks that concern a subject."""
        marks = self.env["risk.mark"]._get_marks(subject) if marks is None else marks
        partner = self.env["res.partner"].sudo().browse(subject.partner_id or None)
        customer = partner.commercial_partner_id.id
        parts = [
            Domain("kind", "=", kind) & Domain("mark", "=", marks[mark])
            for kind, mark in (("account", "iban"), ("email", "email"), ("phone", "phone"))
            if marks.get(mark)
        ]
        if customer:
            parts.append(Domain("kind", "=", "customer") & Domain("partner_id", "=", customer))
            if marks.get("iban"):
                pair = Domain("kind", "=", "pair") & Domain("mark", "=", marks["iban"])
                parts.append(pair & Domain("partner_id", "=", customer))
        return (
            Domain("company_id", "=", subject.company_id)
            & Domain("expires", ">=", subject.now.date())
            & Domain.OR(parts)
        )

    @api.model
    def _read_value(self, kind, text):
        """Return the keyed hash of what somebody typed, and what may be shown of it.

        :param str kind: one of `KINDS`.
        :param str text: an IBAN, e-mail address or telephone number.
        :rtype: tuple[str, str]
        :raise UserError: when it is none.
        """
        text = (text or "").strip()
        if kind in _ACCOUNT_KINDS:
            try:
                iban = sepa_iban.validate(text)
            except sepa_iban.IbanError as error:
                raise UserError(
                    self.env._("This is no IBAN. Please compare it with the bank's letter.")
                ) from error
            return self.env["res.partner.bank"]._sdd_hash(iban), sepa_iban.mask(iban)
        if kind == "email" and (key := plausibility.email_key(text)) and "@" in key:
            name, _at, domain = key.rpartition("@")
            return self.env["risk.mark"]._hash("email", key), f"{name[:1]}•••@{domain}"
        country = self.env.company.country_id.code or ""
        if kind == "phone" and (key := plausibility.phone_key(text, country)):
            return self.env["risk.mark"]._hash("phone", key), f"•••{key[-3:]}"
        if kind == "customer":
            return False, False
        raise UserError(self.env._("Please enter a complete e-mail address or telephone number."))

    @api.autovacuum
    def _gc_ended(self):
        """Forget blocks that were lifted or ran out some time ago."""
        day = fields.Date.today() - timedelta(days=KEEP_DAYS)
        blocks = self.sudo().with_context(active_test=False)  # In sudo mode: housekeeping.
        ended = blocks.search(
            Domain("expires", "<", day)
            | (Domain("active", "=", False) & Domain("lifted_date", "<", day)),
            limit=1000,
        )
        ended.unlink()
        return len(ended), len(ended) == 1000
