import { PaymentPostProcessing } from '@payment/interactions/post_processing';
import { patch } from '@web/core/utils/patch';

patch(PaymentPostProcessing, {

    /**
     * Let customers go on as soon as the debit is queued: the bank answers days later.
     *
     * @override method from `@payment/interactions/post_processing`
     * @param {string} providerCode - The code of the provider handling the transaction.
     */
    getFinalStates(providerCode) {
        const finalStates = super.getFinalStates(...arguments);
        if (providerCode === 'sdd') {
            finalStates.add('pending');
        }
        return finalStates;
    },

});

patch(PaymentPostProcessing.prototype, {

    /**
     * Poll again when the back button brings the page from the browser's cache: it would show
     * "Please wait" for ever, for its last answer has been dealt with.
     *
     * @override method from `@payment/interactions/post_processing`
     */
    start() {
        super.start(...arguments);
        this.addListener(window, 'pageshow', event => {
            if (event.persisted) {
                this.poll();
            }
        });
    },

});
