import { patch } from '@web/core/utils/patch';
import { renderToElement } from '@web/core/utils/render';

import { PaymentForm } from '@payment/interactions/payment_form';

const WIRE_TRANSFER = 'wire_transfer';

/** The panel in which a customer chooses how to pay when an order is not simply debited. */
patch(PaymentForm.prototype, {

    setup() {
        super.setup();
        this.sddOffer = ''; // The offer that the customer has just accepted.
        this.sddPanel = null; // The panel that is shown, if any.
    },

    /**
     * Another payment method was chosen: what was offered for the one before is done with.
     *
     * @override method from @payment/interactions/payment_form
     * @param {Event} ev
     */
    async selectPaymentOption(ev) {
        this._closeOffers();
        await super.selectPaymentOption(...arguments);
    },

    /**
     * Tell the server which offer was accepted.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @return {object} The transaction route params.
     */
    _prepareTransactionRouteParams() {
        const params = super._prepareTransactionRouteParams(...arguments);
        if (this.sddOffer && params.flow === 'token') {
            params.sdd_offer = this.sddOffer;
        }
        return params;
    },

    /**
     * Ask the customer before a saved mandate is charged, if there is something to ask.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @param {string} providerCode - The code of the selected payment option's provider.
     * @param {number} paymentOptionId - The id of the selected payment option.
     * @param {string} paymentMethodCode - The code of the selected payment method, if any.
     * @param {object} processingValues - The processing values of the transaction.
     */
    _processTokenFlow(providerCode, paymentOptionId, paymentMethodCode, processingValues) {
        if (!processingValues.sdd_question) {
            super._processTokenFlow(...arguments);
            return;
        }
        this._showOffers(processingValues.sdd_question, async () => {
            await this._initiatePaymentFlow(providerCode, paymentOptionId, paymentMethodCode, 'token');
        });
    },

    /**
     * Show the ways to pay from which the customer chooses, in place of the form.
     *
     * @private
     * @param {object} question - What the server offers, see `risk.checkout`.
     * @param {Function} proceed - Goes on with the debit when `sddOffer` is set.
     */
    _showOffers(question, proceed) {
        this._closeOffers();
        this._enableButton();
        this.env.bus.trigger('hidePaymentButton');
        const radio = this.el.querySelector('input[name="o_payment_radio"]:checked');
        const container = this._getInlineForm(radio);
        this.sddPanel = renderToElement('support_debit.riskOffers', {
            question: {
                ...question,
                offers: question.offers.filter(offer => this._canOffer(offer.code)),
            },
        });
        this.sddPanel.addEventListener('click', ev => this._onOfferClick(ev, proceed));
        container.classList.remove('d-none');
        container.classList.add('o_sdd_asking');
        container.prepend(this.sddPanel);
        const title = this.sddPanel.querySelector('.o_sdd_offers_title');
        title.focus({ preventScroll: true });
        title.scrollIntoView({ block: 'center' });
    },

    /** @private */
    _closeOffers() {
        this.sddOffer = '';
        if (this.sddPanel) {
            this.sddPanel.closest('.o_sdd_asking')?.classList.remove('o_sdd_asking');
            this.sddPanel.remove();
            this.sddPanel = null;
            this._showInputs();
        }
    },

    /**
     * @private
     * @param {string} code - The code of an offer.
     * @return {boolean} - Whether this page can carry it out.
     */
    _canOffer(code) {
        return !['transfer', 'other'].includes(code) || Boolean(this._getOtherRadio(code));
    },

    /**
     * @private
     * @param {string} code - `transfer` or `other`.
     * @return {HTMLInputElement|undefined} - The first radio button of such a payment method.
     */
    _getOtherRadio(code) {
        const radios = [...this.el.querySelectorAll('input[name="o_payment_radio"]')];
        return radios.find(radio => this._getProviderCode(radio) !== 'sdd'
            && (this._getPaymentMethodCode(radio) === WIRE_TRANSFER) === (code === 'transfer'));
    },

    /**
     * @private
     * @param {PointerEvent} ev
     * @param {Function} proceed - See `_showOffers`.
     */
    async _onOfferClick(ev, proceed) {
        const button = ev.target.closest('button');
        if (button?.classList.contains('o_sdd_back')) {
            this._closeOffers();
            return;
        }
        const code = button?.dataset.offer;
        if (!code || this.sddPanel?.dataset.busy) {
            return; // Of two clicks, one counts.
        }
        this.sddPanel.dataset.busy = '1';
        if (['transfer', 'other'].includes(code)) {
            await this._takeOtherMethod(code);
            return;
        }
        this.sddOffer = code;
        this._disableButton(true);
        try {
            await proceed();
        } finally {
            if (this.sddPanel) {
                delete this.sddPanel.dataset.busy;
            }
        }
    },

    /**
     * Order by bank transfer at once, or lead to the other methods.
     *
     * @private
     * @param {string} code - `transfer` or `other`.
     */
    async _takeOtherMethod(code) {
        const radio = this._getOtherRadio(code);
        this._closeOffers();
        // Beside saved accounts the other methods are folded away.
        this.el.querySelector('[name="o_payment_expand_button"]:not(.d-none)')?.click();
        radio.checked = true;
        this._disableButton();
        await this.waitFor(this._expandInlineForm(radio));
        this._enableButton(false);
        if (code === 'transfer') {
            await this.submitForm(new Event('submit'));
        } else {
            radio.focus({ preventScroll: true });
            radio.closest('[name="o_payment_option"]')?.scrollIntoView({ block: 'center' });
        }
    },

});
