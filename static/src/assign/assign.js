import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Two columns: what the bank says on the left, what it may be about on the right.
 *
 * One click books it and brings the next. The arrow keys walk through the candidates, Enter takes
 * the one that has the focus.
 */
export class AssignScreen extends Component {
    static template = "support_debit.AssignScreen";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.candidates = useRef("candidates");
        this.search = useDebounced(this.doSearch, 300);
        const params = this.props.action.params || {};
        this.messageId = params.message_id || false;
        this.skipped = [];
        this.state = useState({
            finding: false,
            candidates: [],
            found: null,
            left: 0,
            text: "",
            note: "",
            isBusy: false,
        });
        onWillStart(() => this.load(params.finding_id || false));
        useEffect(
            () => this.candidates.el?.querySelector("button")?.focus(),
            () => [this.state.finding && this.state.finding.id]
        );
    }

    get shown() {
        return this.state.found || this.state.candidates;
    }

    get isTyped() {
        return this.state.found !== null;
    }

    async load(findingId = false) {
        const screen = await this.orm.call("sdd.bank.finding", "get_screen", [], {
            finding_id: findingId,
            message_id: this.messageId,
            skipped: this.skipped,
        });
        Object.assign(this.state, { ...screen, found: null, text: "", note: "" });
    }

    async doSearch() {
        const finding = this.state.finding;
        const text = this.state.text.trim();
        const found = text
            ? await this.orm.call("sdd.bank.finding", "search_records", [[finding.id], text])
            : null;
        // Meanwhile another finding may be on the screen, or more may have been typed.
        if (finding.id === this.state.finding.id && text === this.state.text.trim()) {
            this.state.found = found;
        }
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.search();
    }

    /** Do something once, however often it is clicked, and keep the screen when it is refused. */
    async once(work) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await work();
        } finally {
            this.state.isBusy = false;
        }
    }

    assign(candidate) {
        return this.once(async () => {
            const done = await this.orm.call("sdd.bank.finding", "assign_record", [
                [this.state.finding.id],
                candidate.model,
                candidate.id,
            ]);
            this.notification.add(_t("%s. It is booked.", done.text), {
                type: "success",
                buttons: [
                    {
                        name: _t("Open it"),
                        onClick: () =>
                            this.action.doAction({
                                type: "ir.actions.act_window",
                                res_model: done.model,
                                res_id: done.id,
                                views: [[false, "form"]],
                            }),
                    },
                ],
            });
            await this.load();
        });
    }

    dismiss() {
        return this.once(async () => {
            await this.orm.call("sdd.bank.finding", "action_dismiss", [
                [this.state.finding.id],
                this.state.note || null,
            ]);
            this.notification.add(_t("Put aside. You find it under Findings."), { type: "info" });
            await this.load();
        });
    }

    skip() {
        return this.once(async () => {
            this.skipped.push(this.state.finding.id);
            await this.load();
        });
    }

    startAgain() {
        this.skipped = [];
        return this.load();
    }

    openFile() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sdd.bank.message",
            res_id: this.state.finding.message.id,
            views: [[false, "form"]],
        });
    }

    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step) {
            return;
        }
        const buttons = [...this.candidates.el.querySelectorAll("button")];
        const next = buttons[buttons.indexOf(document.activeElement) + step];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.finding.currency_id });
    }
}

registry.category("actions").add("support_debit.assign_screen", AssignScreen);
