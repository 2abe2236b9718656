"""Installation hooks: the payment provider's set-up and a clean way out."""

from odoo.addons.payment import reset_payment_provider, setup_provider


def post_init_hook(env):
    """Create the provider's payment method and the accounts that every chart already needs."""
    setup_provider(env, "sdd")
    env["res.company"].search([])._sdd_prepare_accounts()


def uninstall_hook(env):
    """Detach the provider from the module and archive what the module published in the shop."""
    reset_payment_provider(env, "sdd")
    products = env["product.template"].search([("support_plan_id", "!=", False)])
    products.write({"is_published": False})
