import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

/** How strongly each grade warns. */
const COLOURS = {
    A: "text-bg-success",
    B: "text-bg-primary",
    C: "text-bg-warning",
    D: "text-bg-danger",
};

/**
 * A grade of evidence, A to D, as a coloured badge.
 *
 * The option `text_field` names a field that says in words what the grade rests on; the badge shows
 * it as its tooltip.
 */
export class GradeBadge extends BadgeField {
    static template = "support_debit.GradeBadge";
    static props = { ...BadgeField.props, textField: { type: String, optional: true } };

    get badgeClass() {
        return COLOURS[this.props.record.data[this.props.name]] || "text-bg-300";
    }

    get words() {
        return (this.props.textField && this.props.record.data[this.props.textField]) || "";
    }
}

registry.category("fields").add("sdd_grade", {
    ...badgeField,
    component: GradeBadge,
    supportedTypes: ["selection"],
    supportedOptions: [],
    extractProps: ({ options }) => ({ textField: options.text_field }),
    fieldDependencies: ({ options }) =>
        options.text_field ? [{ name: options.text_field, type: "char" }] : [],
});
