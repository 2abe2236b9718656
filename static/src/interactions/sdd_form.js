import { _t } from '@web/core/l10n/translation';
import { rpc } from '@web/core/network/rpc';
import { registry } from '@web/core/registry';
import { Interaction } from '@web/public/interaction';
import {
    deleteAcrossBlank,
    formatIban,
    normalizeIban,
} from '@support_debit/interactions/iban_format';
import {
    getBankText,
    getIncompleteText,
    getProgress,
} from '@support_debit/interactions/iban_texts';

const CHECK_DELAY = 250; // ms after the last key before the server is asked
const FIELDS = ['holder', 'iban', 'accepted'];
/** Errors that no further typing can cure: shown at once, the others when the field is left. */
const LASTING_ERRORS = ['character', 'country', 'not_sepa'];

/** The started interactions by their element, for the payment form to find. */
const startedForms = new WeakMap();

/**
 * @param {Element|null} el - The `.o_sdd_form` element of an inline form.
 * @return {SddForm|undefined}
 */
export function getSddForm(el) {
    return el ? startedForms.get(el) : undefined;
}

/**
 * The inline form of SEPA direct debit: account holder, IBAN and the mandate.
 *
 * Where the account is known already, the form has no fields for it.
 *
 * The IBAN lives in the input only: it is never stored, logged or put into an address.
 */
export class SddForm extends Interaction {
    static selector = '.o_sdd_form';
    dynamicContent = {
        '[name="sdd_iban"]': {
            't-on-beforeinput': this.onIbanBeforeInput,
            't-on-input': this.onIbanInput,
            't-on-compositionend': this.onIbanInput,
            't-on-blur': this.onIbanBlur,
            't-on-keydown': this.onKeydown,
        },
        '[name="sdd_holder"]': {
            't-on-input': this.onHolderInput,
            't-on-keydown': this.onKeydown,
        },
        '[name="sdd_accepted"]': { 't-on-change': this.onAcceptedChange },
        _window: { 't-on-pageshow': this.onPageShow, 't-on-pagehide': this.clearSecrets },
    };

    setup() {
        this.inputs = {};
        this.errorEls = {};
        for (const field of FIELDS) {
            this.inputs[field] = this.el.querySelector(`[name="sdd_${field}"]`);
            this.errorEls[field] = this.el.querySelector(`[data-sdd-error="${field}"]`);
        }
        this.errorEls.form = this.el.querySelector('[data-sdd-error="form"]');
        this.bankEl = this.el.querySelector('.o_sdd_bank');
        this.progressEl = this.el.querySelector('.o_sdd_progress');
        this.warningEl = this.el.querySelector('.o_sdd_warning');
        this.iconEl = this.el.querySelector('.o_sdd_icon');
        this.lastCheck = null; // {iban, result} of the last answer of the server.
        this.pendingCheck = null; // {iban, answer} of the request under way.
        this.checkSoon = this.debounced(() => this._check(), CHECK_DELAY);
        startedForms.set(this.el, this);
    }

    destroy() {
        startedForms.delete(this.el);
    }

    // #=== EVENT HANDLERS ===#

    /**
     * Let Backspace and Delete jump over the blank between two groups.
     *
     * @param {InputEvent} ev
     */
    onIbanBeforeInput(ev) {
        const input = ev.currentTarget;
        const { selectionStart: start, selectionEnd: end, value } = input;
        const result = start === end && deleteAcrossBlank(value, start, ev.inputType);
        if (result) {
            ev.preventDefault();
            this._replaceIban(result.text, result.caret);
        }
    }

    /**
     * Group the IBAN and ask the server about it when the typing pauses.
     *
     * @param {InputEvent|CompositionEvent} ev
     */
    onIbanInput(ev) {
        if (ev.isComposing) {
            return; // Touch keyboards compose: changing the text now would double letters.
        }
        const input = ev.currentTarget;
        this._replaceIban(input.value, input.selectionStart);
    }

    async onIbanBlur() {
        if (this.iban) {
            await this._check({ final: true });
        }
    }

