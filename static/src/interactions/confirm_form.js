import { loadJS } from '@web/core/assets';
import { _t } from '@web/core/l10n/translation';
import { registry } from '@web/core/registry';
import { addLoadingEffect } from '@web/core/utils/ui';
import { Interaction } from '@web/public/interaction';

import { getSddForm } from '@support_debit/interactions/sdd_form';

const PAD = '/web/static/lib/signature_pad/signature_pad.umd.js';
/** Fields that this form has beside those of the inline form. */
const OWN_FIELDS = ['code', 'signature'];

/**
 * The page behind a confirmation link: sends the form without leaving the page, so that nothing
 * typed is lost when the server refuses something, asks for the code, keeps the signature pad.
 *
 * Without this program the browser sends the form itself; only the signature needs it.
 */
export class ConfirmForm extends Interaction {
    static selector = '.o_sdd_confirm_form';
    dynamicContent = {
        _root: { 't-on-submit.prevent': this.locked(this.onSubmit) },
        'input': { 't-on-change': this.onAnyChange },
        '.o_sdd_code_send': { 't-on-click.prevent': this.locked(this.onSendCode, true) },
        '[name="sdd_code"]': {
            't-on-input': () => this._setError('code', ''),
            't-on-keydown': this.onCodeKeydown,
        },
        '.o_sdd_signature': { 't-on-toggle': this.onSignatureToggle },
        '.o_sdd_pad_clear': { 't-on-click': this.onClear },
        _window: { 't-on-resize': this.onResize },
    };

    setup() {
        this.pad = null;
        this.padWidth = 0;
        this.detailsEl = this.el.querySelector('.o_sdd_signature');
        this.codeEl = this.el.querySelector('[name="sdd_code"]');
        this.messageEl = this.el.querySelector('.o_sdd_code_message');
        this.sendEl = this.el.querySelector('.o_sdd_code_send');
        this.submitEl = this.el.querySelector('.o_sdd_confirm_submit');
        this.signatureEl = this.el.querySelector('[name="sdd_signature"]');
        this.sent = false;
    }

    start() {
        this.onSignatureToggle(); // The customer may have been faster than this program.
    }

    // #=== EVENT HANDLERS ===#

    async onSubmit() {
        const form = getSddForm(this.el.querySelector('.o_sdd_form'));
        if (this.sent) {
            return;
        }
        const isValid = await this.waitFor(form.validate());
        const codeIsThere = !this.codeEl || this.codeEl.value.trim() !== '';
        this._setError('code', codeIsThere ? '' : _t("Please enter the code that we sent you."));
        if (!isValid || !codeIsThere) {
            if (isValid) {
                this.codeEl.focus();
            } else {
                form.focusFirstError();
            }
            return;
        }
        if (this.signatureEl) {
            this.signatureEl.value = this.pad && !this.pad.isEmpty() ? this.pad.toDataURL() : '';
        }
        const restore = addLoadingEffect(this.submitEl);
        const answer = await this.waitFor(this._post(this.el.action));
        restore();
        if (!answer) {
            form.showErrors([{ field: 'form', message: _t(
                "No connection. We do not know whether your confirmation has arrived. Please press the button again: nothing is done twice."
            ) }]);
        } else if (answer.reload) {
            this.sent = true;
            form.clearSecrets();
            window.location.replace(this.el.action);
        } else {
            this._showErrors(form, answer.errors);
        }
    }

    async onSendCode() {
        const answer = await this.waitFor(this._post(this.sendEl.formAction));
        if (answer?.reload) {
            window.location.replace(this.el.action);
            return;
        }
        this._setError('code', '');
        this.messageEl.textContent = answer?.message || _t("No connection. Please try again.");
        this.messageEl.classList.toggle('o_sdd_bad', !answer?.ok);
        if (answer?.ok) {
            this.sendEl.textContent = _t("Send another code");
            this.codeEl.value = '';
            this.codeEl.focus();
        }
    }

