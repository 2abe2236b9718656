/** Checks that staff see: the IBAN calculator, what looks mistyped, customers who are there twice. */

import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

/**
 * Take a picture for the documentation, where pictures are wanted.
 *
 * @param {string} name - Name of the file.
 * @return {object} The step.
 */
function picture(name) {
    return {
        trigger: 'body',
        async run() {
            // Moving parts stand still after a moment.
            await new Promise((resolve) => setTimeout(resolve, 700));
            console.log(`picture:${name}`);
        },
    };
}

tours.add('support_debit_iban_calculator', {
    steps: () => [
        {
            content: "Account number and bank code",
            trigger: '.o_field_widget[name="bank_code"] input',
            run: 'edit 370 400 44',
        },
        {
            trigger: '.o_field_widget[name="account"] input',
            run: 'edit 1000002 && press Tab',
        },
        {
            content: "The IBAN stands there, and a second one with the sub-account that fits better",
            trigger: '.o_field_widget[name="iban"]:contains("DE")',
        },
        { trigger: '.alert-warning' },
        picture('risk_iban_calculator'),
        {
            content: "A slip is explained, and there is no IBAN",
            trigger: '.o_field_widget[name="bank_code"] input',
            run: 'edit 370 400 && press Tab',
        },
        { trigger: '.alert-danger:visible:contains("8")' },
        { trigger: '.o_form_view:not(:has(.o_field_widget[name="iban"]:visible))' },
        picture('risk_iban_calculator_slip'),
        {
            trigger: '.o_field_widget[name="bank_code"] input',
            run: 'edit 120 300 00 && press Tab',
        },
        {
            trigger: '.o_field_widget[name="account"] input',
            run: 'edit 202051 && press Tab',
        },
        { trigger: '.o_field_widget[name="iban"]:contains("DE02 1203 0000 0000 2020 51")' },
        {
            content: "The account goes to the customer",
            trigger: '.o_field_widget[name="partner_id"] input',
            run: 'edit Jörg Müßig',
        },
        {
            trigger: '.o_field_widget[name="partner_id"] .ui-autocomplete a:contains("Jörg Müßig")',
            run: 'click',
        },
        picture('risk_iban_calculator_customer'),
        { trigger: '.modal footer button[special="save"]:visible', run: 'click' },
        { content: "Saved and closed", trigger: 'body:not(:has(.modal))' },
    ],
});

tours.add('support_debit_customer_twice', {
    steps: () => [
        {
            content: "The customer seems to be there twice",
            trigger: 'button[name="action_view_risk_duplicates"]:contains("1")',
        },
        {
            content: "What looks mistyped is said at once",
            trigger: '.o_field_widget[name="email"] input',
            run: 'edit joerg@gmial.com && press Tab',
        },
        { trigger: '.o_notification:contains("joerg@gmail.com")' },
        picture('risk_customer'),
        {
            trigger: '.o_form_button_cancel',
            run: 'click',
        },
        {
            trigger: 'button[name="action_view_risk_duplicates"]',
            run: 'click',
        },
        { trigger: '.o_list_view .o_data_row:eq(1)' },
        picture('risk_duplicates'),
    ],
});

tours.add('support_debit_risk_lists', {
    steps: () => [
        { trigger: '.o_list_view .o_data_row' },
        picture('risk_domains'),
        { trigger: '.o_list_button_add', run: 'click' },
        {
            trigger: '.o_selected_row .o_field_widget[name="name"] input',
            run: 'edit Throw@Away.Example',
        },
        { trigger: '.o_list_button_save', run: 'click' },
        { trigger: '.o_data_row:contains("away.example")' },
    ],
});
