from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    risk_case_hours = fields.Integer(
        string="Hours until an order is looked at",
        default=24,
        help="A case that falls on a day without banks waits until the next one.",
    )
    risk_review_amount = fields.Monetary(
        string="A person looks at orders from",
        default=250.0,
        help="Yellow and red orders of this amount or more go to the review queue. 0: only those that"
        " a rule names, and those of customers who ask.",
    )
    risk_four_eyes_amount = fields.Monetary(
        string="One person decides up to",
        default=0.0,
        help="To treat a customer better than the policy says, a second person has to agree above"
        " this amount. 0: always two.",
    )
    risk_reviewer_id = fields.Many2one(
        "res.users",
        string="Cases go to",
        domain="[('share', '=', False)]",
        help="Gets every new case as an activity. Empty: whoever takes it.",
    )

    _risk_case_hours_positive = models.Constraint(
        "CHECK(risk_case_hours >= 1)", "A case needs an hour at least to be looked at."
    )
    _risk_amounts_positive = models.Constraint(
        "CHECK(risk_review_amount >= 0 AND risk_four_eyes_amount >= 0)",
        "The amounts from which a person looks at orders cannot be negative.",
    )
