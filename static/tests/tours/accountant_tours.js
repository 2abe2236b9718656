/** The accountant's day: files in, findings looked at, figures right; the salesperson's call. */

import { rpc } from '@web/core/network/rpc';
import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Take a picture for the documentation, where pictures are wanted.
 *
 * @param {string} name
 * @return {object}
 */
function picture(name) {
    return {
        content: `Picture: ${name}`,
        trigger: 'body',
        async run() {
            await wait(500);
            console.log(`picture:${name}`);
            await wait(700);
        },
    };
}

/**
 * @param {string} action - The XML id of an action, without the module.
 * @return {object}
 */
function go(action) {
    return {
        content: `Go to ${action}`,
        trigger: 'body',
        run() {
            window.location.href = `/odoo/action-support_debit.${action}`;
        },
        expectUnloadPage: true,
    };
}

/** Put the files that the test has prepared into the dialog, as a person who drags several. */
function chooseBankFiles() {
    return {
        content: "Choose all files of the day",
        trigger: '.modal .o_field_widget[name="attachment_ids"] input[type="file"]:not(:visible)',
        async run({ anchor }) {
            const prepared = await rpc('/web/dataset/call_kw/ir.attachment/search_read', {
                model: 'ir.attachment',
                method: 'search_read',
                args: [[['description', '=', 'accountants-day']], ['name', 'datas']],
                kwargs: { order: 'name' },
            });
            const files = new DataTransfer();
            for (const { name, datas } of prepared) {
                const bytes = Uint8Array.from(atob(datas), (char) => char.charCodeAt(0));
                files.items.add(new File([bytes], name, { type: 'text/xml' }));
            }
            anchor.files = files.files;
            anchor.dispatchEvent(new Event('change', { bubbles: true }));
        },
    };
}

/** Booking a day's files takes its time on a busy machine. */
const patient = (steps) => steps.map((step) => ({ timeout: 60000, ...step }));

tours.add('support_debit_accountants_day', {
    steps: () => patient([
        {
            content: "Import what was downloaded",
            trigger: 'button:contains("Import files")',
            run: 'click',
        },
        chooseBankFiles(),
        { content: "They are there", trigger: '.modal .o_attachment:contains("3-statement")' },
        { content: "Import", trigger: '.modal button[name="action_import"]', run: 'click' },
        {
            content: "What was clear is done",
            trigger: '.o_data_row:contains("1-answer"):contains("Done")',
        },
        { trigger: '.o_data_row:contains("2-statement"):contains("Done")' },
        picture('accountant_files'),
        {
            content: "One needs a person",
            trigger: '.o_data_row:contains("3-statement"):contains("Look at it") td[name="name"]',
            run: 'click',
        },
        {
            content: "Look at it",
            trigger: '.o_form_statusbar button[name="action_look_at"]',
            run: 'click',
        },
        {
            content: "The bank says what went back",
            trigger: '.o_sdd_assign section[name="bank"]:contains("103.40")',
        },
        {
            content: "The best candidate comes first and says why",
            trigger: '.o_sdd_candidate:first:contains("Carla Conradi"):contains("similar name")',
        },
        picture('accountant_assign'),
        {
            content: "One click books it",
            trigger: '.o_sdd_candidate:contains("Carla Conradi")',
            run: 'click',
        },
        { content: "It is said", trigger: '.o_notification:contains("It is booked")' },
        {
            content: "Nothing is left",
            trigger: '.o_sdd_assign h2:contains("Nothing waits for you")',
        },
        go('action_sdd_dashboard'),
        {
            content: "The figures of the day",
            trigger: '.o_sdd_dashboard .o_sdd_card[name="returned"]',
        },
        { trigger: '.o_sdd_card[name="transit"]:has(.fa-check)' },
        picture('accountant_dashboard'),
        {
            content: "A card opens its list",
            trigger: '.o_sdd_card[name="returned"]',
            run: 'click',
        },
        { trigger: '.o_list_view .o_data_row:contains("Carla Conradi")' },
        go('action_sdd_transit_check'),
        {
            content: "The account in transit agrees",
            trigger: '.o_list_view .o_data_row:contains("Without a batch")',
        },
        { trigger: '.o_data_row:contains("399.60"):contains("Agrees")' },
        { trigger: '.o_list_view:not(:has(.o_data_row.text-danger))' },
        picture('accountant_transit'),
        go('action_sdd_cash_forecast'),
        { content: "Money to come", trigger: '.o_graph_renderer canvas' },
        picture('accountant_forecast'),
    ]),
});

tours.add('support_debit_payment_story', {
    steps: () => patient([
        {
            content: "The story, day by day",
            trigger: '.o_sdd_timeline_day li:contains("went to the bank")',
        },
        { trigger: '.o_sdd_timeline_day li:contains("came back")' },
        {
            content: "Scroll to it",
            trigger: '.o_sdd_timeline',
            run: ({ anchor }) => anchor.scrollIntoView({ block: 'start' }),
        },
        picture('accountant_story'),
        {
            content: "The customer is on the telephone",
            trigger: '.o_sdd_timeline button:contains("Read aloud")',
            run: 'click',
        },
        { content: "A sentence a line", trigger: '.o_sdd_timeline_aloud p:contains("came back")' },
        picture('accountant_read_aloud'),
    ]),
});
