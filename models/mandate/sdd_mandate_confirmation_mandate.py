"""What a mandate does to be confirmed by its customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...const import DEFAULT_TIME_ZONE
from .sdd_mandate_confirmation_delivery import LINK_TEMPLATE

#: States in which the customer can still confirm a mandate, or raise its grade.
CONFIRMABLE = ("draft", "pending", "active", "suspended")


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    confirmation_ids = fields.One2many(
        "sdd.mandate.confirmation", "mandate_id", string="Confirmation Links"
    )
    confirmation_count = fields.Integer(compute="_compute_confirmation_count")
    open_confirmation_id = fields.Many2one(
        "sdd.mandate.confirmation", string="Open link", compute="_compute_confirmation_count"
    )
    open_confirmation_expiry = fields.Datetime(
        string="Link valid until", compute="_compute_confirmation_count"
    )

    # === COMPUTE METHODS === #

    @api.depends("confirmation_ids.used_date", "confirmation_ids.revoked_date")
    def _compute_confirmation_count(self):
        for mandate in self:
            # In sudo mode: salespeople see the mandate, but not its links.
            links = mandate.sudo().confirmation_ids.filtered(lambda c: c.purpose != "account")
            current = links.filtered(lambda link: link.state == "open")[:1]
            mandate.confirmation_count = len(links)
            mandate.open_confirmation_id = current.id
            mandate.open_confirmation_expiry = current.expiry_date

    # === ACTION METHODS === #

    def action_ask_confirmation(self):
        """Let the agent choose how the customer is asked to confirm this mandate."""
        return self._open_link_wizard("link", self.env._("Ask the customer to confirm"))

    def action_ask_code(self):
        """Let the agent send a code that the customer reads back on the phone."""
        return self._open_link_wizard("phone", self.env._("Send a code and read it back"))

    def _open_link_wizard(self, method, title):
        """Return the action that opens the wizard.

        Note: self.ensure_one()

        :param str method: a value of `sdd.mandate.link.method`.
        :param str title: of the dialog.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_confirmable()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "sdd.mandate.link",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mandate_id": self.id, "default_method": method},
        }

    def action_view_confirmations(self):
        """Open the links that were sent for these mandates."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_mandate_confirmation"
        )
        action["domain"] = [("mandate_id", "in", self.ids), ("purpose", "!=", "account")]
        return action

    def action_view_open_confirmation(self):
        """Show how far the customer is with the link that is open now."""
        self.ensure_one()
        return self.open_confirmation_id.action_view_status()

    # === BUSINESS METHODS === #

    def _move_to(self, state, **values):
        """Override to end the links of mandates that end: there is nothing left to confirm."""
        res = super()._move_to(state, **values)
        if state not in CONFIRMABLE:
            # In sudo mode: nobody writes links by hand; the change of state was allowed.
            self.sudo().confirmation_ids._revoke()
        return res

    def _check_confirmable(self):
        """Raise a UserError when this mandate has ended, or there is nothing to agree to.

        Note: self.ensure_one()
        """
        if self.state not in CONFIRMABLE:
            raise UserError(
                self.env._("Mandate %s has ended; the customer must give a new one.", self.name)
            )
        if not self.sudo()._get_confirmation_text()["shown"]:
            raise UserError(
                self.env._(
                    "There is no wording for mandates of this scheme. Add one under Support Debit →"
                    " Configuration → Mandate Wordings."
                )
            )

    def _create_confirmation(
        self,
        channel="email",
        with_code=True,
        purpose="confirm",
        *,
        lang=None,
        minutes=None,
        allow_signature=True,
    ):
        """Make a link, or the frame for a one-time code, for the customer of this mandate.

        Nothing is sent yet. A draft becomes pending: from now on its contents are fixed.

        Note: self.ensure_one()

        :param str channel: `email`, `sms`, or `none` when staff hands over the link.
        :param bool with_code: whether the customer must enter a one-time code, too.
        :param str purpose: `confirm`, `phone` (a code read back) or `account` (a code only).
        :param str lang: language code, the mandate's or the customer's if omitted.
        :param int minutes: how long it is valid, the company's setting if omitted.
        :param bool allow_signature: whether the page offers to sign by hand.
        :return: the record (sudo) with its `url`.
        :rtype: `sdd.mandate.confirmation` record
        :raise AccessError: when the user may not write the mandate.
        :raise UserError: when the mandate has ended.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_confirmable()
        links = self.env["sdd.mandate.confirmation"]
        link = links._issue(
            self,
            minutes or self.company_id.sudo()._sdd_get_link_minutes(),
            channel=channel,
            with_code=with_code or purpose != "confirm",
            purpose=purpose,
            lang=lang or self._get_customer_lang(),
            allow_signature=allow_signature,
        )
        if purpose != "account" and self.state == "draft":
            self._move_to("pending")
        return link

    def _send_confirmation(self, template=LINK_TEMPLATE, **options):
        """Send the customer a link to confirm this mandate, by e-mail unless told otherwise.

        Note: self.ensure_one()

        :param str template: external id of the e-mail, on `sdd.mandate.confirmation`.
        :param options: see `_create_confirmation`; no code by default, it would go the same way.
        :return: the link (sudo).
        :rtype: `sdd.mandate.confirmation` record
        """
        link = self._create_confirmation(**{"with_code": False, **options})
        link.with_context(lang=link.lang)._send_link(template)
        return link

    def _get_customer_lang(self):
        """Return the language in which the customer is spoken to, one that is installed.

        Note: self.ensure_one()

        :rtype: str, such as `de_DE`
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        # In sudo mode: of the creditor, only the language.
        wanted = (self.lang, self.partner_id.lang, self.company_id.sudo().partner_id.lang)
        return next((code for code in wanted if code in installed), "en_US")

    def _get_time_zone(self):
        """Return the zone in which the customer's times are shown.

        Note: self.ensure_one()

        :rtype: str
        """
        # In sudo mode: of the creditor, only the time zone.
        company = self.company_id.sudo().partner_id
        return self.partner_id.tz or company.tz or DEFAULT_TIME_ZONE

    def _get_confirmation_text(self):
        """Return the wording that this mandate's customer reads, as it is or will be stored.

        Note: self.ensure_one() (sudo)

        :return: text_id, title, shown, hash, version, lang (of the wording, two letters).
        :rtype: dict
        """
        self.ensure_one()
        texts = self.env["sdd.mandate.text"]
        text = self.text_id or texts._get_text(self._get_customer_lang(), self.scheme)
        creditor = self.creditor_name or self.company_id.name
        shown = self.text_shown or (text and text._render(creditor)) or ""
        return {
            "text_id": text.id,
            "title": text.title or self.env._("SEPA Direct Debit Mandate"),
            "shown": shown,
            "hash": texts._hash(shown),
            "version": text.version or "",
            "lang": text.lang or "en",
        }

    def _keep_text(self, text):
        """Store the wording that the customer has read, if this mandate has none yet.

        What an active mandate says is bound by its history already; there the wording goes into
        the evidence itself.

        Note: self.ensure_one() (sudo)

        :param dict text: see `_get_confirmation_text`.
        :return: what the evidence must say in addition.
        :rtype: dict
        """
        if self.text_shown:
            return {}
        if self.state not in ("draft", "pending"):
            return {"text_shown": text["shown"]}
        self.write(
            {
                "text_id": text["text_id"],
                "text_shown": text["shown"],
                "text_hash": text["hash"],
                "lang": self._get_customer_lang(),
            }
        )
        return {}

    def _get_creditor_address(self):
        """Return the creditor's address in one line.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        address = self.company_id.partner_id._display_address(without_company=True)
        return ", ".join(line.strip() for line in address.splitlines() if line.strip())

    def _get_announced_debits(self):
        """Return what will be debited first, as (amount, date) in words.

        Overridden by the room of debits, which knows the days.

        Note: self.ensure_one() (sudo, in the customer's language)

        :rtype: list[tuple[str, str]]
        """
        order = self.order_id
        if not order or order.state == "cancel":
            return []
        return [(format_amount(self.env, order.amount_total, order.currency_id), "")]

    def _find_for_renewal(self, text):
        """Return the mandates that a stranger's entry may mean; nobody is told whether there are any.

        Only mandates that a link was sent for already: nobody can make us write to others.

        :param str text: a mandate reference or an e-mail address.
        :rtype: `sdd.mandate` recordset (sudo)
        """
        mandates = self.sudo()  # In sudo mode: visitors have no account.
        text = " ".join(str(text or "").split())[:100]
        if not text:
            return mandates.browse()
        field = "partner_id.email_normalized" if "@" in text else "name"
        value = text.lower() if "@" in text else text.upper()
        domain = [("state", "in", CONFIRMABLE), ("confirmation_ids.purpose", "=", "confirm")]
        return mandates.search([*domain, (field, "in", [value, text])], limit=3)

    def _get_last_links(self):
        """Return the last confirmation link of each of these mandates (sudo).

        :rtype: `sdd.mandate.confirmation` recordset
        """
        links = self.sudo().confirmation_ids.filtered(lambda link: link.purpose == "confirm")
        return links.browse([max(group.ids) for group in links.grouped("mandate_id").values()])
