"""Checks of what the customer entered, and whether he is there already under another record."""

from odoo import api, models
from odoo.tools import SQL
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError as NumberError

from ...scoring import holder, plausibility
from .risk_check import ALL_STAGES, ORDER_STAGES, Check

#: More candidates than this are no duplicates, but a shared address of a shop.
_MAX_CANDIDATES = 40


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_checks(self):
        """Override to add the checks of name, address, e-mail, telephone, VAT number and age."""
        own = type(self)
        return [
            *super()._get_checks(),
            Check("name", ALL_STAGES, own._check_name),
            Check("address", ALL_STAGES, own._check_address),
            Check("email", ALL_STAGES, own._check_email),
            Check("phone", ALL_STAGES, own._check_phone),
            Check("vat", ORDER_STAGES, own._check_vat),
            Check("age", ORDER_STAGES, own._check_age),
            Check("duplicates", ORDER_STAGES, own._check_duplicates),
        ]

    @api.model
    def _check_name(self, subject, known):
        """Say whether a name looks like none."""
        if not subject.name:
            return []
        wrong = plausibility.is_name_implausible(subject.name, subject.is_company)
        return [self._say("name_implausible", wrong, "soft")]

    @api.model
    def _check_address(self, subject, known):
        """Say whether the address is complete and its postcode has its country's form and town.

        An address is never the only thing that counts: § 31(1) BDSG.
        """
        parts = (subject.street, subject.zip_code, subject.city)
        if subject.stage == "field" and not any(parts):
            return []
        country = subject.country_code
        towns = self.env["risk.town"]._get_towns()
        mismatch = plausibility.is_town_mismatch(subject.zip_code, subject.city, country, towns)
        return [
            self._say("address_incomplete", subject.stage != "field" and not all(parts)),
            self._say(
                "postcode_invalid",
                plausibility.is_postcode_invalid(subject.zip_code, country),
                "soft",
            ),
            self._say("town_mismatch", mismatch, "soft"),
        ]

    @api.model
    def _check_email(self, subject, known):
        """Say whether the e-mail address can exist, seems mistyped or is a throw-away one."""
        if not subject.email:
            return []
        domains = self.env["risk.domain"]
        common = domains._get_domains("common")
        meant = plausibility.find_email_typo(subject.email, common)
        known.facts["email_meant"] = meant
        throw_away = plausibility.is_email_of(subject.email, domains._get_domains("disposable"))
        return [
            self._say("email_invalid", plausibility.is_email_invalid(subject.email), "soft"),
            self._say("email_typo", bool(meant), "soft"),
            self._say("email_disposable", throw_away, "soft"),
        ]

    @api.model
    def _check_phone(self, subject, known):
        """Say whether the telephone number can exist."""
        valid, _number = plausibility.parse_phone(subject.phone, subject.country_code)
        return [] if valid is None else [self._say("phone_invalid", not valid, "soft")]

    @api.model
    def _check_vat(self, subject, known):
        """Say whether a VAT number has its country's form, and what the EU's register said before."""
        if not subject.vat or len(subject.vat) < 4:  # Odoo: "/" stands for "has none".
            return []
        try:
            module = get_cc_module(subject.vat[:2], "vat")
            if module is None:
                return []
            module.validate(subject.vat)
        except NumberError:
            return [self._say("vat_invalid", True, "soft")]
        return [self._say("vat_invalid", self._is_unknown_to_vies(subject), "soft")]

    @api.model
    def _is_unknown_to_vies(self, subject):
        """Return whether Odoo asked the EU's register, and it does not know the VAT number."""
        partners = self.env["res.partner"].sudo()  # In sudo mode: a visitor reads no customers.
        company = self.env["res.company"].sudo().browse(subject.company_id)
        if "vies_valid" not in partners._fields or not company.vat_check_vies:
            return False
        owner = partners.browse(subject.partner_id).commercial_partner_id
        return bool(owner and owner.perform_vies_validation and not owner.vies_valid)

    @api.model
    def _check_age(self, subject, known):
        """Say whether somebody cannot give a mandate alone yet; nothing else follows from an age."""
        under_age = plausibility.is_under_age(subject.birth_date, subject.now.date())
        return [] if under_age is None else [self._say("not_of_age", under_age, "hard")]

    @api.model
    def _check_duplicates(self, subject, known):
        """Count the customers that seem to be the same person or company."""
        duplicates = self._find_duplicate_ids(subject)
        known.facts["duplicates"] = duplicates
        return [self._say("duplicate_customers", len(duplicates))]

    @api.model
    def _find_duplicates(self, subject):
        """Return other customers that seem to be the same person or company.

        Two records are one when their names agree and they share e-mail address, telephone number or
        address, or when they have the same VAT number.

        :param scoring.subject.Subject subject: the customer.
        :rtype: `res.partner` recordset, commercial partners
        """
        return self.env["res.partner"].browse(self._find_duplicate_ids(subject))

    @api.model
    def _find_duplicate_ids(self, subject):
        """Return the ids of `_find_duplicates`, in one query."""
        conditions = self._get_duplicate_conditions(subject)
        if not conditions or not subject.name:
            return []
        own = self._get_owner_id(subject)
        self.env["res.partner"].flush_model(
            ["email_normalized", "phone_sanitized", "vat", "zip", "name", "commercial_partner_id"]
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT p.commercial_partner_id, p.name, p.vat = %(vat)s FROM res_partner p"
                " WHERE p.active AND p.commercial_partner_id <> %(own)s AND (%(conditions)s)"
                " AND (p.company_id IS NULL OR p.company_id = %(company)s)"
                " AND p.type = 'contact' ORDER BY p.id LIMIT %(limit)s",
                vat=subject.vat or None,
                own=own,
                conditions=SQL(" OR ").join(conditions),
                company=subject.company_id,
                limit=_MAX_CANDIDATES + 1,
            )
        )
        if len(rows) > _MAX_CANDIDATES:
            return []
        same = (holder.MATCH, holder.CLOSE)
        return sorted(
            {row[0] for row in rows if row[2] or holder.compare(subject.name, row[1]) in same}
        )

    @api.model
    def _get_duplicate_conditions(self, subject):
        """Return what makes another record a candidate; each has an index of its own."""
        conditions = []
        local, domain = plausibility.split_email(subject.email)
        if domain:
            conditions.append(SQL("p.email_normalized = %s", f"{local}@{domain}"))
        if phone := plausibility.phone_key(subject.phone, subject.country_code):
            conditions.append(SQL("p.phone_sanitized = %s", phone))
        if len(subject.vat) > 3:
            conditions.append(SQL("p.vat = %s", subject.vat))
        if subject.zip_code and subject.name:
            conditions.append(
                SQL("(p.zip = %s AND lower(p.name) = %s)", subject.zip_code, subject.name.lower())
            )
        return conditions
