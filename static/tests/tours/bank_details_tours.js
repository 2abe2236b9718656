/** Seeing an account number, and erasing what need not be kept any longer. */

import { registry } from '@web/core/registry';

registry.category('web_tour.tours').add('support_debit_reveal_iban', {
    steps: () => [
        {
            content: "The form shows the mask only",
            trigger: '.o_form_view div[name="iban_masked"]:contains("DE••"):contains("2051")',
        },
        {
            content: "Ask for the number",
            trigger: 'button[name="action_reveal_iban"]',
            run: 'click',
        },
        {
            content: "The dialog has it",
            trigger: '.modal div[name="number"]:contains("DE02 1203 0000 0000 2020 51")',
        },
        { content: "and says that it was noted", trigger: '.modal :contains("noted down")' },
        { content: "Close it", trigger: '.modal footer button:contains("Close")', run: 'click' },
        { content: "The number is gone", trigger: 'body:not(:has(.modal))' },
    ],
});

registry.category('web_tour.tours').add('support_debit_masked_account', {
    steps: () => [
        {
            content: "The number is masked and cannot be typed over",
            trigger: '.o_form_view div[name="acc_number"].o_readonly_modifier:contains("DE••")',
        },
        {
            content: "Change something else",
            trigger: 'div[name="acc_holder_name"] input',
            run: 'edit J. Müßig',
        },
        { content: "Save", trigger: '.o_form_button_save', run: 'click' },
        { content: "It is saved", trigger: '.o_form_saved' },
    ],
});

registry.category('web_tour.tours').add('support_debit_erase_bank_data', {
    steps: () => [
        { content: "Open the actions", trigger: '.o_cp_action_menus button', run: 'click' },
        {
            content: "Erase",
            trigger: '.o-dropdown--menu .o_menu_item:contains("Erase Bank Data")',
            run: 'click',
        },
        {
            content: "The running mandate is kept, and it says why",
            trigger: '.modal .o_data_row:contains("Active"):contains("Revoke it first")',
        },
        {
            content: "The old one can go",
            trigger: '.modal .o_data_row:contains("Revoked"):contains("Can be erased")',
        },
        { content: "Erase it", trigger: '.modal button[name="action_erase"]', run: 'click' },
        {
            content: "Are you sure?",
            trigger: '.modal:contains("cannot be brought back") .modal-footer .btn-primary',
            run: 'click',
        },
        {
            content: "It is erased, the other one stays",
            trigger: '.modal .o_data_row:contains("Revoked") td[name="account_state"]:contains("Erased")',
        },
        {
            content: "Nothing is left to erase",
            trigger: '.modal:not(:has(button[name="action_erase"]:visible)) footer',
        },
        { content: "Close it", trigger: '.modal footer button:contains("Close")', run: 'click' },
    ],
});
