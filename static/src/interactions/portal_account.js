import { _t } from '@web/core/l10n/translation';
import { rpc } from '@web/core/network/rpc';
import { registry } from '@web/core/registry';
import { addLoadingEffect } from '@web/core/utils/ui';
import { Interaction } from '@web/public/interaction';

import { getSddForm } from '@support_debit/interactions/sdd_form';

/**
 * Another account for a mandate: the IBAN and a tick first, then a code from an e-mail.
 *
 * The IBAN stays in its input; it is sent with both steps and kept nowhere in between.
 */
export class PortalAccount extends Interaction {
    static selector = '.o_sdd_portal_account';
    dynamicContent = {
        '.o_sdd_send': { 't-on-click.prevent': this.locked(this.onSend) },
        '.o_sdd_again': { 't-on-click.prevent': this.locked(this.onSend) },
        '.o_sdd_other': { 't-on-click.prevent': this.onOther },
        '.o_sdd_change': { 't-on-click.prevent': this.locked(this.onChange) },
        '[name="sdd_code"]': {
            't-on-input': () => this._setCodeError(''),
            't-on-keydown': this.onCodeKeydown,
        },
    };

    setup() {
        this.ibanEl = this.el.querySelector('[name="sdd_iban"]');
        this.acceptedEl = this.el.querySelector('[name="sdd_accepted"]');
        this.codeEl = this.el.querySelector('[name="sdd_code"]');
        this.codeErrorEl = this.el.querySelector('[data-sdd-error="code"]');
        this.messageEl = this.el.querySelector('.o_sdd_code_message');
        this.isDone = false;
    }

    // #=== EVENT HANDLERS ===#

    /** Check the form and have the code sent; the second step appears with it. */
    async onSend() {
        if (!await this.waitFor(this.form.validate())) {
            this.form.focusFirstError();
            return;
        }
        const buttonEl = this.el.querySelector(this.isSecondStep ? '.o_sdd_again' : '.o_sdd_send');
        const answer = await this._call('/code', {}, buttonEl);
        if (!answer) {
            return;
        }
        if (answer.errors.length) {
            this._showStep(1);
            this.form.showErrors(answer.errors);
            return;
        }
        if (!answer.ok && !this.isSecondStep) {
            this.form.showErrors([{ field: 'form', message: answer.message }]);
            return;
        }
        this._showStep(2);
        this._setCodeError('');
        this.messageEl.textContent = answer.message;
        this.messageEl.classList.toggle('o_sdd_bad', !answer.ok);
        if (answer.ok) {
            this.codeEl.value = '';
        }
        this.codeEl.focus();
    }

    /** Back to the first step: a code is for one IBAN only. */
    onOther() {
        this._showStep(1);
        this.ibanEl.focus();
    }

    async onChange() {
        const code = this.codeEl.value.trim();
        if (this.isDone) {
            return;
        }
        if (!code) {
            this._setCodeError(_t("Please enter the code that we sent you."));
            this.codeEl.focus();
            return;
        }
        const answer = await this._call('/change', { code }, this.el.querySelector('.o_sdd_change'));
        if (!answer) {
            return;
        }
        const codeError = answer.errors?.find(error => error.field === 'code');
        if (codeError) {
            this._setCodeError(codeError.message);
            this.codeEl.focus();
            this.codeEl.select();
        } else if (answer.errors?.length) {
            this._showStep(1);
            this.form.showErrors(answer.errors);
        }
    }

    /**
     * @param {KeyboardEvent} ev
     */
    async onCodeKeydown(ev) {
        if (ev.key === 'Enter' && !ev.isComposing) {
            ev.preventDefault();
            this.el.querySelector('.o_sdd_change').click();
        }
    }

    // #=== HELPERS ===#

    get form() {
        return getSddForm(this.el.querySelector('.o_sdd_form'));
    }

    get isSecondStep() {
        return !this.el.querySelector('.o_sdd_second').classList.contains('d-none');
    }

    /**
     * Ask the server; follow it where it leads to.
     *
     * @private
     * @param {string} step - The end of the route.
     * @param {object} values - What is sent beside the form.
     * @param {Element} buttonEl - The button that was pressed.
     * @return {Promise<object|null>} - The answer; null when there is nothing more to show.
     */
    async _call(step, values, buttonEl) {
        const { url, token, textHash } = this.el.dataset;
        const restore = addLoadingEffect(buttonEl);
        const params = {
            iban: this.form.iban,
            accepted: this.acceptedEl.checked,
            text_hash: textHash,
            access_token: token || null,
            ...values,
        };
        let answer = null;
        try {
            answer = await this.waitFor(rpc(url + step, params, { silent: true }));
        } catch {
            restore();
            this.form.showErrors([{ field: 'form', message: _t(
                "No answer. Please check your connection and press the button again: nothing is done twice."
            ) }]);
            return null;
        }
        if (answer.url) {
            this.isDone = true;
            this.form.clearSecrets();
            window.location.replace(answer.url);
            return null;
        }
        restore();
        return answer;
    }

    /**
     * @private
     * @param {number} step - 1: IBAN and tick, 2: the code.
     */
    _showStep(step) {
        this.ibanEl.readOnly = step === 2;
        this.acceptedEl.disabled = step === 2;
        this.el.querySelector('.o_sdd_first').classList.toggle('d-none', step === 2);
        this.el.querySelector('.o_sdd_second').classList.toggle('d-none', step === 1);
    }

    /**
     * @private
     * @param {string} message - What is wrong with the code; empty: nothing.
     */
    _setCodeError(message) {
        this.codeErrorEl.textContent = message;
        this.codeEl.classList.toggle('is-invalid', Boolean(message));
        this.codeEl.setAttribute('aria-invalid', String(Boolean(message)));
    }
}

registry.category('public.interactions').add('support_debit.portal_account', PortalAccount);
