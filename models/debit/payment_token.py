"""A customer's mandates as saved payment methods, of Odoo's own kind, so that every page knows them."""

from odoo import api, fields, models

from ... import const


class PaymentToken(models.Model):
    _inherit = "payment.token"

    sdd_mandate_id = fields.Many2one(
        "sdd.mandate",
        string="Mandate",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    _sdd_mandate_unique = models.UniqueIndex(
        "(sdd_mandate_id) WHERE sdd_mandate_id IS NOT NULL",
        "This mandate is saved as a payment method already.",
    )

    # === BUSINESS METHODS - FINDING === #

    def _get_available_tokens(self, providers_ids, partner_id, is_validation=False, **kwargs):
        """Override of `payment` to offer a signed-in customer the mandates that he can use."""
        tokens = super()._get_available_tokens(
            providers_ids, partner_id, is_validation=is_validation, **kwargs
        )
        own = tokens.filtered(lambda t: t.provider_code == const.PROVIDER_CODE)
        # A link in an e-mail may be forwarded: only who is signed in is debited with one click.
        user, others = self.env.user, tokens - own
        if user._is_public():
            return others
        # In sudo mode: the customer's mandates get their tokens here at the latest.
        mandates = user.partner_id.sudo()._sdd_get_usable_mandates()
        mandates._sdd_ensure_tokens()
        usable = self.env["payment.token"].search([("sdd_mandate_id", "in", mandates.ids)])
        if is_validation:
            # What stands in this list can be deleted from it.
            partners = user.partner_id | user.partner_id.commercial_partner_id
            usable = usable.filtered(lambda t: t.partner_id in partners)
        else:
            usable = usable.filtered(lambda t: t.provider_id.id in providers_ids)
            usable, own = usable._sdd_pick_one_each(), own.browse()
        return others | (own | usable).sorted()

    def _sdd_pick_one_each(self):
        """Return one of these tokens for each account; two lines that look alike help nobody.

        Of several mandates for one account it is the one that is proven best, then the newest.

        :rtype: `payment.token` recordset
        """
        best = {}
        # In sudo mode: the account is compared, not shown.
        for token in self.sudo().sorted(lambda t: (t.sdd_mandate_id.evidence_grade or "Z", -t.id)):
            mandate = token.sdd_mandate_id
            best.setdefault((mandate.company_id, mandate.bank_account_id), token.id)
        return self.filtered(lambda token: token.id in best.values())

    def _sdd_filter_payable(self, amount, report=None):
        """Return the tokens with which an amount can be debited at once; others are reported.

        :param float amount: what is to be paid, in euro; None when nothing is.
        :param dict report: the availability report that the staff can open.
        :rtype: `payment.token` recordset
        """
        if not amount:
            return self
        hidden = {
            token: reason
            for token in self.filtered("sdd_mandate_id") | self._sdd_get_idle()
            if (reason := token.sdd_mandate_id._get_token_obstacle(amount))
        }
        if report is not None and hidden:
            report["sdd_tokens"] = {
                token: {"available": False, "reason": reason} for token, reason in hidden.items()
            }
        return self - self.browse(token.id for token in hidden)

    @api.model
    def _sdd_get_idle(self):
        """Return the signed-in customer's saved mandates that cannot be used at the moment.

        :rtype: `payment.token` recordset
        """
        user = self.env.user
        if user._is_public():
            return self.browse()
        partners = user.partner_id | user.partner_id.commercial_partner_id
        return self.search(
            [
                ("sdd_mandate_id.state", "in", ("pending", "suspended")),
                ("partner_id", "in", partners.ids),
            ]
        )

    # === BUSINESS METHODS - DISPLAY === #

    def _build_display_name(self, *args, max_length=34, should_pad=True, **kwargs):
        """Override of `payment`: masked account and bank say which one it is, nothing is cut off."""
        self.ensure_one()
        if not self.sdd_mandate_id:
            return super()._build_display_name(
                *args, max_length=max_length, should_pad=should_pad, **kwargs
            )
        return self.payment_details or ""

    def get_linked_records_info(self):
        """Override of `payment` to say which mandate stays when the token is deleted."""
        info = super().get_linked_records_info()
        # In sudo mode: whoever may read his token may know what it stands for.
        if mandate := self.sudo().sdd_mandate_id:
            info.append(
                {
                    "description": self.env._("Mandate"),
                    "id": mandate.id,
                    "name": mandate.name,
                    "url": mandate.access_url,
                    "sdd": True,
                }
            )
        return info

    def _sdd_get_form_values(self, amount, currency):
        """Return what the customer reads before he pays with this token.

        Note: self.ensure_one() (sudo)

        :param float amount: what is to be paid.
        :param currency: its currency.
        :rtype: dict
        """
        self.ensure_one()
        mandate = self.sdd_mandate_id
        journal = mandate.company_id._sdd_search_journal(mandate)
        return {
            "amount": amount,
            "currency": currency,
            "date": journal._sdd_choose_due_date(mandate, None, journal._sdd_today())
            if journal
            else False,
            "is_earliest_date": mandate.company_id._sdd_may_wait_for_payday(),
            "iban_masked": mandate.iban_masked,
            "holder": mandate.holder,
            "reference": mandate.name,
            "creditor": mandate.creditor_name or mandate.company_id.name,
            "creditor_identifier": mandate.creditor_identifier,
        }
