"""What is said while somebody types, and how often: no form may become an oracle for account numbers."""

from odoo import api, models

from ... import const as root_const
from ...sepa import iban as sepa_iban
from .const import FIELD_TEXTS
from .signals import get_sentence

#: Soft findings about the account that are told while it is typed.
_ACCOUNT_CODES = ("bank_unknown", "national_check")
#: Findings about what else is typed: {code: the field it belongs to}.
_CONTACT_FIELDS = {
    "name_implausible": "name",
    "postcode_invalid": "zip",
    "town_mismatch": "city",
    "email_invalid": "email",
    "email_typo": "email",
    "email_disposable": "email",
    "phone_invalid": "phone",
    "vat_invalid": "vat",
}


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_field_warnings(self, iban, holder="", session="", ip="", name=""):
        """Return what to say kindly about an account while it is typed; nothing of it stops anybody.

        After three account numbers that looked wrong, or many of any kind, the answer is the same
        for each number: whoever tries numbers out learns nothing more. Counts attempts.

        :param str iban: as typed; as long as it is not complete there is nothing to say.
        :param str holder: the account holder as typed.
        :param str session: id of the browser's session.
        :param str ip: the visitor's address.
        :param str name: the customer's name, to compare the holder with.
        :return: list of {code, message}, in the language of the environment.
        :rtype: list[dict]
        """
        try:
            number = sepa_iban.validate(str(iban or "")[:64])
        except sepa_iban.IbanError:
            return []
        values = {"iban": number, "holder": holder, "name": name, "session": session}
        subject = self._make_subject({**values, "ip_address": ip}, "field")
        known = self._run(subject)
        doubts = [code for code in _ACCOUNT_CODES if code in known and known[code].value]
        if not self._may_answer(subject, bool(doubts)):
            return [self._say_field("neutral")]
        if any(is_own for *_columns, is_own in self._find_accounts(subject)):
            doubts.append("account_is_ours")
        warnings = [self._say_field(code) for code in doubts]
        match = known.get("holder_match")
        if match and match.value == "different":
            warnings.append(self._say_field("holder_different"))
        return warnings

    @api.model
    def _may_answer(self, subject, is_doubtful):
        """Count an account number that was typed; return whether an honest answer is still given.

        The same number again is not counted: people leave a field and come back.
        """
        network = self.env["risk.mark"]._get_network(subject.ip_address)
        marks = {"session": subject.session, "ip": network}
        attempts = self.env["sdd.mandate.attempt"]
        allowed = attempts._has_room("iban", **marks) and attempts._has_room("iban_doubt", **marks)
        account = self.env["res.partner.bank"]._sdd_hash(subject.iban)
        pair = f"{subject.session or network}:{account}"
        if allowed and any(marks.values()) and attempts._take("iban_seen", pair=pair):
            attempts._take("iban", **marks)
            if is_doubtful:
                attempts._take("iban_doubt", **marks)
        return allowed

    @api.model
    def _may_submit(self, session="", ip=""):
        """Count an order that is placed by direct debit; return whether there were not too many.

        The count is committed at once: bureaus may be asked before the order is placed.

        :param str session: id of the browser's session.
        :param str ip: the visitor's address.
        :return: False when a browser or connection has placed too many within an hour;
            `_get_busy_message` says it.
        :rtype: bool
        """
        network = self.env["risk.mark"]._get_network(ip)
        attempts = self.env["sdd.mandate.attempt"]
        return attempts._take_at_once("submit", session=session, ip=network)

    @api.model
    def _get_busy_message(self):
        """Return what a visitor is told who has placed too many orders within an hour."""
        return self.env._(FIELD_TEXTS["busy"])

    @api.model
    def _get_contact_warnings(self, values):
        """Return what to say kindly about a name, an address, an e-mail address while it is typed.

        :param dict values: values of `scoring.subject.Subject`.
        :return: list of {field, code, message}; `field` is that of `res.partner`.
        :rtype: list[dict]
        """
        known = self._run(self._make_subject(values, "field"))
        meant = known.facts.get("email_meant")
        warnings = []
        for code, field in _CONTACT_FIELDS.items():
            if code in known and known[code].value:
                message = get_sentence(self.env, code, True)
                if code == "email_typo":
                    params = {"address": meant}
                    message = root_const.say(self.env, FIELD_TEXTS["email_meant"], params)
                warnings.append({"field": field, "code": code, "message": message})
        return warnings

    @api.model
    def _say_field(self, code):
        """Return a finding as {code, message}."""
        text = FIELD_TEXTS.get(code) or root_const.IBAN_WARNINGS[code]
        return {"code": code, "message": self.env._(text)}
