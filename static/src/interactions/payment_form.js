import { _t } from '@web/core/l10n/translation';
import { rpc, RPCError } from '@web/core/network/rpc';
import { patch } from '@web/core/utils/patch';

import { PaymentForm } from '@payment/interactions/payment_form';
import { getSddForm } from '@support_debit/interactions/sdd_form';

patch(PaymentForm.prototype, {

    setup() {
        super.setup();
        // Processing values of a transaction whose submission was never answered.
        this.sddUnanswered = null;
    },

    // #=== DOM MANIPULATION ===#

    /**
     * Prepare the inline form of SEPA direct debit for direct payment.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @param {number} providerId - The id of the selected payment option's provider.
     * @param {string} providerCode - The code of the selected payment option's provider.
     * @param {number} paymentOptionId - The id of the selected payment option.
     * @param {string} paymentMethodCode - The code of the selected payment method, if any.
     * @param {string} flow - The online payment flow of the selected payment option.
     * @return {void}
     */
    async _prepareInlineForm(providerId, providerCode, paymentOptionId, paymentMethodCode, flow) {
        if (providerCode !== 'sdd') {
            await super._prepareInlineForm(...arguments);
            return;
        } else if (flow === 'token') {
            return;
        }
        this._setPaymentFlow('direct');
    },

    /**
     * Keep the statutory wording of the order button, whatever the payment method.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @param {string} paymentMethodCode - The code of the selected payment method, if any.
     * @return {boolean}
     */
    _isPayLaterPaymentMethod(paymentMethodCode) {
        const hasStatutoryLabel = document.querySelector('.o_support_order_button');
        return !hasStatutoryLabel && super._isPayLaterPaymentMethod(...arguments);
    },

    // #=== PAYMENT FLOW ===#

    /**
     * Create no transaction before the account holder, the IBAN and the mandate are in order.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @param {string} providerCode - The code of the selected payment option's provider.
     * @param {number} paymentOptionId - The id of the selected payment option.
     * @param {string} paymentMethodCode - The code of the selected payment method, if any.
     * @param {string} flow - The payment flow of the selected payment option.
     * @return {void}
     */
    async _initiatePaymentFlow(providerCode, paymentOptionId, paymentMethodCode, flow) {
        if (providerCode !== 'sdd' || flow === 'token') {
            await super._initiatePaymentFlow(...arguments);
            return;
        }
        const form = this._getSddForm();
        this._closeOffers();
        if (!await this.waitFor(form.validate())) {
            this._enableButton();
            form.focusFirstError();
            return;
        }
        if (this.sddUnanswered) { // Ask about the same order again instead of placing a second one.
            await this._processDirectFlow(
                providerCode, paymentOptionId, paymentMethodCode, this.sddUnanswered
            );
            return;
        }
        await super._initiatePaymentFlow(...arguments);
    },

    /**
     * Send the IBAN and the mandate, then go to the status page.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @param {string} providerCode - The code of the selected payment option's provider.
     * @param {number} paymentOptionId - The id of the selected payment option.
     * @param {string} paymentMethodCode - The code of the selected payment method, if any.
     * @param {object} processingValues - The processing values of the transaction.
     * @return {void}
     */
    async _processDirectFlow(providerCode, paymentOptionId, paymentMethodCode, processingValues) {
        if (providerCode !== 'sdd') {
            await super._processDirectFlow(...arguments);
            return;
        }
        const form = this._getSddForm();
        this.sddUnanswered = processingValues;
        let answer;
        try {
            answer = await this.waitFor(rpc('/payment/sdd/submit', {
                reference: processingValues.reference,
                access_token: processingValues.sdd_access_token,
                ...form.values,
                offer: this.sddOffer,
            }));
        } catch (error) {
            this._enableButton();
            if (error instanceof RPCError) {
                this.sddUnanswered = null; // The server has rolled back.
                this._displayErrorDialog(_t("Your order was not placed"), error.data.message);
            } else {
                this._displayErrorDialog(_t("No connection to the shop"), _t(
                    "We do not know whether your order has arrived. Please press the order button again: you will not be charged twice."
                ));
            }
            return;
        }
        this.sddUnanswered = null;
        if (answer.ok) {
            form.clearSecrets();
            window.location = '/payment/status';
        } else if (answer.question) {
            this._showOffers(answer.question, () => this._processDirectFlow(
                providerCode, paymentOptionId, paymentMethodCode, processingValues
            ));
        } else {
            this._closeOffers();
            this._enableButton();
            form.showErrors(answer.errors);
        }
    },

    // #=== GETTERS ===#

    /**
     * @private
     * @return {SddForm} - The direct debit form of the selected payment option.
     */
    _getSddForm() {
        const radio = this.el.querySelector('input[name="o_payment_radio"]:checked');
        return getSddForm(this._getInlineForm(radio).querySelector('.o_sdd_form'));
    },

});
