"""What a customer who pays himself is asked and offered, before anything of his order is locked."""

from odoo import api, models
from odoo.tools import format_amount, format_date, single_email_re

from ... import const
from ..risk.const import DEBIT_OFFERS


class RiskCheckout(models.AbstractModel):
    """Judges a payment in the shop or portal and says in the customer's words what he can do."""

    _name = "risk.checkout"
    _description = "Risk at the Checkout"

    # === ASKING === #

    @api.model
    def _assess(self, documents, account, origin):
        """Judge a payment; nothing is asked where no policy is active.

        To be called before rows are locked: bureaus may be asked over the network.

        :param documents: the `sale.order` or the `account.move` records being paid (sudo).
        :param dict account: iban, holder, amount, and mandate_id where one is there.
        :param dict origin: ip_address and session (a hash) of the browser.
        :return: the assessment (sudo), empty when there is nothing to judge or no policy.
        :rtype: `risk.assessment` record
        """
        # In sudo mode: a visitor of the shop reads no policies.
        policies = self.env["risk.policy"].sudo()
        if not documents or not policies._get_active(documents.company_id[:1]):
            return self.env["risk.assessment"].sudo()
        first = documents[:1]
        is_order = documents._name == "sale.order"
        values = {
            "order_id": first.id if is_order else 0,
            "invoice_id": 0 if is_order else first.id,
            # Who pays an order that a salesperson has written sits before the screen himself, too.
            "channel": "web" if is_order and first.website_id else "portal",
            **account,
            **origin,
        }
        return policies.assess(values, stage="submit")

    @api.model
    def _get_notices(self, company):
        """Return what a customer reads about bureaus before he orders.

        :param company: the creditor.
        :return: list of {id, name, text, needs_consent}, see `risk.provider._get_notices`.
        :rtype: list[dict]
        """
        # In sudo mode: a visitor of the shop reads no providers.
        notices = self.env["risk.provider"].sudo()._get_notices(company)
        return [notice for notice in notices if notice["text"]]

    @api.model
    def _note_consents(self, partner, consents):
        """Keep to which bureaus the customer has agreed just now.

        :param partner: the customer (sudo).
        :param consents: ids of `risk.provider`, as they came from the browser.
        """
        if not isinstance(consents, list):
            return
        ids = [number for number in consents[:20] if type(number) is int]
        if ids:
            # In sudo mode: a visitor of the shop writes no consents.
            self.env["risk.provider"].sudo()._give_consent(partner, ids, "web")

    # === ANSWERING === #

    @api.model
    def _choose(self, assessment, wanted, documents, *, by_token=False):
        """Return with which offer the payment goes on, or what the customer has to choose from.

        :param assessment: what `_assess` returned.
        :param str wanted: the offer that the customer has accepted, as it came from the browser.
        :param documents: the orders or invoices being paid (sudo).
        :param bool by_token: whether he pays with a saved mandate.
        :return: (offer, question): a code of `DEBIT_OFFERS` and {}, or "" and the values of the
            panel, see `_prepare_question`.
        :rtype: tuple[str, dict]
        """
        if not assessment:
            return "sdd", {}
        offers = self._get_possible_offers(assessment, documents, by_token)
        if assessment.effective_colour == "green" and not set(offers) & set(DEBIT_OFFERS):
            return "sdd", {}
        if "sdd" in offers:
            return "sdd", {}
        if "sdd_settled" in offers and not self._get_startable(documents):
            # Nothing starts with these documents; they count as paid with the money anyhow.
            return "sdd_settled", {}
        if isinstance(wanted, str) and wanted in offers and wanted in DEBIT_OFFERS:
            return wanted, {}
        return "", self._prepare_question(assessment, offers, documents)

    @api.model
    def _get_possible_offers(self, assessment, documents, by_token):
        """Return the offers of an assessment that can be carried out here, the best first.

        :rtype: list[str]
        """
        email = documents[:1].partner_id.email_normalized or ""
        others = self._get_other_providers(documents)
        transfers = others.filtered(lambda p: p.custom_mode == "wire_transfer")
        possible = {
            "sdd": True,
            "sdd_settled": True,
            "sdd_confirmed": bool(
                not by_token and self._get_startable(documents) and single_email_re.match(email)
            ),
            "transfer": bool(transfers),
            "other": bool(others - transfers),
        }
        return [code for code in assessment._get_offers() if possible.get(code)]

    @api.model
    def _get_startable(self, documents):
        """Return the orders whose support starts when they are confirmed."""
        if documents._name != "sale.order":
            return self.env["sale.order"]
        return documents.filtered(
            lambda order: (
                order.state in ("draft", "sent") and order.order_line.product_id.support_plan_id
            )
        )

    @api.model
    def _get_other_providers(self, documents):
        """Return the providers beside direct debit with which these documents can be paid (sudo).

        :rtype: `payment.provider` recordset
        """
        first = documents[:1]
        is_order = documents._name == "sale.order"
        # In sudo mode: visitors of the shop read no providers.
        providers = self.env["payment.provider"].sudo()
        found = providers._get_compatible_providers(
            first.company_id.id,
            first.partner_id.id,
            sum(documents.mapped("amount_total" if is_order else "amount_residual")),
            currency_id=first.currency_id.id,
            **({"sale_order_id": first.id, "website_id": first.website_id.id} if is_order else {}),
        )
        return found.filtered(lambda p: p.code != const.PROVIDER_CODE)

    # === WORDS === #

    @api.model
    def _prepare_question(self, assessment, offers, documents):
        """Return what the panel of the payment form shows, in the customer's language.

        :param list offers: codes of the offers that can be carried out.
        :rtype: dict of JSON values
        """
        debits = [code for code in offers if code in DEBIT_OFFERS]
        title, text = self._get_sentences(assessment, bool(debits), bool(offers))
        return {
            "colour": assessment.effective_colour,
            "title": title,
            "text": text,
            "offers": [self._prepare_offer(code, documents) for code in offers],
            "contact": "" if offers else self._get_contact(documents.company_id[:1]),
            "why_url": assessment._get_link(),
            "why_label": self.env._("Why? And how to have a person look at it"),
            "back_label": self.env._("Change my details"),
            "nothing_charged": self.env._("Nothing has been charged. Your cart is kept."),
        }

    @api.model
    def _get_sentences(self, assessment, can_debit, can_choose):
        """Return title and first sentence of the panel: kind, honest, without blame.

        :rtype: tuple[str, str]
        """
        kinds = {reason.get("kind") for reason in (assessment.decision or {}).get("reasons", ())}
        if not can_choose:
            return (
                self.env._("Let us find your way to pay together"),
                self.env._(
                    "Your order is welcome. For this order we cannot offer a direct debit here at the"
                    " moment. Please contact us: we find another way to pay."
                ),
            )
        if not can_debit:
            return (
                self.env._("Your order is welcome: please choose another way to pay"),
                self.env._(
                    "For this order we cannot offer a direct debit at the moment; an automatic check"
                    " decides about that, nothing else. Your package and its price stay the same."
                ),
            )
        if kinds == {"unknown"}:
            return (
                self.env._("Almost done: how would you like to go on?"),
                self.env._(
                    "One of our checks got no answer just now; that is not your fault. You can have"
                    " your package all the same. Please choose what suits you best."
                ),
            )
        return (
            self.env._("Almost done: how would you like to go on?"),
            self.env._(
                "For this order our automatic check asks us to take one more step before support"
                " starts. You can have your package all the same. Please choose what suits you best."
            ),
        )

    @api.model
    def _prepare_offer(self, code, documents):
        """Return how one offer is shown: code, title, text and the label of its button.

        :rtype: dict
        """
        texts = {
            "sdd": self._describe_settled,
            "sdd_settled": self._describe_settled,
            "sdd_confirmed": self._describe_confirmed,
            "transfer": self._describe_transfer,
            "other": self._describe_other,
        }
        title, text = texts[code](documents)
        if code == "other":
            label = self.env._("Show me the other ways")
        else:
            label = self._get_button_label(documents)
        return {"code": code, "title": title, "text": text, "label": label}

    @api.model
    def _get_button_label(self, documents):
        """Return the wording of a button that orders: the statutory one, or that of a payment."""
        if documents._name == "sale.order":
            return documents[:1]._get_order_button_label() or self.env._("Order and pay")
        return self.env._("Pay now")

    @api.model
    def _describe_settled(self, documents):
        first = documents[:1]
        journal = first.company_id.sdd_journal_id
        return (
            self.env._("Direct debit, support starts when the money has arrived"),
            self.env._(
                "We collect %(amount)s on %(date)s. As soon as the money has arrived your support"
                " starts by itself, and its term begins on that day. We tell you by e-mail.",
                amount=self._format_total(documents),
                date=format_date(self.env, journal._sdd_earliest_collection(), date_format="long"),
            ),
        )

    @api.model
    def _describe_confirmed(self, documents):
        links = self.env["sdd.mandate.confirmation"].sudo()  # In sudo mode: only masks a text.
        address = links._mask_address("email", documents[:1].partner_id.email_normalized)
        return (
            self.env._("Direct debit, confirmed by a link"),
            self.env._(
                "We send a link to %(address)s. Open it, confirm the mandate, and your support"
                " starts at once.",
                address=address,
            ),
        )

    @api.model
    def _describe_transfer(self, documents):
        return (
            self.env._("Bank transfer"),
            self.env._(
                "You see our bank details, and a code for your banking app where there is one, on"
                " the next page. Your support starts when the %(amount)s have arrived.",
                amount=self._format_total(documents),
            ),
        )

    @api.model
    def _describe_other(self, _documents):
        return (
            self.env._("Another way to pay"),
            self.env._("Choose one of the other ways on this page; your support starts at once."),
        )

    @api.model
    def _format_total(self, documents):
        """Return what the documents cost, as a text."""
        field = "amount_total" if documents._name == "sale.order" else "amount_residual"
        return format_amount(self.env, sum(documents.mapped(field)), documents[:1].currency_id)

    @api.model
    def _get_contact(self, company):
        """Return how a customer reaches us, "" when the company has not said it."""
        return " · ".join(filter(None, [company.phone, company.email]))
