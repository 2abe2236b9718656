import { registry } from '@web/core/registry';

import { pageIsReady, typeIban } from './tour_helpers';

/**
 * From the customer's account to the page of his only mandate.
 *
 * @return {object[]}
 */
function openMandate() {
    return [
        pageIsReady(),
        {
            content: "Open the mandates",
            trigger: '.o_portal_my_home a[href="/my/mandates"]:visible',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        {
            content: "Open the only mandate",
            trigger: '[name="o_sdd_mandate"]:contains("•• 2051")',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        { content: "It is active", trigger: '[name="o_sdd_state"]:contains("Active")' },
    ];
}

/**
 * @param {string} message - A part of the message at the IBAN.
 * @return {object[]}
 */
function ibanIsRefused(message) {
    return [
        { content: "Ask for the code", trigger: '.o_sdd_send', run: 'click' },
        {
            content: `The message says “${message}”`,
            trigger: `[data-sdd-error="iban"][role="alert"]:contains("${message}")`,
        },
        { trigger: 'input[name="sdd_iban"].is-invalid[aria-invalid="true"]' },
    ];
}

registry.category('web_tour.tours').add('support_debit_portal_mandate', {
    steps: () => [
        ...openMandate(),
        { content: "The next debit is announced", trigger: '[name="o_sdd_next_debit"]:contains("•• 2051")' },
        { content: "The package is named", trigger: '[name="o_sdd_package"]' },
        { content: "The form can be printed", trigger: '[name="o_sdd_pdf"][href*="report_type=pdf"]' },
        { content: "and kept", trigger: '[name="o_sdd_download"][href*="download=true"]' },
        {
            content: "Back to the mandates",
            trigger: '.o_portal_submenu a[href="/my/mandates"]',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        {
            content: "Go to the debits",
            trigger: '.o_sdd_portal a[href="/my/debits"]',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        { content: "The next one comes first", trigger: '[name="o_sdd_next_debit"] strong' },
        { content: "It is under way", trigger: '[name="o_sdd_live"] .badge:contains("Planned")' },
        {
            content: "Another one came back: what happened",
            trigger: '[name="o_sdd_past"] [name="o_sdd_debit_text"]:contains("not enough money")',
        },
        { content: "and what to do", trigger: '[name="o_sdd_past"] [name="o_sdd_pay"]' },
    ],
});

registry.category('web_tour.tours').add('support_debit_portal_account', {
    steps: () => [
        ...openMandate(),
        {
            content: "Change the account",
            trigger: '[name="o_sdd_change"]',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        { content: "Without anything", trigger: '.o_sdd_send', run: 'click' },
        { trigger: '[data-sdd-error="iban"]:contains("enter your IBAN")' },
        { trigger: '[data-sdd-error="accepted"]:contains("tick the box")' },
        {
            content: "The focus is at the first mistake",
            trigger: 'input[name="sdd_iban"]',
            run({ anchor }) {
                if (document.activeElement !== anchor) {
                    throw new Error("The focus must be in the IBAN.");
                }
            },
        },
        { content: "Agree", trigger: 'input[name="sdd_accepted"]', run: 'check' },
        ...typeIban('DE89370400440532013001'),
        ...ibanIsRefused("check digits"),
        ...typeIban('DE02120300000000202051'),
        ...ibanIsRefused("from this account already"),
        ...typeIban('DE89370400440532013000'),
        { content: "The bank is named", trigger: '.o_sdd_bank:contains("Commerzbank")' },
        { content: "Ask for the code", trigger: '.o_sdd_send', run: 'click' },
        { content: "It is on its way", trigger: '.o_sdd_code_message:contains("on its way")' },
        { content: "The IBAN stays as it is", trigger: 'input[name="sdd_iban"][readonly]' },
        { content: "Without a code", trigger: '.o_sdd_change', run: 'click' },
        { trigger: '[data-sdd-error="code"]:contains("enter the code")' },
        { content: "A wrong code", trigger: 'input[name="sdd_code"]', run: 'edit 111111' },
        { trigger: '.o_sdd_change', run: 'click' },
        { trigger: '[data-sdd-error="code"]:contains("not right")' },
        { content: "Another IBAN", trigger: '.o_sdd_other', run: 'click' },
        ...typeIban('DE02500105170137075030'),
        { content: "needs a code of its own", trigger: '.o_sdd_send', run: 'click' },
        { trigger: '.o_sdd_code_message:contains("on its way")' },
        { content: "The right code", trigger: 'input[name="sdd_code"]', run: 'edit 424242' },
        { trigger: '.o_sdd_change', run: 'click', expectUnloadPage: true },
        pageIsReady(),
        { content: "It is changed", trigger: '[name="o_sdd_done"]:contains("new account")' },
        { trigger: '[name="o_sdd_iban"]:contains("•• 5030")' },
        { trigger: '.o_sdd_history li:contains("The account was changed")' },
    ],
});

registry.category('web_tour.tours').add('support_debit_portal_revoke', {
    steps: () => [
        ...openMandate(),
        {
            content: "Revoke",
            trigger: '[name="o_sdd_revoke"]',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        { content: "It says what that means", trigger: '[name="o_sdd_notice"] li:contains("cancelled")' },
        { content: "Why", trigger: '#o_sdd_reason', run: 'edit I pay by transfer.' },
        {
            content: "Twice, by mistake",
            trigger: '[name="o_sdd_revoke_button"]',
            run: 'dblclick',
            expectUnloadPage: true,
        },
        pageIsReady(),
        { content: "It is revoked", trigger: '[name="o_sdd_done"]:contains("You have revoked")' },
        { trigger: '[name="o_sdd_state"]:contains("Revoked")' },
        { content: "Nothing to revoke any more", trigger: 'body:not(:has([name="o_sdd_revoke"]))' },
        { content: "What is open can be paid", trigger: '[name="o_sdd_open"] [name="o_sdd_pay"]' },
        { content: "A new mandate can be given", trigger: '[name="o_sdd_new"]', run: 'click', expectUnloadPage: true },
        pageIsReady(),
        { content: "by its own page", trigger: '.o_sdd_confirm_form input[name="sdd_iban"]' },
    ],
});
