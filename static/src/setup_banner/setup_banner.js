import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/** Says above a list what the company still lacks before it can collect, and leads there. */
export class SetupBanner extends Component {
    static template = "support_debit.SetupBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.hint = { missing: [], can_configure: false };
        onWillStart(async () => {
            this.hint = await this.orm.call("res.company", "sdd_get_setup_hint", []);
        });
    }

    openSettings() {
        this.action.doAction("support_debit.action_support_debit_settings");
    }
}

export class SetupListRenderer extends ListRenderer {
    static template = "support_debit.SetupListRenderer";
    static components = { ...ListRenderer.components, SetupBanner };
}

registry.category("views").add("sdd_setup_list", {
    ...listView,
    Renderer: SetupListRenderer,
});
