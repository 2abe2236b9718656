from odoo import fields, models


class RiskProvider(models.Model):
    """A bureau that is asked about a customer or an account over HTTPS."""

    _name = "risk.provider"
    _description = "Risk Provider"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    def _ask(self, subject, known):
        """Ask all active bureaus of a company that are worth their price. Holds no locks.

        :param scoring.subject.Subject subject: what is asked about.
        :param dict known: {code: Signal} of the local checks.
        :return: list of Signal, one at least for each bureau asked or wanted; never raises.
        :rtype: list[scoring.model.Signal]
        """
        return []
