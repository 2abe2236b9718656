"""A customer changes the account of his mandate himself: a tick, and a code sent by e-mail."""

from odoo import fields, models


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    # === WHAT IS AGREED === #

    def _get_account_text(self):
        """Return what the customer agrees to when he changes the account.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        return self.env._(
            "I authorise %(creditor)s (creditor identifier %(identifier)s) to collect under my SEPA"
            " direct debit mandate %(mandate)s from the account with the IBAN entered above from now"
            " on. I am the holder of this account. The mandate stays the same in every other"
            " respect.",
            creditor=self.creditor_name or self.company_id.name,
            identifier=self.creditor_identifier,
            mandate=self.name,
        )

    def _get_account_text_hash(self):
        """Return the SHA-256 of that text: what is sent must be what was read.

        Note: self.ensure_one()
        """
        return self.env["sdd.mandate.text"]._hash(self._get_account_text())

    def _can_change_account(self):
        """Return whether the customer can change the account himself now.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.state in ("active", "suspended")

    def _find_account_errors(self, iban, accepted, text_hash):
        """Return what is missing or wrong before a code is worth sending or checking.

        Note: self.ensure_one() (sudo)

        :param str iban: as typed.
        :param bool accepted: whether the customer ticked the box.
        :param str text_hash: hash of the text that he read.
        :return: {field, message} for each error.
        :rtype: list[dict]
        """
        self.ensure_one()
        if text_hash != self._get_account_text_hash():
            message = self.env._("The mandate was changed meanwhile. Please load the page again.")
            return [{"field": "form", "message": message}]
        errors = []
        if obstacle := self._find_account_obstacle(iban):
            message = obstacle.reason
            if obstacle.code == "same":
                message = self.env._("We collect from this account already.")
            errors.append({"field": "iban", "message": message})
        if accepted is not True:
            message = self.env._("Please tick the box to change the account.")
            errors.append({"field": "accepted", "message": message})
        return errors

    # === STEPS === #

    def _send_account_code(self, link, ip_address):
        """Send the customer the code with which he changes the account.

        Note: self.ensure_one() (sudo)

        :param link: the `sdd.mandate.confirmation` of this browser for this IBAN, may be empty.
        :param str ip_address: who asks for it.
        :return: the confirmation and what to tell the customer instead of sending, if anything.
        :rtype: tuple[`sdd.mandate.confirmation` record, str]
        """
        self.ensure_one()
        if not link or link.state != "open":
            link = self._create_confirmation(channel="email", purpose="account")
        return link, link._send_code(ip_address)

    def _change_account(self, link, iban, code, evidence):
        """Change the account if the code is right.

        Note: self.ensure_one() (sudo), the rest of the form has been checked

        :param link: the `sdd.mandate.confirmation` whose code was sent.
        :param str iban: a checked IBAN.
        :param str code: as typed.
        :param dict evidence: where the request came from; JSON values.
        :return: what to tell the customer whose code was refused, "" when the account is changed.
        :rtype: str
        :raise UserError: when the mandate cannot be changed just now; nothing is written then.
        :raise LockError: when another request checks a code right now.
        """
        self.ensure_one()
        if not link._check_code(code, evidence.get("ip_address", "")):
            return link._explain_code()
        text = self._get_account_text()
        proof = {
            **evidence,
            **link._get_code_evidence(),
            "evidence": "own_device_code",
            "time_utc": fields.Datetime.to_string(fields.Datetime.now()),
            "text_shown": text,
            "text_hash": self.env["sdd.mandate.text"]._hash(text),
        }
        link.used_date = fields.Datetime.now()
        old = self.iban_masked
        accounts = self.env["res.partner.bank"]
        account = accounts._sdd_find_or_create(iban, self.holder, self.partner_id)
        self.amend_bank_account(account, evidence=proof)
        self._tell_account_changed(old)
        return ""

    # === A NEW MANDATE === #

    def _start_replacement(self):
        """Return the link of a new mandate that takes the place of this one once it is given.

        Whoever confirms it enters holder and account himself.

        Note: self.ensure_one() (sudo)

        :rtype: `sdd.mandate.confirmation` record
        """
        self.ensure_one()
        waiting = self.replaced_by_ids.filtered(lambda m: m.state in ("draft", "pending"))[:1]
        new = waiting or self._create_replacement(
            bank_account_id=False, channel="portal", lang=self.env.lang
        )
        return new._start_confirmation()

    def _start_confirmation(self):
        """Return a link with which the customer confirms this mandate in this browser.

        Note: self.ensure_one() (sudo)

        :rtype: `sdd.mandate.confirmation` record
        """
        self.ensure_one()
        return self._create_confirmation(channel="email", with_code=True, lang=self.env.lang)
