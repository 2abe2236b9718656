from odoo import models


class SddMandateImport(models.Model):
    _inherit = "sdd.mandate.import"

    def _get_identifiers(self):
        """Override: every bank of the company may collect under an identifier of its own."""
        main = super()._get_identifiers()
        return main + sorted(self.company_id._sdd_get_identifiers() - set(main))


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_original_values(self):
        """Override: the changes that no debit has told the bank of yet."""
        keys = {
            "old_reference": "original_reference",
            "old_identifier": "original_creditor_identifier",
            "old_creditor": "original_creditor_name",
        }
        result = super()._get_original_values()
        for mandate, events in self._get_waiting_amendments().items():
            found = result.setdefault(mandate, {})
            for event in events.sorted("number"):
                for key, value in (event.data or {}).items():
                    if key in keys and value:
                        # The oldest is the one that the bank knows.
                        found.setdefault(keys[key], value)
        return result
