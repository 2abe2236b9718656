import { Component, onWillStart, onWillUnmount, useRef, useState } from '@odoo/owl';
import { browser } from '@web/core/browser/browser';
import { _t } from '@web/core/l10n/translation';
import { registry } from '@web/core/registry';
import { useService } from '@web/core/utils/hooks';
import { standardActionServiceProps } from '@web/webclient/actions/action_service';

const MODEL = 'sdd.mandate.confirmation';
const INTERVAL = 2500; // ms between two questions to the server
const FINAL = ['used', 'expired', 'revoked'];

/**
 * How far the customer is with a confirmation link, or the code that he reads to the agent.
 *
 * Asks the server again and again as long as the dialog is open and in sight: an agent on the
 * telephone must not have to press anything to see that the customer is done.
 */
export class MandateLinkStatus extends Component {
    static template = 'support_debit.MandateLinkStatus';
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService('orm');
        this.action = useService('action');
        this.notification = useService('notification');
        this.urlRef = useRef('url');
        this.codeRef = useRef('code');
        const { confirmation_id: id, url } = this.props.action.params;
        this.state = useState({ id, url, status: null, code: '', message: '', busy: false });
        onWillStart(async () => {
            this.state.status = await this.orm.call(MODEL, 'get_status', [[id]]);
            this.timer = browser.setInterval(() => this.refresh(), INTERVAL);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get status() {
        return this.state.status;
    }

    get isFinal() {
        return FINAL.includes(this.status.state);
    }

    get isPhone() {
        return this.status.purpose === 'phone';
    }

    /** Ask how far the customer is, without a sign of it on the screen. */
    async refresh() {
        if (this.isFinal || this.state.busy || document.hidden) {
            return;
        }
        const { id } = this.state;
        try {
            const status = await this.orm.silent.call(MODEL, 'get_status', [[id]]);
            if (id === this.state.id && !this.state.busy) {
                this.state.status = status;
            }
        } catch {
            // The next question follows soon; a lost connection is shown by Odoo itself.
        }
    }

    async onCopy() {
        try {
            await browser.navigator.clipboard.writeText(this.state.url);
            this.notification.add(_t("The link is copied."), { type: 'success' });
        } catch {
            // Browsers refuse without a secure connection: the agent copies it himself.
            this.urlRef.el.select();
        }
    }

    async onResend() {
        await this._act(async () => {
            const status = await this.orm.call(MODEL, 'action_resend', [[this.state.id]]);
            Object.assign(this.state, { id: status.id, url: status.url, status });
        });
    }

    async onWithdraw() {
        await this._act(async () => {
            this.state.status = await this.orm.call(MODEL, 'action_revoke', [[this.state.id]]);
        });
    }

    async onSendCode() {
        await this._act(async () => {
            this.state.status = await this.orm.call(MODEL, 'action_send_code', [[this.state.id]]);
            this.state.code = '';
            this.state.message = '';
        });
    }

    async onCheckCode() {
        await this._act(async () => {
            const status = await this.orm.call(
                MODEL, 'check_read_back', [[this.state.id], this.state.code]
            );
            Object.assign(this.state, { status, message: status.message, code: '' });
            this.codeRef.el?.focus();
        });
    }

    /** Close the dialog; the form behind it then shows the mandate as it is now. */
    onClose() {
        this.action.doAction({ type: 'ir.actions.act_window_close' });
    }

    /**
     * @private
     * @param {Function} action - What the agent has started; one thing at a time.
     */
    async _act(action) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await action();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category('actions').add('support_debit.mandate_link_status', MandateLinkStatus);
