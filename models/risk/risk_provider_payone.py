"""The interface of PAYONE: `consumerscore` about a person, `bankaccountcheck` about an account."""

from odoo import fields, models

from ...scoring import bureau, bureau_payone
from . import vault


class RiskProvider(models.Model):
    _inherit = "risk.provider"

    payone_merchant = fields.Char(string="Merchant ID (mid)")
    payone_portal = fields.Char(string="Portal ID")
    payone_account = fields.Char(string="Sub-account (aid)")
    payone_is_live = fields.Boolean(string="PAYONE's live system")
    payone_address_check = fields.Selection(
        [("NO", "None"), ("BA", "Address"), ("PE", "Person"), ("PB", "BA, Boniversum")],
        string="Address check",
        default="NO",
    )
    payone_score_type = fields.Selection(
        [
            ("IH", "Hard features (infoscore)"),
            ("IA", "All features (infoscore)"),
            ("IB", "All features and score (infoscore)"),
            ("CE", "Score (Boniversum VERITA)"),
        ],
        string="Kind of score",
        default="IH",
    )
    payone_check_type = fields.Selection(
        [
            ("0", "Number"),
            ("1", "Number and list of blocked accounts"),
            ("2", "Number and list of savings accounts"),
        ],
        string="Kind of check",
        default="0",
    )

    def _get_pairs_payone_score(self, facts):
        """Return what is asked about a person; None without a name and a whole address."""
        if not all(facts.get(name) for name in ("last_name", "street", "zip", "city", "country")):
            return None
        return self._make_pairs(
            bureau_payone.make_score(
                facts, self.payone_address_check or "NO", self.payone_score_type or "IH"
            )
        )

    def _get_pairs_payone_account(self, facts):
        """Return what is asked about an account; None without one."""
        if not facts.get("iban"):
            return None
        return self._make_pairs(bureau_payone.make_account(facts, self.payone_check_type or "0"))

    def _make_pairs(self, parameters):
        return [(name, value, False) for name, value in parameters.items()]

    def _make_question_payone_score(self, facts, pairs):
        return self._make_question_payone(pairs)

    def _make_question_payone_account(self, facts, pairs):
        return self._make_question_payone(pairs)

    def _make_question_payone(self, pairs):
        """Return the request with who asks.

        Note: self.ensure_one()
        """
        # In sudo mode: the program alone reads the key.
        key = vault.decrypt(self.env, self.sudo().secret_token)
        common = bureau_payone.make_common(
            self.payone_merchant or "",
            self.payone_portal or "",
            self.payone_account or "",
            key,
            self.payone_is_live,
        )
        parameters = {name: value for name, value, _passing in pairs}
        return bureau.Question(
            url=self.url,
            body=bureau_payone.encode({**common, **parameters}),
            content_type="application/x-www-form-urlencoded; charset=utf-8",
        )

    def _read_answer_payone_score(self, body):
        return bureau_payone.read_score(bureau_payone.decode(body))

    def _read_answer_payone_account(self, body):
        return bureau_payone.read_account(bureau_payone.decode(body))
