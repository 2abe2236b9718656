"""What may be done with the account of a mandate: its number is never overwritten."""

from odoo import api, models
from odoo.exceptions import UserError

from ...sepa import iban as sepa_iban
from .const import ERASED_PREFIX, NUMBER_FIELDS


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse masked numbers and to say which account is there already.

        The database would say it as well, with the number in its log.
        """
        self._sdd_check_new_numbers(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override to keep the numbers of mandates: what a form shows and sends back is dropped."""
        if not self.env.su and {"sdd_protected", "iban_hash"} & vals.keys():
            raise UserError(
                self.env._("The program itself notes which accounts belong to mandates.")
            )
        if not self.env.su and "partner_id" in vals:
            self._sdd_check_same_partner(vals["partner_id"])
        names = [name for name in NUMBER_FIELDS if name in vals]
        if names:
            vals = self._sdd_drop_unchanged(vals, names)
        return super().write(vals)

    def unlink(self):
        """Override: Odoo archives an account and writes its number into the customer's history."""
        self.action_archive()
        for account in self:
            account.partner_id._message_log(
                body=self.env._(
                    "Bank Account %(link)s with number %(number)s archived",
                    link=account._get_html_link(title=f"#{account.id}"),
                    number=account._sdd_get_mask(),
                )
            )
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _sdd_check_new_numbers(self, vals_list):
        """Refuse new accounts whose number is a mask or is there already.

        :param list vals_list: values of the new accounts.
        :raise UserError: says what to do.
        """
        numbers = [vals.get("acc_number") or "" for vals in vals_list]
        for number in numbers:
            self._sdd_check_not_masked(number)
        hashes = [self._sdd_hash(number) for number in numbers]
        # In sudo mode: the database looks at all accounts, too.
        known = (
            self.sudo()
            .with_context(active_test=False)
            .search([("iban_hash", "in", list(filter(None, hashes))), ("sdd_protected", "=", True)])
        )
        taken = {(account.iban_hash, account.partner_id.id): account for account in known}
        for vals, number_hash in zip(vals_list, hashes, strict=True):
            if account := taken.get((number_hash, vals.get("partner_id"))):
                raise UserError(
                    self.env._(
                        "%(partner)s has this account already (%(number)s).",
                        partner=account.partner_id.display_name,
                        number=account._sdd_get_mask(),
                    )
                )

    def _sdd_check_same_partner(self, partner_id):
        """Refuse to give the account of a mandate to somebody else.

        :param int partner_id: the new holder.
        """
        if self.filtered(lambda a: a.sdd_protected and a.partner_id.id != partner_id):
            raise UserError(
                self.env._(
                    "A mandate names this account. Another account holder must give a new mandate."
                )
            )

    @api.model
    def _sdd_check_not_masked(self, number):
        """Raise a UserError when somebody would store a mask in place of a number."""
        if "•" in (number or ""):
            raise UserError(self.env._("This account number is masked. Enter the number itself."))

    def _sdd_drop_unchanged(self, vals, names):
        """Return the values without account numbers that stay as they are.

        :param dict vals: what is to be written.
        :param list names: the number fields in it.
        :raise UserError: when the number of a mandate would change.
        """
        protected = self.filtered("sdd_protected")
        if protected:
            for name in names:
                if not all(account._sdd_is_same_number(vals[name]) for account in protected):
                    raise UserError(
                        self.env._(
                            "A mandate names this account, so its number stays. Change the account"
                            " on the mandate: the customer's bank is told about the change there."
                        )
                    )
            if protected == self:
                return {name: value for name, value in vals.items() if name not in names}
        for name in names:
            self._sdd_check_not_masked(vals[name])
        return vals

    def _sdd_is_same_number(self, text):
        """Return whether a text is this account's number, in full or masked.

        Note: self.ensure_one()
        """
        number = self.sanitized_acc_number or ""
        return text == self._sdd_get_mask() or sepa_iban.normalize(text) == number

    def _sdd_erase_numbers(self):
        """Put something that says nothing in the place of these accounts' numbers, archive them."""
        # In sudo mode: who may erase is decided by the caller. Tracking would keep the number.
        for account in self.sudo().with_context(tracking_disable=True):
            if not (account.sanitized_acc_number or "").startswith(ERASED_PREFIX):
                number = f"{ERASED_PREFIX}{account.id}"
                super(ResPartnerBank, account).write(  # pylint: disable=super-method-mismatch
                    {"acc_number": number, "acc_holder_name": False, "active": False}
                )

    def _sdd_mask_history(self):
        """Mask the numbers of these accounts in messages that Odoo wrote before they had mandates."""
        # In sudo mode: nobody may change messages by hand.
        accounts = self.sudo()
        domain = accounts._sdd_get_message_domain()
        for tracking in accounts.env["mail.tracking.value"].search(
            [
                ("field_id.model", "=", "res.partner.bank"),
                ("field_id.name", "in", NUMBER_FIELDS),
                ("mail_message_id", "any", domain),
            ]
        ):
            values = {name: tracking[name] for name in ("old_value_char", "new_value_char")}
            tracking.write({name: sepa_iban.mask(text or "") for name, text in values.items()})
        activities = accounts.env["mail.activity"].with_context(active_test=False)
        activities.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )._compute_res_name()
        for account in accounts:
            for number in {account.acc_number, account.sanitized_acc_number}:
                messages = accounts.env["mail.message"].search([("body", "ilike", number), *domain])
                for message in messages:
                    message.body = message.body.replace(number, account._sdd_get_mask())

    def _sdd_get_message_domain(self):
        """Return a domain of the messages about these accounts and their holders."""
        return [
            "|",
            "&",
            ("model", "=", "res.partner.bank"),
            ("res_id", "in", self.ids),
            "&",
            ("model", "=", "res.partner"),
            ("res_id", "in", self.partner_id.ids),
        ]
