"""What the customer sees and sends on the confirmation page, and what becomes of it."""

import json

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import consteq, hmac

from ...sepa import charset
from ...sepa import iban as sepa_iban

#: How long after the confirmation the link still shows the mandate and its PDF.
COPY_DAYS = 14


class SddMandateConfirmation(models.Model):
    _inherit = "sdd.mandate.confirmation"

    # === WHAT IS SHOWN === #

    def _get_obstacle(self):
        """Return why nothing can be confirmed with this record any more, "" if it can.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        if self.mandate_id.state in ("revoked", "expired"):
            return self.env._(
                "This mandate has ended. Please contact us if you want to give a new one."
            )
        if self.state == "used":
            return self.env._("This mandate is confirmed already. There is nothing left to do.")
        if self.state != "open":
            return self.env._("This link is not valid any more. Please ask for a new one.")
        return ""

    def _get_page_state(self):
        """Return which page the holder of the link sees.

        Note: self.ensure_one() (sudo)

        :return: `open`, `done` (used a short time ago), `used`, `expired`, `revoked` or `ended`.
        :rtype: str
        """
        self.ensure_one()
        if self.mandate_id.state in ("revoked", "expired"):
            return "ended"
        if self.state == "used":
            until = fields.Datetime.add(self.used_date, days=COPY_DAYS)
            return "done" if fields.Datetime.now() < until else "used"
        return self.state

    def _get_form_values(self):
        """Return what the customer reads before he confirms.

        Note: self.ensure_one() (sudo, in the customer's language)

        :return: values for the template, see the keys.
        :rtype: dict
        """
        self.ensure_one()
        mandate = self.mandate_id
        text = mandate._get_confirmation_text()
        debits = mandate._get_announced_debits()
        return {
            "creditor_name": mandate.creditor_name or mandate.company_id.name,
            "creditor_address": mandate._get_creditor_address(),
            "creditor_identifier": mandate.creditor_identifier,
            "mandate_reference": mandate.name,
            "mandate_title": text["title"],
            "mandate_text": text["shown"],
            "recurrent_label": self.env._("Recurrent payment")
            if mandate.mandate_type == "recurrent"
            else self.env._("One-off payment"),
            "amount_text": (debits and debits[0][0]) or "",
            "collection_date_text": (debits and debits[0][1]) or "",
            "more_debits": debits[1:],
            "replaces": mandate.replaces_id.name or "",
            "holder": mandate.holder or "",
            "iban_masked": mandate.iban_masked or "",
            "bank_name": mandate.bank_name or "",
            "lang": text["lang"],
            "needs_account": not mandate.bank_account_id,
            "fingerprint": self._get_fingerprint(),
        }

    def _get_fingerprint(self):
        """Return a keyed hash of everything that the customer agrees to.

        What came with the page is compared with what holds when it is sent: nobody agrees to
        something else than what he read.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        mandate = self.mandate_id
        values = [
            self.id,
            mandate.name,
            mandate.creditor_name or "",
            mandate.creditor_identifier,
            mandate.holder or "",
            mandate.bank_account_id.id,
            mandate.bank_account_id.sanitized_acc_number or "",
            mandate.scheme,
            mandate.mandate_type,
            mandate._get_confirmation_text()["shown"],
        ]
        return hmac(self.env(su=True), "support_debit-fingerprint", json.dumps(values))

    def _is_fingerprint(self, text):
        """Return whether a text from outside is the fingerprint of what holds now."""
        return consteq(self._get_fingerprint().encode(), str(text or "").encode())

    # === WHAT IS SENT === #

    def _accept(self, form, evidence):
        """Confirm the mandate with what the customer sent, or say what is wrong.

        Note: self.ensure_one() (sudo, in the customer's language)

        :param dict form: accepted (bool), code, holder, iban, signature (data URL), fingerprint.
        :param dict evidence: ip_address, user_agent.
        :return: list of {field, code, message}, empty when the mandate is confirmed. The code of an
            error of the field `form` is `busy` (again), `stale` (read it again) or `closed`.
        :rtype: list[dict]
        """
        self.ensure_one()
        try:
            # Of two clicks or two windows, one goes on here.
            self.lock_for_update(allow_referencing=True)
            self.mandate_id.lock_for_update()
        except LockError:
            return self._refuse(
                "form", "busy", self.env._("Your confirmation is under way. Please wait a moment.")
            )
        if obstacle := self._get_obstacle():
            return self._refuse("form", "closed", obstacle)
        if not self._is_fingerprint(form.get("fingerprint")):
            message = self.env._(
                "The mandate was changed while you were reading. Please read it once more."
            )
            return self._refuse("form", "stale", message)
        signature, errors = self._read_signature(form.get("signature"))
        errors += self._find_errors(form)
        return errors or self._try_to_confirm(form, signature, evidence)

    def _try_to_confirm(self, form, signature, evidence):
        """Check the code and confirm; what is refused after that leaves no trace.

        Note: self.ensure_one() (sudo), the rest of the form has been checked

        :return: see `_accept`.
        """
        try:
            # A right code is not used up when the mandate cannot be confirmed after all.
            with self.env.cr.savepoint():
                ip_address = evidence.get("ip_address", "")
                if self.with_code and not self._check_code(form.get("code"), ip_address):
                    return self._refuse("code", "code", self._explain_code())
                self._confirm(form, signature, evidence)
        except UserError as error:
            return self._refuse("form", "refused", str(error))
        return []

    @staticmethod
    def _refuse(field, code, message):
        """Return one error in a list."""
        return [{"field": field, "code": code, "message": message}]

    def _find_errors(self, form):
        """Return what is missing or wrong, field by field.

        Note: self.ensure_one() (sudo)

        :param dict form: see `_accept`.
        :rtype: list[dict]
        """
        errors = []
        if not self.mandate_id.bank_account_id:
            errors += self._find_account_errors(form)
        if self.with_code and not str(form.get("code") or "").strip():
            errors += self._refuse("code", "code", self.env._("Please enter the code."))
        if form.get("accepted") is not True:
            message = self.env._("Please tick the box to give the mandate.")
            errors += self._refuse("accepted", "accepted", message)
        return errors

    def _find_account_errors(self, form):
        """Return what is wrong with the account that the customer entered himself."""
        errors = []
        name = charset.to_sepa(str(form.get("holder") or ""), "epc", 70)
        if not any(character.isalpha() for character in name):
            message = self.env._("Please enter the account holder's name as your bank knows it.")
            errors += self._refuse("holder", "holder", message)
        try:
            sepa_iban.check(str(form.get("iban") or "")[:64])
        except sepa_iban.IbanError as error:
            message = self.env["res.partner.bank"]._sdd_error_message(error)
            errors += self._refuse("iban", error.code, message)
        accounts = self.env["res.partner.bank"]
        if not errors and accounts._sdd_is_blocked(str(form.get("iban"))[:64]):
            errors += self._refuse("iban", "blocked", accounts._sdd_get_block_message())
        return errors

    # === WHAT BECOMES OF IT === #

    def _confirm(self, form, signature, evidence):
        """Write down what the customer did, and let the mandate be used.

        Note: self.ensure_one() (sudo), the form has been checked

        :param dict form: see `_accept`.
        :param bytes signature: the drawn signature as PNG, or None.
        :param dict evidence: ip_address, user_agent.
        """
        mandate = self.mandate_id
        text = mandate._get_confirmation_text()
        if not mandate.bank_account_id:
            holder = self._clean(form["holder"])
            accounts = self.env["res.partner.bank"]
            account = accounts._sdd_find_or_create(form["iban"], holder, mandate.partner_id)
            mandate.write({"holder": holder, "bank_account_id": account.id})
        data = {**self._get_evidence(text), **evidence, **mandate._keep_text(text)}
        kind = "own_device_tick"
        if self.with_code:
            kind = "own_device_code"
            data.update(self._get_code_evidence())
        if signature:
            kind = "signature_drawn"
            data.update(mandate._store_evidence_file("signature.png", signature))
        self.used_date = fields.Datetime.now()
        mandate._confirm(kind, data)
        self._queue_copy()

    def _confirm_read_back(self):
        """Confirm the mandate with a code that the customer read out on the phone.

        Note: self.ensure_one() (sudo), the code was right
        """
        mandate = self.mandate_id
        text = mandate._get_confirmation_text()
        data = {
            **self._get_evidence(text),
            **self._get_code_evidence(),
            **mandate._keep_text(text),
            "text_read_out": self.code_channel == "sms",
        }
        self.used_date = fields.Datetime.now()
        # In sudo mode, but the history names the agent who heard the code.
        mandate._confirm("phone_code", data)
        self._queue_copy()

    def _get_evidence(self, text):
        """Return what every confirmation says in the mandate's history.

        Note: self.ensure_one() (sudo)

        :param dict text: see `sdd.mandate._get_confirmation_text`.
        :rtype: dict
        """
        mandate = self.mandate_id
        return {
            "time_utc": fields.Datetime.to_string(fields.Datetime.now()),
            "language": self.lang,
            "link": self.id,
            "sent_by": self.channel,
            "sent_to": self.sent_to or "",
            "holder": mandate.holder,
            "iban": mandate.iban_masked,
            "bank_account_id": mandate.bank_account_id.id,
            "iban_hash": mandate.bank_account_id.iban_hash,
            "text_version": text["version"],
            "text_hash": text["hash"],
        }

    @api.model
    def _clean(self, text):
        """Return a typed text on one line, without characters that nobody sees."""
        visible = "".join(c for c in text if c.isprintable() or c.isspace())
        return " ".join(visible.split())
