"""Customers, accounts and mandates out of lines of a file, a set at a time."""

from odoo import fields

from ...sepa import iban as sepa_iban
from ...sepa import mandate_rules
from .sdd_mandate_import_quiet import QUIET

#: How a mandate gets from draft to the state that the file says.
PATHS = {
    "draft": (),
    "pending": ("pending",),
    "active": ("active",),
    "suspended": ("active", "suspended"),
    "revoked": ("active", "revoked"),
    "expired": ("active", "expired"),
}
#: The same for mandates without an account, which never can have been active.
PATHS_WITHOUT_ACCOUNT = {**PATHS, "revoked": ("revoked",), "expired": ("pending", "expired")}


class MandateMaker:
    """Makes the mandates of some lines of an import.

    :param record: `sdd.mandate.import` record.
    :param lines: its `sdd.mandate.import.line` records.
    :param dict rows: `sepa.mandate_file.MandateRow` by number.
    """

    def __init__(self, record, lines, rows):
        self.record, self.lines = record, lines
        self.rows = [rows[line.number] for line in lines]
        # In sudo mode: whoever may import need not have the rights to contacts and accounts, and
        # nobody writes history by hand. Thousands of notes in the chatter would help nobody.
        self.env = (
            record.with_company(record.company_id).sudo().with_context(tracking_disable=True).env
        )

    def create(self):
        """Create everything; returns the mandates in the order of the lines.

        :rtype: `sdd.mandate` recordset
        """
        partners = self._get_partners()
        accounts = self._get_accounts(partners)
        mandates = self.env["sdd.mandate"].create(
            [
                self._prepare_mandate(row, partner, account)
                for row, partner, account in zip(self.rows, partners, accounts, strict=True)
            ]
        )
        self._log_imported(mandates)
        self._log_amended(mandates)
        self._move(mandates)
        return mandates.with_env(self.record.env)

    # Customers

    def _get_partners(self):
        """Return the customer of each line; new ones are created, one for each key."""
        known = self._find_partners_of_import()
        missing = {}
        for line, row in zip(self.lines, self.rows, strict=True):
            if not line.partner_id and line.customer_key not in known:
                missing.setdefault(line.customer_key, row)
        values = [self._prepare_partner(row) for row in missing.values()]
        created = self.env["res.partner"].create(values)
        known.update(zip(missing, created, strict=True))
        return [
            self.env["res.partner"].browse(line.partner_id.id) or known[line.customer_key]
            for line in self.lines
        ]

    def _find_partners_of_import(self):
        """Return the customers that other lines of this file have made already, by their key."""
        keys = [line.customer_key for line in self.lines if not line.partner_id]
        found = self.env["sdd.mandate.import.line"].search_fetch(
            [
                ("import_id", "=", self.record.id),
                ("customer_key", "in", keys),
                ("mandate_id", "!=", False),
                ("partner_id", "=", False),
            ],
            ["customer_key", "mandate_id"],
        )
        return {line.customer_key: line.mandate_id.partner_id for line in found}

    def _prepare_partner(self, row):
        values = row.values
        country = self.record._find_country(values.get("country", ""))
        lang = values.get("lang") or ""
        installed = dict(self.env["res.lang"].get_installed())
        return {
            "name": values.get("customer_name")
            or values.get("customer_ref")
            or values.get("email"),
            "ref": values.get("customer_ref"),
            "is_company": values.get("is_company", values["scheme"] == "B2B"),
            "email": values.get("email"),
            "street": values.get("street"),
            "zip": values.get("zip"),
            "city": values.get("city"),
            "country_id": self._get_country_ids().get(country),
            "lang": lang if lang in installed else self.env.user.lang,
            "company_id": False,
        }

    def _get_country_ids(self):
        if not hasattr(self, "_country_ids"):
            countries = self.env["res.country"].search_fetch([], ["code"])
            self._country_ids = {country.code: country.id for country in countries}
        return self._country_ids

    # Accounts

    def _get_accounts(self, partners):
        """Return the account of each line, empty where there is no IBAN; new ones are created."""
        model = self.env["res.partner.bank"]
        wanted = [
            (model._sdd_hash(row.values["iban"]), partner.commercial_partner_id.id)
            if "iban" in row.values
            else None
            for row, partner in zip(self.rows, partners, strict=True)
        ]
        known = self._find_accounts([pair for pair in wanted if pair])
        missing = {
            pair: row
            for pair, row in zip(wanted, self.rows, strict=True)
            if pair and pair not in known
        }
        known.update(self._create_accounts(missing))
        return [known[pair] if pair else model for pair in wanted]

    def _find_accounts(self, wanted):
        """Return what is there of accounts: {(hash, owner's id): account}; archived ones come back.

        :param list wanted: (hash of the IBAN, owner's id) each.
        """
        model = self.env["res.partner.bank"].with_context(active_test=False)
        hashes, owner_ids = {pair[0] for pair in wanted}, {pair[1] for pair in wanted}
        found = model.search(
            [("iban_hash", "in", list(hashes)), ("partner_id", "in", list(owner_ids))]
        )
        known = {(account.iban_hash, account.partner_id.id): account for account in found}
        model.browse(a.id for a in known.values() if not a.active).action_unarchive()
        return known

    def _create_accounts(self, missing):
        """Return new accounts: {(hash, owner's id): account}.

        :param dict missing: {(hash of the IBAN, owner's id): the line that names the account}.
        """
        banks = self._get_banks(missing.values())
        quiet = self.env["res.partner.bank"].with_context(sdd_quiet_accounts=QUIET)
        created = quiet.create(
            [
                {
                    "acc_number": sepa_iban.group(row.values["iban"]),
                    "acc_holder_name": row.values.get("holder"),
                    "partner_id": owner_id,
                    "bank_id": banks.get(row.values.get("bank_bic")),
                }
                for (_hash, owner_id), row in missing.items()
            ]
        )
        return dict(zip(missing, created.with_env(self.env), strict=True))

    def _get_banks(self, rows):
        """Return the id of each bank by its BIC; new ones are created."""
        by_bic = {}
        for row in rows:
            if bic := row.values.get("bank_bic"):
                by_bic.setdefault(bic, row.values["iban"])
        found = self.env["res.bank"].search([("bic", "in", list(by_bic))])
        banks = {bank.bic: bank.id for bank in found}
        missing = [bic for bic in by_bic if bic not in banks]
        created = self.env["res.bank"].create(
            [{"bic": bic, "name": sepa_iban.check(by_bic[bic]).bank_name or bic} for bic in missing]
        )
        return {**banks, **dict(zip(missing, created.ids, strict=True))}

    # Mandates

    def _prepare_mandate(self, row, partner, account):
        values = row.values
        confirmed = values.get("bank_confirmed_date") or values.get("last_collection_date")
        return {
            "name": values["reference"],
            "company_id": self.record.company_id.id,
            "creditor_identifier": values["creditor_identifier"],
            "partner_id": partner.id,
            "holder": values.get("holder") or partner.name,
            "bank_account_id": account.id,
            "scheme": values["scheme"],
            "mandate_type": values["mandate_type"],
            "signature_date": values.get("signature_date"),
            "last_collection_date": values.get("last_collection_date"),
            # What was collected without coming back, the bank has known.
            "bank_confirmed_date": confirmed if values["scheme"] == "B2B" else False,
            "lang": partner.lang,
            "channel": "import",
        }

    def _log_events(self, values):
        """Write events of one kind: `[(mandate, kind, data)]`."""
        return self.env["sdd.mandate.event"].create(
            [
                {"mandate_id": mandate.id, "kind": kind, "data": data}
                for mandate, kind, data in values
            ]
        )

    def _log_imported(self, mandates):
        """Write down where each mandate comes from, and what proves it."""
        record = self.record
        default = record.evidence_kind_id.code
        events = []
        for mandate, row in zip(mandates, self.rows, strict=True):
            data = {"file": record.name, "sha256": record.sha256, "line": row.number}
            code = row.values.get("evidence") or default
            if code != "none":
                data["evidence"] = code
            events.append((mandate, "imported", data))
        self._log_events(events)

    def _log_amended(self, mandates):
        """Write down what the bank knows otherwise; it is told with the next debit."""
        creditors, renamed = [], []
        for mandate, row in zip(mandates, self.rows, strict=True):
            values = row.values
            changes = {"change": "creditor"}
            if old := values.get("original_creditor_identifier"):
                changes.update(old_identifier=old, new_identifier=mandate.creditor_identifier)
            if old := values.get("original_creditor_name"):
                changes.update(old_creditor=old, new_creditor=mandate.creditor_name)
            if len(changes) > 1:
                creditors.append((mandate, "amended", changes))
            if old := values.get("original_reference"):
                changes = {
                    "change": "reference",
                    "old_reference": old,
                    "new_reference": mandate.name,
                }
                renamed.append((mandate, "amended", changes))
        self._log_events(creditors)
        self._log_events(renamed)

    def _move(self, mandates):
        """Bring the mandates into the states that the file says, a set for each step.

        Nothing is sent to the customers: they gave these mandates long ago.
        """
        steps = {}
        for mandate, row in zip(mandates, self.rows, strict=True):
            state = self._get_state(row)
            paths = PATHS if mandate.bank_account_id else PATHS_WITHOUT_ACCOUNT
            for place, step in enumerate(paths[state]):
                ended = step in mandate_rules.ENDED
                facts = (row.values.get("end_date"), row.values.get("end_reason")) if ended else ()
                steps.setdefault((place, step, facts), []).append(mandate.id)
        for (_place, step, facts), ids in sorted(steps.items(), key=lambda item: item[0][0]):
            values = {}
            if facts:
                values["end_date"] = facts[0] or fields.Date.context_today(self.record)
                values["end_reason"] = facts[1] or self.record.env._("Had ended before the import.")
            mandates.browse(ids)._move_to(step, **values)

    def _get_state(self, row):
        """Return the state that a line's mandate gets."""
        state = row.values["state"] or "active"
        if self.record.create_state == "draft" and state not in mandate_rules.ENDED:
            return "draft"
        return state
