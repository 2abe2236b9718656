import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How each colour looks, and the shape that tells it without colours. */
const LOOKS = {
    green: { badge: "text-bg-success", icon: "fa-check-circle", border: "border-success" },
    yellow: { badge: "text-bg-warning", icon: "fa-exclamation-circle", border: "border-warning" },
    red: { badge: "text-bg-danger", icon: "fa-minus-circle", border: "border-danger" },
};
const NO_LOOK = { badge: "text-bg-light border", icon: "fa-circle-o", border: "" };

/** The colour of an assessment as a badge with a shape of its own. */
export class RiskColour extends BadgeField {
    static template = "support_debit.RiskColour";

    get look() {
        return LOOKS[this.props.record.data[this.props.name]] || NO_LOOK;
    }
}

registry.category("fields").add("risk_colour", {
    ...badgeField,
    component: RiskColour,
    supportedTypes: ["selection"],
});

/** What an assessment says, why, what would change it, and what a salesperson may say. */
export class RiskPanel extends Component {
    static template = "support_debit.RiskPanel";
    static props = { ...standardFieldProps, hasButtons: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ busy: false });
    }

    get panel() {
        return this.props.record.data[this.props.name] || null;
    }

    get look() {
        return LOOKS[this.panel.colour] || NO_LOOK;
    }

    /** Call a method of the record; the form is saved first, so that what is typed counts. */
    async call(method, ...args) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const { record } = this.props;
            if (!(await record.save({ reload: false }))) {
                return;
            }
            const result = await this.env.services.orm.call(record.resModel, method, [
                [record.resId],
                ...args,
            ]);
            if (result) {
                await this.action.doAction(result);
            } else {
                await record.load();
            }
        } finally {
            this.state.busy = false;
        }
    }

    open(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async copy() {
        await browser.navigator.clipboard.writeText(this.panel.sentence);
        this.notification.add(_t("Copied."), { type: "success" });
    }
}

registry.category("fields").add("risk_panel", {
    component: RiskPanel,
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ hasButtons: Boolean(options.buttons) }),
});

/** How each fact counted, and what each check found. */
export class RiskFacts extends Component {
    static template = "support_debit.RiskFacts";
    static props = { ...standardFieldProps };

    get facts() {
        return this.props.record.data[this.props.name] || { cards: [], groups: [] };
    }

    width(card, row) {
        const most = Math.max(1, ...card.rows.map((item) => item.lost));
        return `${Math.round((100 * Math.max(0, row.lost)) / most)}%`;
    }
}

registry.category("fields").add("risk_facts", {
    component: RiskFacts,
    supportedTypes: ["json"],
    isEmpty: () => false,
});
