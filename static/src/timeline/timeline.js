import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What happened to a payment, day by day, and what is planned.
 *
 * The same can be read as plain sentences, one a line, to be read out on the telephone.
 */
export class Timeline extends Component {
    static template = "support_debit.Timeline";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.state = useState({ aloud: false });
    }

    get story() {
        return this.props.record.data[this.props.name] || { days: [], spoken: [] };
    }

    toggle() {
        this.state.aloud = !this.state.aloud;
    }

    open(event) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: event.model,
            res_id: event.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("sdd_timeline", {
    component: Timeline,
    supportedTypes: ["json"],
    isEmpty: () => false,
});