    /**
     * Enter in a field must not order: the order button alone does.
     *
     * @param {KeyboardEvent} ev
     */
    onKeydown(ev) {
        if (ev.key !== 'Enter' || ev.isComposing) {
            return;
        }
        ev.preventDefault();
        const next = this.inputs[FIELDS[FIELDS.indexOf(ev.currentTarget.name.slice(4)) + 1]];
        next?.focus();
    }

    onHolderInput() {
        this._setError('holder', '');
    }

    onAcceptedChange() {
        this._setError('accepted', '');
    }

    /**
     * A page that comes back from the browser's cache shows an order that may be placed already.
     *
     * @param {PageTransitionEvent} ev
     */
    onPageShow(ev) {
        if (ev.persisted) {
            this.clearSecrets();
            window.location.reload();
        }
    }

    // #=== INTERFACE TO THE PAYMENT FORM ===#

    /** @return {string} - The normalized IBAN as typed so far. */
    get iban() {
        return normalizeIban(this.inputs.iban?.value ?? '');
    }

    /** @return {object} - What the server needs to make the mandate. */
    get values() {
        return {
            holder: this.inputs.holder?.value.trim() ?? '',
            iban: this.iban,
            accepted: this.inputs.accepted.checked,
            consents: [...this.el.querySelectorAll('[name="sdd_consent"]:checked')].map(
                input => Number(input.value)
            ),
            token: this.el.dataset.sddToken,
        };
    }

    /**
     * Check all fields, show what is wrong at each of them.
     *
     * @return {Promise<boolean>} - Whether the form can be sent.
     */
    async validate() {
        this._setError('form', '');
        const { holder, accepted } = this.values;
        const holderIsValid = Boolean(holder || !this.inputs.holder);
        this._setError('holder', holderIsValid ? '' : _t("Please enter the account holder."));
        this._setError('accepted', accepted ? '' : _t("Please tick the box to give the mandate."));
        const ibanIsValid = !this.inputs.iban || await this._check({ final: true });
        return holderIsValid && accepted && ibanIsValid;
    }

    /**
     * Show the server's refusals at their fields.
     *
     * @param {Array<{field: string, message: string}>} errors
     */
    showErrors(errors) {
        for (const { field, message } of errors) {
            this._setError(this.errorEls[field] ? field : 'form', message);
        }
        this.focusFirstError();
    }

