/** The explanation of the grades, from the badge on the mandate and from the menu. */

import { registry } from '@web/core/registry';

/** @return {object[]} */
function readAndClose() {
    return [
        { content: "The best grade", trigger: '.modal .badge:contains("A")' },
        { content: "The weakest grade", trigger: '.modal .badge:contains("D")' },
        {
            content: "What a kind of evidence proves",
            trigger: '.modal li:contains("Signed form, scanned")',
        },
        { content: "The company's limit", trigger: '.modal td:contains("321.00")' },
        { content: "Close", trigger: '.modal footer button:contains("Close")', run: 'click' },
        { content: "Closed", trigger: 'body:not(:has(.modal))' },
    ];
}

registry.category('web_tour.tours').add('support_debit_help', {
    steps: () => [
        {
            content: "Ask what the badge means",
            trigger: '.o_form_view button[name] .fa-question-circle',
            run: 'click',
        },
        ...readAndClose(),
        {
            content: "Open the menu",
            trigger: '.o_main_navbar .o_menu_sections [data-menu-xmlid="support_debit.menu_help"]',
            run: 'click',
        },
        ...readAndClose(),
    ],
});
