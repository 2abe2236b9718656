/** What staff change in mandates: account, creditor; what they are told before and after. */

import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

/**
 * @param {string} iban
 * @return {object[]}
 */
function typeAccount(iban) {
    return [
        {
            content: `Type ${iban}`,
            trigger: '.modal .o_field_widget[name="iban"] input',
            run: `edit ${iban}`,
        },
        { content: "Leave the field", trigger: '.modal .o_field_widget[name="holder"] input', run: 'click' },
    ];
}

tours.add('support_debit_change_account', {
    steps: () => [
        {
            content: "Change the account",
            trigger: '.o_statusbar_buttons button:contains("Change account")',
            run: 'click',
        },
        {
            content: "The account now is shown masked",
            trigger: '.modal .o_field_widget[name="current_iban"]:contains("•• 3000")',
        },
        ...typeAccount('DE88 3704 0044 0532 0130 00'),
        {
            content: "A mistake is said at once, and nothing can be done with it",
            trigger: '.modal .alert-danger:contains("check digits")',
        },
        { trigger: '.modal:not(:has(button[name="action_amend"]:visible))' },
        ...typeAccount('DE02 1203 0000 0000 2020 51'),
        {
            content: "The bank is recognised",
            trigger: '.modal .o_field_widget[name="bank_text"]:contains("BYLADEM1001")',
        },
        {
            content: "It is somebody else's account",
            trigger: '.modal .o_field_widget[name="holder"] input',
            run: 'edit Petra Other && press Tab',
        },
        {
            content: "That needs a new mandate, which can be prepared here",
            trigger: '.modal .alert-danger:contains("must give a new mandate"):has(button[name="action_prepare_new_mandate"])',
        },
        {
            content: "No, it is his own",
            trigger: '.modal .o_field_widget[name="holder"] input',
            run: 'edit JOERG MUESSIG && press Tab',
        },
        {
            content: "Change it",
            trigger: '.modal button[name="action_amend"]:visible',
            run: 'click',
        },
        {
            content: "The bank is told with the next debit",
            trigger: '.o_notification:contains("•• 2051"):contains("next debit")',
        },
        {
            content: "The mandate says so as well",
            trigger: '[name="hint_amendment"]:contains("New account"):contains("•• 2051")',
        },
    ],
});

tours.add('support_debit_change_creditor', {
    steps: () => [
        {
            content: "The mandate names the company as it was",
            trigger: '[name="hint_creditor"]:contains("another name")',
        },
        { trigger: '[name="hint_creditor"] button:contains("Change creditor")', run: 'click' },
        {
            content: "The dialog proposes the company as it is, for this mandate",
            trigger: '.modal .o_field_widget[name="mandate_ids"] .o_data_row',
        },
        { trigger: '.modal footer button[name="action_amend"]', run: 'click' },
        { trigger: '.modal:contains("next debit") footer button.btn-primary:contains("Ok")', run: 'click' },
        { content: "Done", trigger: '.o_notification:contains("Mandates changed: 1")' },
        { trigger: '.o_form_view:not(:has([name="hint_creditor"]:visible))' },
    ],
});
