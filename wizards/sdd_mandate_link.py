from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.mandate.sdd_mandate_confirmation_delivery import CODE_TEMPLATE, LINK_TEMPLATE

#: What a preview shows in the place of the secret.
ELLIPSIS = "…"
NO_CODE = "••••••"


class SddMandateLink(models.TransientModel):
    """Lets an agent ask the customer to confirm a mandate, by a link or by a code read back."""

    _name = "sdd.mandate.link"
    _description = "Ask the Customer to Confirm a Mandate"

    mandate_id = fields.Many2one("sdd.mandate", required=True, readonly=True)
    partner_id = fields.Many2one(related="mandate_id.partner_id")
    iban_masked = fields.Char(related="mandate_id.iban_masked")
    method = fields.Selection(
        [("link", "The customer opens a link"), ("phone", "The customer reads a code to me")],
        required=True,
        default="link",
    )
    channel = fields.Selection(
        "_get_channels",
        string="Send by",
        required=True,
        default=lambda self: self._get_channels()[0][0],
    )
    code_channel = fields.Selection("_get_code_channels", string="Send the code by")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    with_code = fields.Boolean(
        string="One-time code",
        help="The customer asks for a code on the page; it goes to his e-mail address or telephone.",
    )
    allow_signature = fields.Boolean(string="Offer to sign by hand", default=True)
    validity = fields.Selection(
        "_get_validities", string="Valid for", required=True, default="company"
    )
    lang = fields.Selection("_get_langs", string="Language", required=True)
    address_missing = fields.Boolean(compute="_compute_preview")
    preview_subject = fields.Char(string="Subject", compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # === COMPUTE METHODS === #

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _get_channels(self):
        """Return the ways to reach a customer on this server; SMS needs Odoo's app for it."""
        channels = self._get_code_channels()
        return [*channels, ("none", self.env._("Nothing, I pass the link on myself"))]

    @api.model
    def _get_code_channels(self):
        """Return the ways in which a code can reach a customer on this server."""
        channels = [("email", self.env._("E-mail"))]
        if "sms.sms" in self.env:
            channels.append(("sms", self.env._("Text message (SMS)")))
        return channels

    @api.model
    def _get_validities(self):
        """Return for how long a link can be valid, the company's setting last."""
        return [
            ("20", self.env._("20 minutes, while we talk")),
            ("120", self.env._("2 hours")),
            ("company", self.env._("%s hours, as set up", self.env.company.sdd_link_hours)),
        ]

    @api.model
    def default_get(self, fields):
        """Propose the customer's language, and the way in which he can be reached."""
        values = super().default_get(fields)
        mandate = self.env["sdd.mandate"].browse(values.get("mandate_id"))
        if mandate:
            addresses = self.env["sdd.mandate.confirmation"]._get_addresses(mandate.partner_id)
            values["lang"] = mandate._get_customer_lang()
            values["channel"] = next(iter(addresses), "none")
            values["code_channel"] = next(iter(addresses), "email")
        return values

    @api.depends("mandate_id", "method", "channel", "code_channel", "with_code", "validity", "lang")
    def _compute_preview(self):
        for wizard in self:
            links = wizard.env["sdd.mandate.confirmation"]
            addresses = links._get_addresses(wizard.mandate_id.partner_id)
            channel = wizard._get_channel()
            wizard.address_missing = channel != "none" and channel not in addresses
            subject, body = wizard._render_preview()
            wizard.preview_subject = subject
            wizard.preview = body

    def _render_preview(self):
        """Return subject and text of the message that would go out, without its secret.

        Note: self.ensure_one()

        :rtype: tuple[str, Markup]
        """
        channel = self._get_channel()
        if channel == "none" or not self.mandate_id or not self.lang:
            return "", ""
        link = self._get_sample()
        if channel == "sms":
            text = link._get_code_sms() if self.method == "phone" else link._get_link_sms()
            return "", Markup("<p>%s</p>") % text
        template = self.env.ref(CODE_TEMPLATE if self.method == "phone" else LINK_TEMPLATE).sudo()
        template = template.with_context(lang=self.lang)
        subject = template._render_template(template.subject, link._name, [link.id])[link.id]
        body = template._render_template(
            template.body_html,
            link._name,
            [link.id],
            engine="qweb",
            options={"post_process": False},
        )
        return subject, body[link.id]

    def _get_sample(self):
        """Return a record like the one that would be made, which is in no database.

        Note: self.ensure_one()
        """
        now = fields.Datetime.now()
        # In sudo mode: nobody may make links by hand, and this one is none.
        links = self.env["sdd.mandate.confirmation"].sudo().with_context(lang=self.lang)
        return links.new(
            {
                "mandate_id": self.mandate_id._origin.id,
                "purpose": "phone" if self.method == "phone" else "confirm",
                "channel": self._get_channel(),
                "lang": self.lang,
                "with_code": self.with_code,
                "issued_date": now,
                "expiry_date": fields.Datetime.add(now, minutes=self._get_minutes()),
                "url": f"{self.mandate_id.get_base_url()}/sdd/confirm/{ELLIPSIS}",
                "code": NO_CODE,
            }
        )

    def _get_channel(self):
        """Return how the message goes out: `email`, `sms`, or `none` for a link only.

        Note: self.ensure_one()
        """
        return self.code_channel if self.method == "phone" else self.channel

    def _get_minutes(self):
        """Return for how long the link is valid.

        Note: self.ensure_one()

        :rtype: int
        """
        if self.method == "phone":
            return 60
        if self.validity == "company":
            # In sudo mode: of the company, only this setting.
            return self.mandate_id.company_id.sudo()._sdd_get_link_minutes()
        return int(self.validity)

    # === ACTION METHODS === #

    def action_send(self):
        """Send the link or the code and show how far the customer is.

        :raise UserError: when the customer cannot be reached this way.
        """
        self.ensure_one()
        if self.method == "phone":
            return self._send_code()
        link = self.mandate_id._create_confirmation(
            channel=self.channel,
            with_code=self.with_code,
            lang=self.lang,
            minutes=self._get_minutes(),
            allow_signature=self.allow_signature,
        ).with_context(lang=self.lang)
        if self.with_code and not link._get_code_target():
            raise UserError(
                self.env._(
                    "%(customer)s has no e-mail address or telephone number that a code could be sent to."
                    " Enter it first, or ask without a code.",
                    customer=self.partner_id.display_name,
                )
            )
        if self.channel == "none":
            link._note_sent()
        else:
            link._send_link()
        return link.with_env(self.env)._open_status()

    def _send_code(self):
        """Send a code that the customer reads back.

        Note: self.ensure_one()
        """
        if not self.mandate_id.bank_account_id:
            raise UserError(
                self.env._("Enter the IBAN that the customer tells you in the mandate first.")
            )
        link = self.mandate_id._create_confirmation(
            channel=self.code_channel, purpose="phone", lang=self.lang, minutes=self._get_minutes()
        )
        if obstacle := link.with_context(lang=self.lang)._send_code():
            raise UserError(obstacle)
        return link.with_env(self.env)._open_status()
