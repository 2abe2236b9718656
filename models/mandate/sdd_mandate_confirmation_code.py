"""One-time codes: six digits, kept as a keyed hash, five tries, then a new one."""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac

from .sdd_mandate_confirmation import CLOCK_TOLERANCE

CODE_DIGITS = 6
CODE_MINUTES = 15
CODE_TRIES = 5


class SddMandateConfirmation(models.Model):
    _inherit = "sdd.mandate.confirmation"

    code = fields.Char(
        compute="_compute_code",
        groups=fields.NO_ACCESS,
        help="Known only in the request that sends the code.",
    )
    code_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    code_channel = fields.Selection(
        [("email", "E-mail"), ("sms", "SMS")], string="Code sent by", readonly=True
    )
    code_sent_to = fields.Char(readonly=True, help="The address, masked.")
    code_sent_date = fields.Datetime(string="Code sent on", readonly=True)
    code_tries = fields.Integer(string="Tries left", readonly=True)
    code_refused_date = fields.Datetime(string="Last wrong code on", readonly=True)
    code_used_date = fields.Datetime(string="Code entered on", readonly=True)

    def _compute_code(self):
        """The code is written into the cache by what draws it; nobody can compute it."""
        self.code = False

    def _send_code(self, ip_address=""):
        """Send a new code to the address on file; it takes the place of the one before.

        Note: self.ensure_one() (sudo)

        :param str ip_address: who asks for it.
        :return: "" when it is on its way, else what to tell the customer.
        :rtype: str
        """
        self.ensure_one()
        if not (self.try_lock_for_update() and self.mandate_id.try_lock_for_update()):
            return self.env._("Somebody is at work on this mandate. Please try again in a moment.")
        if obstacle := self._get_obstacle():
            return obstacle
        channel, address = self._get_code_address()
        if not channel:
            return self.env._("We have no address that a code could be sent to. Please contact us.")
        attempts = self.env["sdd.mandate.attempt"]
        if not attempts._take("code", link=self.id, mandate=self.mandate_id.id, ip=ip_address):
            return self.env._(
                "Several codes were sent already. Please use the newest one, or wait ten minutes."
            )
        code = self._draw_code()
        self.write(
            {
                "code_hash": self._hash_code(code),
                "code_channel": channel,
                "code_sent_to": self._mask_address(channel, address),
                "code_sent_date": fields.Datetime.now(),
                "code_tries": CODE_TRIES,
                "code_used_date": False,
            }
        )
        self.code = code
        self._deliver_code(address)
        self.mandate_id._log_event("code_sent", self._get_code_evidence())
        return ""

    def _check_code(self, text, ip_address=""):
        """Compare a typed code with the one that was sent; a code is right once only.

        Every call counts as a try, so check everything else first. The tries only count when the
        transaction is committed: do not raise after a refusal, show `_explain_code()`.

        Note: self.ensure_one() (sudo)

        :param str text: what was typed; blanks and dashes do not matter.
        :param str ip_address: who typed it.
        :rtype: bool
        :raise LockError: when another request checks a code of this record right now.
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if not self._is_code_alive():
            return False
        attempts = self.env["sdd.mandate.attempt"]
        if not attempts._take("check", mandate=self.mandate_id.id, ip=ip_address):
            self.code_hash = False
            return False
        typed = "".join(c for c in str(text or "") if c.isascii() and c.isdigit())
        salt = self.code_hash.partition("$")[0]
        if consteq(self._hash_code(typed, salt), self.code_hash):
            self.write({"code_hash": False, "code_used_date": fields.Datetime.now()})
            return True
        tries = self.code_tries - 1
        self.write(
            {
                "code_tries": tries,
                "code_hash": self.code_hash if tries else False,
                "code_refused_date": fields.Datetime.now(),
            }
        )
        data = {"tries": tries, "ip_address": ip_address, "link": self.id}
        self.mandate_id._log_event("code_refused", data)
        return False

    def _explain_code(self):
        """Return what to tell the customer whose code was refused.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        if not self.code_sent_date:
            return self.env._("Please ask for a code first.")
        if not self._is_code_alive():
            return self.env._("This code is not valid any more. Please ask for a new one.")
        if self.code_tries == 1:
            return self.env._("This code is not right. You can try once more.")
        return self.env._(
            "This code is not right. You can try %(tries)s more times.", tries=self.code_tries
        )

    def _is_code_alive(self):
        """Return whether there is a code that could be right now, on the server's clock.

        Note: self.ensure_one() (sudo)
        """
        if not self.code_hash or self.code_tries < 1:
            return False
        age = fields.Datetime.now() - self.code_sent_date
        return -CLOCK_TOLERANCE <= age < timedelta(minutes=CODE_MINUTES)

    def _get_code_evidence(self):
        """Return what an event says about the code: where it went and when, never the code.

        Note: self.ensure_one() (sudo)

        :rtype: dict
        """
        self.ensure_one()
        return {
            "link": self.id,
            "code_sent_by": self.code_channel,
            "code_sent_to": self.code_sent_to,
            "code_sent_utc": fields.Datetime.to_string(self.code_sent_date),
        }

    @api.model
    def _draw_code(self):
        """Return six digits that nobody can foresee."""
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"

    def _hash_code(self, code, salt=None):
        """Return the salted and keyed hash under which a code is kept.

        A plain hash of six digits is no secret: a million tries find it.

        Note: self.ensure_one() (sudo)

        :param str code: the digits.
        :param str salt: of the code it is compared with; drawn if omitted.
        :rtype: str
        """
        salt = salt or secrets.token_hex(16)
        digest = hmac(self.env(su=True), "support_debit-code", f"{self.id}:{salt}:{code}")
        return f"{salt}${digest}"

    # === ACTION METHODS === #

    def action_send_code(self):
        """Send a new code to the customer on the phone.

        :raise UserError: says why that is not possible now.
        """
        link = self._for_staff()
        if obstacle := link._send_code():
            raise UserError(obstacle)
        return link._get_status()

    def check_read_back(self, code):
        """Compare the code that the customer reads out; confirm the mandate if it is right.

        :param str code: as the agent typed it.
        :return: the status, with `message` when the code was refused.
        :rtype: dict
        """
        link = self._for_staff()
        if link.purpose != "phone":
            raise UserError(self.env._("The customer enters this code himself, on his page."))
        obstacle = link._get_obstacle()
        if not obstacle and not link.mandate_id.bank_account_id:
            obstacle = self.env._("Enter the IBAN in the mandate first.")
        if not obstacle:
            if link._check_code(code):
                link._confirm_read_back()
            else:
                obstacle = link._explain_code()
        return {**link._get_status(), "message": obstacle}
