import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Cards and bars that say what is open, under way, settled and come back; each opens its list. */
export class CollectionsDashboard extends Component {
    static template = "support_debit.CollectionsDashboard";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = [
            ["month", _t("This month")],
            ["last_month", _t("Last month")],
            ["days_30", _t("Last 30 days")],
            ["quarter", _t("This quarter")],
            ["year", _t("This year")],
            ["all", _t("All")],
        ];
        this.display = { controlPanel: {} };
        this.state = useState({ period: this.props.state?.period || "month", figures: null });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.figures = await this.orm.call("sdd.dashboard", "get_figures", [this.state.period]);
    }

    async choosePeriod(period) {
        this.state.period = period;
        await this.load();
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.figures.currency_id });
    }

    rate(value) {
        return value === null || value === false ? "–" : `${value.toFixed(1)} %`;
    }

    open(item) {
        this.action.doAction(item.action);
    }

    openReport(name) {
        this.action.doAction(`support_debit.${name}`);
    }
}

registry.category("actions").add("support_debit.collections_dashboard", CollectionsDashboard);