    /** Put the focus on the first field with an error, for keyboard and screen reader. */
    focusFirstError() {
        const field = FIELDS.find(name => this.errorEls[name]?.textContent);
        const target = field ? this.inputs[field] : this.errorEls.form;
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: 'center' });
    }

    /** Empty what must not stay behind in the page. */
    clearSecrets() {
        this.checkSoon.cancel();
        this.lastCheck = null;
        this.inputs.accepted.checked = false;
        if (this.inputs.iban) {
            this.inputs.iban.value = '';
            this._showCheck(null);
        }
    }

    // #=== IBAN ===#

    /**
     * @private
     * @param {string} text - The new text of the input.
     * @param {number} caret - The offset of the caret in it.
     */
    _replaceIban(text, caret) {
        const input = this.inputs.iban;
        const formatted = formatIban(text, caret);
        if (input.value !== formatted.text) {
            input.value = formatted.text;
            input.setSelectionRange(formatted.caret, formatted.caret);
        }
        this._setError('form', '');
        if (!this.iban) {
            this.checkSoon.cancel();
            this._showCheck(null);
        } else if (this.lastCheck?.iban === this.iban) {
            this._showCheck(this.lastCheck.result);
        } else {
            this._showTyping();
            this.checkSoon();
        }
    }

    /**
     * Ask the server about the IBAN in the input and show its answer.
     *
     * @private
     * @param {object} options
     * @param {boolean} options.final - Whether the customer is done: then what is missing counts.
     * @return {Promise<boolean>} - Whether the IBAN can be debited.
     */
    async _check({ final = false } = {}) {
        this.checkSoon.cancel();
        const iban = this.iban;
        if (!iban) {
            this._setError('iban', final ? _t("Please enter your IBAN.") : '');
            return false;
        }
        if (this.lastCheck?.iban !== iban) {
            this._setIcon('fa-circle-o-notch fa-spin');
            try {
                const result = await this.waitFor(this._fetchCheck(iban));
                if (this.iban !== iban) { // The customer has typed on: another answer follows.
                    return false;
                }
                this.lastCheck = { iban, result };
            } catch {
                this._setIcon('');
                if (final) {
                    this._setError('iban', _t(
                        "The IBAN could not be checked: no answer from the shop. Please try again."
                    ));
                }
                return false;
            }
        }
        return this._showCheck(this.lastCheck.result, final);
    }

    /**
     * Leaving the field and ordering follow each other at once: they share one request.
     *
     * @private
     * @param {string} iban
     * @return {Promise<object>} - The answer of the server.
     */
    _fetchCheck(iban) {
        if (this.pendingCheck?.iban !== iban) {
            const answer = rpc('/payment/sdd/check_iban', { iban }, { silent: true });
            const pending = { iban, answer };
            const done = () => {
                if (this.pendingCheck === pending) {
                    this.pendingCheck = null;
                }
            };
            answer.then(done, done);
            this.pendingCheck = pending;
        }
        return this.pendingCheck.answer;
    }

    // #=== DOM MANIPULATION ===#

    /** Take back what was said about another IBAN, keep the rest until the server answers. */
    _showTyping() {
        this._setError('iban', '');
        this._setText(this.bankEl, '');
        this._setText(this.warningEl, '');
        this._setIcon('');
        const facts = this.lastCheck?.result;
        const sameCountry = facts?.country && this.iban.startsWith(facts.country);
        this._setText(this.progressEl, sameCountry ? getProgress(facts, this.iban.length) : '');
    }

    /**
     * @private
     * @param {object|null} result - The answer of the server, see `/payment/sdd/check_iban`.
     * @param {boolean} final - Whether an incomplete IBAN is an error.
     * @return {boolean} - Whether the IBAN can be debited.
     */
    _showCheck(result, final = false) {
        const showError = result && !result.valid
            && (final || result.complete || LASTING_ERRORS.includes(result.error?.code));
        const message = showError
            ? result.error?.message || getIncompleteText(result, this.iban.length)
            : '';
        this._setError('iban', message);
        this._setText(this.bankEl, result?.valid ? getBankText(result) : '');
        this._setText(
            this.warningEl, result?.valid ? result.warnings.map(w => w.message).join(' ') : ''
        );
        this._setText(
            this.progressEl, result && !result.valid && !message ? getProgress(result, this.iban.length) : ''
        );
        this._setIcon(result?.valid ? 'fa-check' : '');
        this.inputs.iban.classList.toggle('is-valid', Boolean(result?.valid));
        return Boolean(result?.valid);
    }

    /**
     * @private
     * @param {string} field - One of `FIELDS`, or 'form'.
     * @param {string} message - What is wrong; empty: nothing.
     */
    _setError(field, message) {
        if (this.errorEls[field]) {
            this._setText(this.errorEls[field], message);
        }
        const input = this.inputs[field];
        if (input) {
            input.classList.toggle('is-invalid', Boolean(message));
            input.setAttribute('aria-invalid', String(Boolean(message)));
            if (message) {
                input.classList.remove('is-valid');
            }
        }
    }

    /**
     * Change a live region only when it says something new: else it would be read out again.
     *
     * @private
     * @param {Element} el
     * @param {string} text
     */
    _setText(el, text) {
        const value = String(text);
        if (el.textContent !== value) {
            el.textContent = value;
        }
    }

    /**
     * @private
     * @param {string} iconClass - Classes of Font Awesome; empty: no icon.
     */
    _setIcon(iconClass) {
        this.iconEl.className = `o_sdd_icon fa ${iconClass} ${iconClass ? '' : 'd-none'}`;
    }
}

registry.category('public.interactions').add('support_debit.sdd_form', SddForm);
