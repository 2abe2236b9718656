import { registry } from '@web/core/registry';
import { Interaction } from '@web/public/interaction';

/** Pages of a mandate: say first what was done, and never show an old state after going back. */
export class PortalMandatePage extends Interaction {
    static selector = '.o_sdd_portal';
    dynamicContent = {
        _window: { 't-on-pageshow': this.onPageShow },
        'form:not([data-sdd-again])': { 't-on-submit': this.onSubmit },
    };

    start() {
        this.el.querySelector('[name="o_sdd_done"]')?.focus();
    }

    /**
     * A page that comes back from the browser's cache may show what is no longer so.
     *
     * @param {PageTransitionEvent} ev
     */
    onPageShow(ev) {
        if (ev.persisted) {
            window.location.reload();
        }
    }

    /**
     * One click is enough; the server does nothing twice either.
     *
     * @param {SubmitEvent} ev
     */
    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }
}

registry.category('public.interactions').add('support_debit.portal_page', PortalMandatePage);
