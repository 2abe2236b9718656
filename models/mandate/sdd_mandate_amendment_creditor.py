"""Another creditor identifier or name, another reference: what a migration or a renaming changes."""

from odoo import models
from odoo.exceptions import UserError

from ...sepa import creditor_id, references


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    # === CREDITOR === #

    def _amend_creditor(self, identifier=None, name=None):
        """Let these mandates name another creditor identifier or name from now on.

        :param str identifier: the new identifier; the same if omitted.
        :param str name: the new name; the same if omitted.
        :return: an event (sudo) for each mandate that names something else now.
        :rtype: `sdd.mandate.event` recordset
        :raise UserError: for a wrong identifier, or one under which a reference is in use already.
        """
        self.check_access("write")
        values = {}
        if identifier:
            self.env["res.company"]._sdd_check_creditor_identifier(identifier)
            values["creditor_identifier"] = creditor_id.check(identifier)
        if name:
            values["creditor_name"] = name.strip()
        mandates = self.filtered(lambda m: any(m[key] != value for key, value in values.items()))
        mandates._check_amendable()
        mandates._lock_for_amendment()
        if identifier:
            mandates._check_references_free(values["creditor_identifier"])
        facts = {mandate: mandate._describe_creditor_change(values) for mandate in mandates}
        if mandates:
            mandates.with_context(tracking_disable=len(mandates) > 1)._write_state(values)
            mandates.flush_recordset()
        return self._log_amendments(facts)

    def _describe_creditor_change(self, values):
        """Return what the event says about a change of the creditor.

        Note: self.ensure_one()

        :param dict values: the new `creditor_identifier` and `creditor_name`.
        :rtype: dict
        """
        facts = {"change": "creditor"}
        for field, key in (("creditor_identifier", "identifier"), ("creditor_name", "creditor")):
            if field in values and values[field] != self[field]:
                facts[f"old_{key}"] = self[field] or ""
                facts[f"new_{key}"] = values[field]
        return facts

    def _check_references_free(self, identifier):
        """Raise a UserError when a reference of these mandates is in use under an identifier.

        :param str identifier: a valid creditor identifier.
        """
        mandates = self.sudo()  # In sudo mode: the unique index knows no companies either.
        known = [
            other
            for (other,) in mandates._read_group([], ["creditor_identifier"])
            if creditor_id.same_creditor(other, identifier)
        ]
        others = mandates.search([("creditor_identifier", "in", known), ("id", "not in", self.ids)])
        names = {other.name.upper() for other in others} if others else set()
        taken = [mandate.name for mandate in self if mandate.name.upper() in names]
        own = [mandate.name.upper() for mandate in self]
        taken += [mandate.name for mandate in self if own.count(mandate.name.upper()) > 1]
        if taken:
            raise UserError(
                self.env._(
                    "These references are in use under %(identifier)s already: %(references)s."
                    " Give the mandates new references first.",
                    identifier=identifier,
                    references=", ".join(taken[:10]),
                )
            )

    # === REFERENCE === #

    def _amend_reference(self, new):
        """Give this mandate another reference, such as that of another system.

        Note: self.ensure_one()

        :param str new: the new reference.
        :return: the event (sudo).
        :rtype: `sdd.mandate.event` record
        :raise UserError: for a reference that banks do not take, or that is in use already.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_amendable()
        new = (new or "").strip()
        try:
            references.check(new)
        except references.InvalidReference as error:
            raise UserError(self._get_reference_refusal(new)) from error
        if new == self.name:
            raise UserError(self.env._("This is the reference of the mandate already."))
        self._lock_for_amendment()
        # In sudo mode: references are unique in all companies of a creditor.
        candidates = self.sudo().search([("name", "=ilike", new), ("id", "!=", self.id)])
        if candidates.filtered(
            lambda m: creditor_id.same_creditor(m.creditor_identifier, self.creditor_identifier)
        ):
            raise UserError(
                self.env._(
                    "Another mandate has the reference %s. References are never used twice.", new
                )
            )
        old = self.name
        self._write_state({"name": new})
        return self._log_amendments(
            {self: {"change": "reference", "old_reference": old, "new_reference": new}}
        )

    def _get_reference_refusal(self, reference):
        """Return the sentence that refuses a reference which banks do not take.

        :param str reference: what was typed.
        :rtype: str
        """
        return self.env._(
            "“%(reference)s” cannot be a mandate reference: 1 to 35 letters, digits or"
            " + ? - : ( ) . , ' and single slashes inside.",
            reference=reference,
        )
