"""The interface for any bureau: fields and results are filled in by hand, JSON over HTTPS."""

import base64

from odoo import models

from ...scoring import bureau
from . import vault
from .bureau_facts import PASSING_FACTS


class RiskProvider(models.Model):
    _inherit = "risk.provider"

    def _get_pairs_json(self, facts):
        """Return the fields of the request; None without what is needed or who is meant."""
        pairs = []
        for line in self.field_ids:
            value = line.text if line.fact == "fixed" else facts.get(line.fact)
            if line.is_required and value in (None, "", False):
                return None
            pairs.append((line.path, value, line.fact in PASSING_FACTS))
        return pairs if self._names_somebody(facts, self.field_ids.mapped("fact")) else None

    def _make_question_json(self, facts, pairs):
        """Return the request with its sign-in."""
        return bureau.Question(
            url=self.url,
            method=self.method,
            headers=self._get_auth_headers(),
            body=bureau.build_json((path, value) for path, value, _passing in pairs),
        )

    def _get_auth_headers(self):
        """Return the headers that say who asks.

        Note: self.ensure_one()
        """
        # In sudo mode: the program alone reads the key.
        provider = self.sudo()
        secret = vault.decrypt(self.env, provider.secret_token)
        if self.auth == "basic":
            pair = f"{provider.auth_user or ''}:{secret}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        if self.auth == "bearer":
            return {"Authorization": f"Bearer {secret}"}
        if self.auth == "header":
            return {provider.auth_user or "X-Api-Key": secret}
        return {}

    def _read_answer_json(self, body):
        """Return what the answer says at the places that were filled in."""
        return bureau.read_answer(
            bureau.parse_json(body),
            self.result_ids._get_readings(),
            self.ok_path or "",
            self.ok_values or "",
        )
