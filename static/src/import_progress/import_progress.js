import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const INTERVAL = 2000;

/** Shows how far an import has got, and asks again every two seconds while it goes on. */
export class ImportProgress extends Component {
    static template = "support_debit.ImportProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ lost: false });
        onMounted(() => this.wait());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return Math.round(this.props.record.data[this.props.name] || 0);
    }

    get isRunning() {
        return this.props.record.data.state === "running";
    }

    wait() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.refresh(), INTERVAL);
    }

    async refresh() {
        if (this.isRunning) {
            try {
                await this.props.record.load();
                this.state.lost = false;
            } catch {
                // The server may be restarting; the import itself goes on there.
                this.state.lost = true;
            }
        }
        this.wait();
    }
}

registry.category("fields").add("sdd_import_progress", {
    component: ImportProgress,
    supportedTypes: ["float"],
});
