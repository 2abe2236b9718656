import { ConfirmationDialog } from '@web/core/confirmation_dialog/confirmation_dialog';
import { _t } from '@web/core/l10n/translation';
import { RPCError } from '@web/core/network/rpc';
import { patch } from '@web/core/utils/patch';
import { renderToMarkup } from '@web/core/utils/render';

import { PaymentForm } from '@payment/interactions/payment_form';

/** Paying with a saved mandate, and taking one off the list. */
patch(PaymentForm.prototype, {

    /**
     * Say once why a saved mandate was refused: the engine would report the refusal a second time.
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
        if (providerCode !== 'sdd' || flow !== 'token') {
            await super._initiatePaymentFlow(...arguments);
            return;
        }
        try {
            await super._initiatePaymentFlow(...arguments);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                this._displayErrorDialog(_t("No connection to the shop"), _t(
                    "We do not know whether your order has arrived. Please press the order button again: you will not be charged twice."
                ));
                this._enableButton();
            }
        }
    },

    /**
     * Say that the mandate outlives its place in the list, and where it is revoked.
     *
     * @override method from @payment/interactions/payment_form
     * @private
     * @param {number} tokenId - The id of the token whose deletion was requested.
     * @param {object[]} linkedRecordsInfo - The data relative to the documents linked to the token.
     * @return {void}
     */
    _challengeTokenDeletion(tokenId, linkedRecordsInfo) {
        const mandate = linkedRecordsInfo.find(info => info.sdd);
        if (!mandate) {
            super._challengeTokenDeletion(...arguments);
            return;
        }
        this.services.dialog.add(ConfirmationDialog, {
            title: _t("Remove from your payment methods?"),
            body: renderToMarkup('support_debit.deleteSavedMethod', { mandate }),
            confirmLabel: _t("Remove"),
            confirm: () => this._archiveToken(tokenId),
            cancelLabel: _t("Keep it"),
            cancel: () => {},
        });
    },

});
