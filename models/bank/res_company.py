from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sdd_fee_policy = fields.Selection(
        [
            ("never", "Never"),
            ("ask", "When somebody decides so"),
            ("always", "Always"),
        ],
        string="Pass on the bank's return fees",
        required=True,
        default="never",
        help="Only what the bank really took, only where the customer caused it, and only where the"
        " law of his country allows it. The fee is an invoice of its own.",
    )
    sdd_fee_product_id = fields.Many2one(
        "product.product",
        string="Product of Return Fees",
        check_company=True,
        help="Decides on which account the fee is booked and whether it is taxed.",
    )

    def _sdd_get_fee_product(self):
        """Return the product with which return fees are invoiced (sudo).

        Note: self.ensure_one()

        :rtype: `product.product` record
        """
        self.ensure_one()
        # In sudo mode: whoever charges a fee need not be allowed to see products.
        return self.sudo().sdd_fee_product_id or self.sudo().env.ref(
            "support_debit.product_return_fee"
        )

    def _sdd_get_paydays(self, country):
        """Override: the pay-days of the rules for repeated debits hold for first ones, too."""
        policy = self.env["sdd.retry.policy"]._get_for_companies(self)[self]
        return tuple(policy._prepare(country).windows)
