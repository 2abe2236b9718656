import base64
import binascii
import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq, hmac

#: Bytes of chance in a link (256 bit), and of the signature behind them.
RANDOM_BYTES = 32
SIGNATURE_BYTES = 16
#: A link that a worker with a fast clock has made is no reason to turn a customer away.
CLOCK_TOLERANCE = timedelta(minutes=5)
#: How long links are kept after their end; what happened stands in the history for good.
KEEP_DAYS = 90


class SddMandateConfirmation(models.Model):
    """One link, or one code, with which a customer confirms a mandate.

    Nobody but the program writes it: there is no right to it beyond reading. The link itself is
    never stored, only its hash, so it can be shown right after it was made and never again.
    """

    _name = "sdd.mandate.confirmation"
    _description = "Confirmation of a Mandate"
    _order = "id desc"
    _rec_name = "mandate_id"
    _check_company_auto = True

    mandate_id = fields.Many2one(
        "sdd.mandate",
        required=True,
        index=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="mandate_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="mandate_id.partner_id")
    purpose = fields.Selection(
        [
            ("confirm", "Link"),
            ("phone", "Code on the phone"),
            ("account", "Change of account"),
        ],
        required=True,
        readonly=True,
        default="confirm",
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("sms", "SMS"), ("none", "By staff")],
        string="Sent by",
        required=True,
        readonly=True,
        default="email",
    )
    sent_to = fields.Char(readonly=True, help="The address, masked.")
    lang = fields.Char(string="Language", required=True, readonly=True)
    with_code = fields.Boolean(string="One-time code", readonly=True)
    allow_signature = fields.Boolean(string="Signature offered", readonly=True)
    issued_date = fields.Datetime(string="Made on", required=True, readonly=True)
    expiry_date = fields.Datetime(string="Valid until", required=True, readonly=True)
    opened_date = fields.Datetime(string="Opened on", readonly=True)
    used_date = fields.Datetime(string="Confirmed on", readonly=True)
    revoked_date = fields.Datetime(string="Withdrawn on", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("used", "Confirmed"), ("expired", "Expired"), ("revoked", "Withdrawn")],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )
    token_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    url = fields.Char(
        compute="_compute_url",
        groups=fields.NO_ACCESS,
        help="Known only in the request that made the link.",
    )

    _token_unique = models.Constraint("UNIQUE(token_hash)", "This link exists already.")
    _window = models.Constraint(
        "CHECK(expiry_date > issued_date)", "A link must be valid for some time."
    )

    # === COMPUTE METHODS === #

    @api.depends("used_date", "revoked_date", "issued_date", "expiry_date")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            if link.used_date:
                link.state = "used"
            elif link.revoked_date:
                link.state = "revoked"
            else:
                link.state = "open" if link._is_current(now) else "expired"

    def _is_current(self, now):
        """Return whether the link's time has come and is not over, on the server's clock.

        Note: self.ensure_one()

        :param datetime now: UTC.
        """
        return self.issued_date - CLOCK_TOLERANCE <= now < self.expiry_date

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        waiting = Domain("used_date", "=", False) & Domain("revoked_date", "=", False)
        domains = {
            "used": Domain("used_date", "!=", False),
            "revoked": Domain("used_date", "=", False) & Domain("revoked_date", "!=", False),
            "open": waiting & Domain("expiry_date", ">", now),
            "expired": waiting & Domain("expiry_date", "<=", now),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _compute_url(self):
        """The link is written into the cache by what makes it; nobody can compute it."""
        self.url = False

    # === BUSINESS METHODS === #

    @api.model
    def _issue(self, mandate, minutes, **values):
        """Make a link and end the older ones for the same purpose.

        :param mandate: `sdd.mandate` record.
        :param int minutes: how long it is valid.
        :param values: values of the new record.
        :return: the record (sudo); its `url` is known until the end of this request.
        :rtype: `sdd.mandate.confirmation` record
        """
        # In sudo mode: nobody writes links by hand.
        links = self.sudo()
        purpose = values.get("purpose", "confirm")
        mandate.sudo().confirmation_ids.filtered(
            lambda link: link.purpose == purpose and link.state == "open"
        )._revoke(renewed=True)
        random = secrets.token_bytes(RANDOM_BYTES)
        now = fields.Datetime.now()
        link = links.create(
            {
                **values,
                "mandate_id": mandate.id,
                "issued_date": now,
                "expiry_date": now + timedelta(minutes=minutes),
                "token_hash": hashlib.sha256(random).hexdigest(),
            }
        )
        link.url = f"{mandate.get_base_url()}/sdd/confirm/{self._make_token(random)}"
        return link

    @api.model
    def _make_token(self, random):
        """Return what stands in the link: the chance and its signature.

        :param bytes random: 32 bytes.
        :rtype: str of 64 letters, digits, dashes and underscores
        """
        return base64.urlsafe_b64encode(random + self._sign(random)).decode()

    @api.model
    def _sign(self, random):
        """Return the signature of a link's chance, keyed with the secret of this database."""
        # In sudo mode: the secret of the database takes part.
        digest = hmac(self.env(su=True), "support_debit-confirmation", random.hex())
        return bytes.fromhex(digest)[:SIGNATURE_BYTES]

    @api.model
    def _find(self, token):
        """Return the link with this token; what is not signed by us never reaches the database.

        :param str token: the last part of the address, as it came.
        :return: the record (sudo), empty when there is none.
        :rtype: `sdd.mandate.confirmation` record
        """
        none = self.sudo().browse()  # In sudo mode: whoever holds the link has no account.
        try:
            # Programs that find links in a text often take the full stop behind them along.
            raw = base64.urlsafe_b64decode(token.strip(" .,;:!?'\"<>()[]").encode("ascii"))
        except (binascii.Error, ValueError):
            return none
        random, signature = raw[:RANDOM_BYTES], raw[RANDOM_BYTES:]
        if len(raw) != RANDOM_BYTES + SIGNATURE_BYTES or not consteq(self._sign(random), signature):
            return none
        digest = hashlib.sha256(random).hexdigest()
        return none.search([("token_hash", "=", digest), ("purpose", "=", "confirm")], limit=1)

    def _note_opened(self, data):
        """Remember the first time that the customer saw the page.

        Programs that look into e-mails before people do may cause it, too: it proves nothing.

        Note: self.ensure_one() (sudo)

        :param dict data: where the request came from.
        """
        self.ensure_one()
        if self.opened_date or self.state != "open":
            return
        if not (self.try_lock_for_update() and self.mandate_id.try_lock_for_update()):
            return  # Another request is at it; the page is shown all the same.
        self.opened_date = fields.Datetime.now()
        self.mandate_id._log_event("link_opened", {"link": self.id, **data})

    def _revoke(self, *, renewed=False):
        """End open links before their time; what they brought so far stays.

        :param bool renewed: whether a new link takes their place.
        """
        # In sudo mode: nobody writes links by hand; the caller has checked the right.
        for link in self.sudo().filtered(lambda link: link.state == "open"):
            link.write({"revoked_date": fields.Datetime.now(), "code_hash": False})
            link.mandate_id._log_event("link_revoked", {"link": link.id, "renewed": renewed})

    @api.model
    def _cron_clean(self):
        """Delete links that ended long ago; the mandates' histories keep what happened."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        # In sudo mode: nobody else may delete links.
        self.sudo().search([("expiry_date", "<", before)], limit=10000).unlink()
