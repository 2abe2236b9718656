/** What staff do with mandates: enter one from paper, confirm the bank, verify, revoke. */

import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

/**
 * Put a file into the file field of the open dialog, as a person who chooses one.
 *
 * @param {string} name
 * @return {object}
 */
function chooseFile(name) {
    return {
        content: `Choose ${name}`,
        trigger: '.modal .o_field_widget[name="file"] input[type="file"]:not(:visible)',
        run({ anchor }) {
            const files = new DataTransfer();
            const text = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
            files.items.add(new File([text], name, { type: 'application/pdf' }));
            anchor.files = files.files;
            anchor.dispatchEvent(new Event('change', { bubbles: true }));
        },
    };
}

/** @return {object[]} */
function verifyHistory() {
    return [
        { content: "Open the cog menu", trigger: '.o_cp_action_menus button', run: 'click' },
        {
            content: "Verify",
            trigger: '.o-dropdown--menu .o_menu_item:contains("Verify history")',
            run: 'click',
        },
        {
            content: "Nothing was changed",
            trigger: '.o_notification:contains("complete and unchanged")',
        },
    ];
}

tours.add('support_debit_enter_paper_mandate', {
    steps: () => [
        {
            content: "What to do is said first",
            trigger: '[name="hint_new"]:contains("Enter the customer")',
        },
        {
            content: "Name the customer",
            trigger: '.o_field_widget[name="partner_id"] input',
            run: 'edit Paula Papier',
        },
        {
            content: "Choose her",
            trigger: '.o-autocomplete--dropdown-item:contains("Paula Papier")',
            run: 'click',
        },
        {
            content: "Her only account is proposed",
            trigger: '.o_field_widget[name="bank_account_id"] input:value(/51/)',
        },
        { content: "Save", trigger: '.o_form_button_save', run: 'click' },
        {
            content: "The account is masked",
            trigger: '.o_field_widget[name="bank_account_id"] input:value(/••/)',
        },
        {
            content: "Nothing goes out yet",
            trigger: '[name="hint_wait"]:contains("Add what proves it")',
        },
        {
            content: "Add what proves it",
            trigger: '.o_form_statusbar button:contains("Add evidence")',
            run: 'click',
        },
        {
            content: "A scan is what one usually has, and it is grade A",
            trigger: '.modal .o_sdd_grade:text(A)',
        },
        chooseFile('form.pdf'),
        { content: "Add it", trigger: '.modal button[name="action_add"]', run: 'click' },
        {
            content: "It says what may be debited now",
            trigger: '.o_notification:contains("any amount")',
        },
        {
            content: "The grade is a badge",
            trigger: '[name="evidence"] .o_sdd_grade.text-bg-success:text(A)',
        },
        {
            content: "The history names the file and who added it",
            trigger: '.o_sdd_history .o_data_row:contains("form.pdf"):contains("Sally Seller")',
        },
        ...verifyHistory(),
        {
            content: "The customer has called",
            trigger: '.o_form_statusbar button:contains("Revoke")',
            run: 'click',
        },
        {
            content: "What it means is said before",
            trigger: '.modal .alert-warning:contains("Nothing more is collected")',
        },
        {
            content: "Note what she said",
            trigger: '.modal .o_field_widget[name="note"] textarea',
            run: 'edit Called at noon',
        },
        { content: "Revoke", trigger: '.modal button[name="action_revoke"]', run: 'click' },
        { content: "It is said", trigger: '.o_notification:contains("is revoked")' },
        { content: "The form says why", trigger: '[name="hint_ended"]:contains("does not want it")' },
        {
            content: "The history has the note",
            trigger: '.o_sdd_history .o_data_row:contains("Called at noon")',
        },
    ],
});

tours.add('support_debit_bank_has_confirmed', {
    steps: () => [
        {
            content: "The debit says what it waits for",
            trigger: '.alert-warning:contains("told his bank")',
        },
        { content: "Open the mandate", trigger: 'button[name="action_repair"]', run: 'click' },
        {
            content: "It says the same, with the amount",
            trigger: '[name="hint_wait"]:contains("told his bank"):contains("A debit of")',
        },
        {
            content: "The bank has confirmed",
            trigger: '.o_form_statusbar button[name="action_note_bank_confirmation"]',
            run: 'click',
        },
        { content: "Are you sure?", trigger: '.modal footer .btn-primary', run: 'click' },
        { content: "Nothing waits any more", trigger: 'body:not(:has([name="hint_wait"]))' },
        {
            content: "The history has it",
            trigger: '.o_sdd_history .o_data_row:contains("Confirmed to the customer\'s bank")',
        },
    ],
});

tours.add('support_debit_order_obstacle', {
    steps: () => [
        {
            content: "The order says why it cannot be debited",
            trigger: '[name="sdd_obstacle"]:contains("grade D")',
        },
        {
            content: "and leads to the mandate",
            trigger: '[name="sdd_obstacle"] button',
            run: 'click',
        },
        {
            content: "where the next step is the first button",
            trigger: '.o_form_statusbar button.btn-primary:contains("Ask the customer to confirm")',
        },
        { content: "Grade D is red", trigger: '[name="evidence"] .o_sdd_grade.text-bg-danger:text(D)' },
        { trigger: '[name="hint_grade"]:contains("A debit of")' },
    ],
});

tours.add('support_debit_limits', {
    steps: () => [
        {
            content: "A line for each grade, in words",
            trigger: '.o_data_row:contains("Signed form, scanned")',
        },
        {
            content: "Change the limit of grade D",
            trigger: '.o_data_row:has(.o_sdd_grade:text(D)) td[name="max_amount"]',
            run: 'click',
        },
        { trigger: '.o_selected_row [name="max_amount"] input', run: 'edit 500' },
        { content: "Save", trigger: '.o_list_button_save', run: 'click' },
        { content: "It is saved", trigger: '.o_data_row td[name="max_amount"]:contains("500.00")' },
    ],
});
