/** Bureaus and blocks: what managers click. */

import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

/**
 * @param {string} name
 * @return {object}
 */
function picture(name) {
    return { content: `Picture ${name}`, trigger: 'body', run: () => console.log(`picture:${name}`) };
}

tours.add('support_debit_try_bureau', {
    steps: () => [
        { content: "The bureau is in use", trigger: '.o_form_view .o_field_widget[name="name"]' },
        picture('risk_provider_form'),
        { content: "See what is asked", trigger: '.nav-link[name="fields"]', run: 'click' },
        { trigger: '.tab-pane.active .o_field_widget[name="field_ids"] .o_data_row' },
        picture('risk_provider_fields'),
        { content: "See what is read", trigger: '.nav-link[name="results"]', run: 'click' },
        { trigger: '.tab-pane.active .o_field_widget[name="result_ids"] .o_data_row' },
        picture('risk_provider_results'),
        { content: "See when", trigger: '.nav-link[name="when"]', run: 'click' },
        { trigger: '.tab-pane.active .o_field_widget[name="worth_amount"]' },
        picture('risk_provider_when'),
        { content: "See the law", trigger: '.nav-link[name="law"]', run: 'click' },
        { trigger: '.tab-pane.active .o_field_widget[name="notice"]' },
        picture('risk_provider_law'),
        { content: "Try it", trigger: 'button[name="action_try"]', run: 'click' },
        {
            content: "About somebody whom it warns of",
            trigger: '.modal .o_field_widget[name="name"] input',
            run: 'edit Eva Red',
        },
        picture('risk_provider_try_empty'),
        { content: "Ask", trigger: '.modal button[name="action_ask"]', run: 'click' },
        {
            content: "It works, and more could be read",
            trigger: '.modal .alert-success:visible',
        },
        { trigger: '.modal .o_field_widget[name="result"]:contains("result.negative")' },
        picture('risk_provider_try'),
        {
            content: "Another one does not go well",
            trigger: '.modal .o_field_widget[name="name"] input',
            run: 'edit Eva Garbage',
        },
        { content: "Ask", trigger: '.modal button[name="action_ask"]', run: 'click' },
        { content: "It is said what is wrong", trigger: '.modal .alert-warning:visible' },
        picture('risk_provider_try_bad'),
        { content: "Close", trigger: '.modal footer button.btn-secondary', run: 'click' },
        { trigger: 'body:not(:has(.modal))' },
        { content: "See the questions", trigger: '.oe_stat_button:first', run: 'click' },
        { trigger: '.o_list_view .o_data_row td[name="outcome"]' },
        picture('risk_provider_calls'),
    ],
});

tours.add('support_debit_block_account', {
    steps: () => [
        { content: "No block yet", trigger: '.o_view_nocontent_smiling_face' },
        picture('risk_block_empty'),
        { content: "Add one", trigger: '.o_list_button_add', run: 'click' },
        {
            content: "An account",
            trigger: '.o_field_widget[name="value"] input',
            run: 'edit DE02 1203 0000 0000 2020 52',
        },
        { content: "Save", trigger: '.o_form_button_save', run: 'click' },
        { content: "That is no IBAN", trigger: '.modal .modal-body', run: () => {} },
        picture('risk_block_mistake'),
        { content: "Understood", trigger: '.modal footer .btn-primary', run: 'click' },
        {
            content: "The right one",
            trigger: '.o_field_widget[name="value"] input',
            run: 'edit DE02 1203 0000 0000 2020 51',
        },
        { content: "Save", trigger: '.o_form_button_save', run: 'click' },
        { content: "It is shown masked", trigger: '.oe_title h1:contains("•• 2051")' },
        picture('risk_block_form'),
        {
            content: "It was a mistake",
            trigger: '.o_field_widget[name="lift_note"] input',
            run: 'edit Mixed up with another account',
        },
        { content: "Lift it", trigger: 'button[name="action_lift"]', run: 'click' },
        { trigger: '.o_field_widget[name="lifted_by_id"]' },
        picture('risk_block_lifted'),
    ],
});
