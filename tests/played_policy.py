"""A policy whose answer the test decides: what the checkout does with a colour is asked alone."""

from unittest.mock import patch

from odoo import fields


class PlayedPolicyMixin:
    """Lets `risk.policy.assess` answer what stands in `self.colour`, `self.offers`, `self.reasons`."""

    def _play_policy(self, colour="green", offers=("sdd",), reasons=()):
        """Let the policy answer this from now on.

        :param str colour: the colour of new assessments.
        :param tuple offers: codes of `OFFERS`, the best first.
        :param reasons: dicts with kind, signal, label.
        """
        if not hasattr(self, "asked"):
            self._start_playing()
        self.colour, self.offers, self.reasons = colour, tuple(offers), list(reasons)

    def _start_playing(self):
        self.asked = []
        test = self
        policy = self.env["risk.policy"].create({"name": "Played"})

        def assess(policies, values, stage="submit"):
            test.asked.append((values, stage))
            subject = policies.env["risk.check"]._make_subject(values, stage)
            return (
                policies.env["risk.assessment"]
                .sudo()
                .create(
                    {
                        "company_id": subject.company_id,
                        "partner_id": subject.partner_id,
                        "order_id": subject.order_id,
                        "invoice_id": subject.invoice_id,
                        "mandate_id": subject.mandate_id,
                        "stage": stage,
                        "channel": subject.channel,
                        "amount": float(subject.amount),
                        "policy_id": policy.id,
                        "state": test.colour,
                        "own_colour": test.colour,
                        "decision": {"reasons": test.reasons, "offers": list(test.offers)},
                        "matures_on": fields.Date.today(),
                    }
                )
            )

        policies = self.env.registry["risk.policy"]
        assessments = self.env.registry["risk.assessment"]
        for model, name, played in (
            (policies, "_get_active", lambda *_args: policy),
            (policies, "assess", assess),
            (assessments, "_get_offers", lambda _assessment: test.offers),
        ):
            patcher = patch.object(model, name, played, create=True)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _prepare_wire_transfer(self):
        """Publish bank transfer as another way to pay."""
        self.company._sdd_offer_transfer()
        return self.company._sdd_get_transfer_provider()
