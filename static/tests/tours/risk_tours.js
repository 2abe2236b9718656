/** The risk room as staff use it: an order's badge, the review queue, a decision by two people. */

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

tours.add('support_debit_risk_order', {
    steps: () => [
        { content: "Nothing was checked yet", trigger: '.o_risk_panel_none' },
        picture('risk_order_unchecked'),
        { content: "Check now", trigger: '.o_risk_check', run: 'click' },
        { content: "There is a colour, with words", trigger: '.o_risk_panel .o_risk_colour', timeout: 20000 },
        { content: "What to say stands there", trigger: '.o_risk_sentence em' },
        picture('risk_order_checked'),
    ],
});

tours.add('support_debit_risk_choice', {
    steps: () => [
        { content: "Nothing is agreed", trigger: '.o_risk_panel_yellow .o_risk_agreed:not(:has(.btn-primary))' },
        { content: "The customer would transfer the amount", trigger: '.o_risk_choice[data-offer="transfer"]', run: 'click' },
        { content: "That is noted", trigger: '.o_risk_choice.btn-primary[data-offer="transfer"]' },
        { content: "He changes his mind", trigger: '.o_risk_choice[data-offer="sdd_settled"]:enabled', run: 'click' },
        { content: "That is noted", trigger: '.o_risk_choice.btn-primary[data-offer="sdd_settled"]' },
        { content: "Only that", trigger: '.o_risk_agreed:not(:has(.btn-primary[data-offer="transfer"]))' },
        picture('risk_order_choice'),
    ],
});

tours.add('support_debit_risk_ask', {
    steps: () => [
        { content: "The order is red, with reasons", trigger: '.o_risk_panel_red .o_risk_reasons li' },
        { content: "It says what would change it", trigger: '.o_risk_better li' },
        picture('risk_order_red'),
        { content: "Ask a colleague", trigger: '.o_risk_ask', run: 'click' },
        { content: "The case is open", trigger: '.o_form_view .o_statusbar_status .o_arrow_button_current[data-value="open"]' },
        picture('risk_case'),
    ],
});

tours.add('support_debit_risk_propose', {
    steps: () => [
        { content: "The case is in the queue", trigger: '.o_data_row .o_risk_red' },
        picture('risk_queue'),
        { content: "Open it", trigger: '.o_data_row td[name="partner_id"]', run: 'click' },
        { content: "Decide", trigger: 'button[name="action_decide"]', run: 'click' },
        { content: "Allow the direct debit", trigger: '.modal .o_field_widget[name="colour"] input[data-value="green"]', run: 'click' },
        { content: "A second person is needed", trigger: '.modal .alert-info' },
        { content: "Say why", trigger: '.modal .o_field_widget[name="reason"] textarea', run: 'edit Known for ten years' },
        picture('risk_decide'),
        { content: "Propose", trigger: '.modal button.btn-primary[name="action_confirm"]', run: 'click' },
        { content: "It waits", trigger: '.o_risk_proposal' },
        { content: "I cannot agree to my own proposal", trigger: 'body:not(:has(button[name="action_agree"]))' },
        picture('risk_proposed'),
    ],
});

tours.add('support_debit_risk_agree', {
    steps: () => [
        { content: "Open the case", trigger: '.o_data_row td[name="partner_id"]', run: 'click' },
        { content: "Read the proposal", trigger: '.o_risk_proposal .o_risk_green' },
        { content: "Agree", trigger: 'button[name="action_agree"]', run: 'click' },
        { content: "It is decided", trigger: '.o_risk_decided .o_risk_green' },
        picture('risk_decided'),
        { content: "See the assessment", trigger: 'button[name="action_view_assessment"]', run: 'click' },
        { content: "How it counted", trigger: '.o_risk_facts table' },
        picture('risk_assessment'),
    ],
});