    /**
     * Enter in the field must not send the form before the rest is read.
     *
     * @param {KeyboardEvent} ev
     */
    onCodeKeydown(ev) {
        if (ev.key === 'Enter' && !ev.isComposing) {
            ev.preventDefault();
            this.submitEl.focus();
        }
    }

    /** Load the pad when the customer wants to sign; its size is known only then. */
    async onSignatureToggle() {
        if (!this.detailsEl?.open || this.pad) {
            return;
        }
        await this.waitFor(loadJS(PAD));
        if (this.pad) { // Closed and opened again meanwhile.
            return;
        }
        const canvas = this.el.querySelector('.o_sdd_canvas');
        this._fitCanvas(canvas);
        this.pad = new window.SignaturePad(canvas, { penColor: 'black', minWidth: 1, maxWidth: 2.5 });
        this.pad.addEventListener('endStroke', () => this._setError('signature', ''));
        canvas.classList.add('o_sdd_ready');
        this.registerCleanup(() => this.pad.off());
    }

    /** A telephone that is turned has a wider pad: keep what is drawn, and the pen under the finger. */
    onResize() {
        const canvas = this.el.querySelector('.o_sdd_canvas');
        if (!this.pad || !canvas.clientWidth || canvas.clientWidth === this.padWidth) {
            return;
        }
        const strokes = this.pad.toData();
        this._fitCanvas(canvas);
        this.pad.clear();
        this.pad.fromData(strokes);
    }

    onClear() {
        this.pad?.clear();
        this._setError('signature', '');
    }

    // #=== HELPERS ===#

    /**
     * Give the canvas as many points as the screen has where it stands.
     *
     * @private
     * @param {HTMLCanvasElement} canvas
     */
    _fitCanvas(canvas) {
        const ratio = Math.min(window.devicePixelRatio || 1, 2);
        this.padWidth = canvas.clientWidth;
        canvas.width = canvas.clientWidth * ratio;
        canvas.height = canvas.clientHeight * ratio;
        canvas.getContext('2d').scale(ratio, ratio);
    }

    /**
     * @private
     * @param {string} url
     * @return {Promise<object|null>} - The answer of the server; null when there is none.
     */
    async _post(url) {
        try {
            const response = await fetch(url, {
                method: 'POST',
                body: new FormData(this.el),
                headers: { Accept: 'application/json' },
            });
            return response.ok ? await response.json() : null;
        } catch {
            return null;
        }
    }

    /** What the server refused before this program had started is out of date with the first change. */
    onAnyChange() {
        for (const el of this.el.querySelectorAll('.o_sdd_error:not([data-sdd-error])')) {
            el.textContent = '';
        }
    }

    /**
     * @private
     * @param {SddForm} form
     * @param {Array<{field: string, message: string}>} errors
     */
    _showErrors(form, errors) {
        const own = errors.filter(error => OWN_FIELDS.includes(error.field));
        for (const { field, message } of own) {
            this._setError(field, message);
        }
        const others = errors.filter(error => !own.includes(error));
        if (others.length) {
            form.showErrors(others);
        } else if (own[0].field === 'code') {
            this.codeEl.focus();
            this.codeEl.select();
        } else {
            this.detailsEl.scrollIntoView({ block: 'center' });
        }
    }

    /**
     * @private
     * @param {string} field - One of `OWN_FIELDS`.
     * @param {string} message - What is wrong; empty: nothing.
     */
    _setError(field, message) {
        const el = this.el.querySelector(`[data-sdd-error="${field}"]`);
        if (el && el.textContent !== message) {
            el.textContent = message;
        }
        if (field === 'code' && this.codeEl) {
            this.codeEl.classList.toggle('is-invalid', Boolean(message));
            this.codeEl.setAttribute('aria-invalid', String(Boolean(message)));
        }
    }
}

registry.category('public.interactions').add('support_debit.confirm_form', ConfirmForm);
