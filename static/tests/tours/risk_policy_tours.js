/** A manager makes the policy stricter, tries it on the past and activates it. */

import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

/**
 * Ask for a picture of the page.
 *
 * @param {string} name
 * @return {object}
 */
function picture(name) {
    return {
        content: `Picture ${name}`,
        trigger: 'body',
        run: async () => {
            await new Promise((resolve) => setTimeout(resolve, 400));
            console.log(`picture:${name}`);
            await new Promise((resolve) => setTimeout(resolve, 800));
        },
    };
}

/**
 * Choose an entry of a selection field in the open dialogue.
 *
 * @param {string} field
 * @param {string} label - A part of the entry.
 * @return {object[]}
 */
function choose(field, label) {
    return [
        {
            content: `Open ${field}`,
            trigger: `.modal .o_field_widget[name="${field}"] .o_select_menu_input`,
            run: 'click',
        },
        {
            content: `Choose ${label}`,
            trigger: `.o_select_menu_item:contains("${label}"):first`,
            run: 'click',
        },
    ];
}

tours.add('support_debit_risk_policy', {
    steps: () => [
        { content: "Risk", trigger: '[data-menu-xmlid="support_debit.menu_risk"]', run: 'click' },
        { content: "Policies", trigger: '[data-menu-xmlid="support_debit.menu_risk_policies"]', run: 'click' },
        { content: "One is active", trigger: '.o_data_row .text-bg-success' },
        picture('risk_policies'),
        { content: "Open it", trigger: '.o_data_row td[name="name"]', run: 'click' },
        { content: "It can be read, not changed", trigger: '.o_statusbar_status .o_arrow_button_current[data-value="active"]' },
        picture('risk_policy'),
        { content: "Make a new version", trigger: 'button[name="action_new_version"]', run: 'click' },
        { content: "It says what to do", trigger: '.o_statusbar_status .o_arrow_button_current[data-value="draft"]' },
        { content: "Add a rule", trigger: '.o_field_widget[name="rule_ids"] .o_field_x2many_list_row_add a, .o_field_widget[name="rule_ids"] .o_field_x2many_list_row_add button', run: 'click' },
        { content: "An empty rule", trigger: '.modal .o_field_widget[name="fact"]' },
        picture('risk_rule_new'),
        ...choose('fact', "Amount of the order"),
        { content: "It has a name", trigger: '.modal .o_field_widget[name="name"] input:value("Amount of the order")' },
        ...choose('operator', "is more than"),
        { content: "How much", trigger: '.modal .o_field_widget[name="threshold"] input', run: 'edit 250 && press Tab' },
        { content: "It says in words what it does", trigger: '.modal .o_risk_preview:contains("is more than 250")' },
        picture('risk_rule'),
        { content: "Keep it", trigger: '.modal .o_form_button_save', run: 'click' },
        { content: "It stands in the table", trigger: 'body:not(:has(.modal)) .o_field_widget[name="rule_ids"] .o_data_row:contains("is more than 250")' },
        picture('risk_policy_draft'),
        { content: "Try it", trigger: 'button[name="action_rehearse"].btn-primary', run: 'click' },
        { content: "What it would have changed", trigger: '.o_field_widget[name="measure_ids"] .o_data_row', timeout: 20000 },
        { content: "In a sentence", trigger: '.o_risk_verdict:contains("14 of 140")' },
        picture('risk_rehearsal'),
        { content: "Activate it", trigger: 'button[name="action_activate"]', run: 'click' },
        { content: "Sure", trigger: '.modal-footer .btn-primary', run: 'click' },
        { content: "It decides now", trigger: '.o_statusbar_status .o_arrow_button_current[data-value="active"]' },
        picture('risk_policy_active'),
    ],
});
