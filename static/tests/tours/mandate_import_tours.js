/** Bringing existing mandates along: a file with mistakes, its findings, the import, the export. */

import { registry } from '@web/core/registry';

const tours = registry.category('web_tour.tours');

const HEADERS = 'Mandatsreferenz;IBAN;Kontoinhaber;Unterschriftsdatum;Letzter Einzug;Farbe';
const GOOD = ['TOUR-1;DE89370400440532013000;Jörg Müßig;05.01.2026;;blau'];
const WRONG = [
    'TOUR-2;DE89370400440532013007;Berta Blau;05.01.2026;;',
    'Straße;AT611904300234573201;Carl Clever;05.01.2026;;',
    'tour-1;NL91ABNA0417164300;Dora Dunkel;05.01.2026;;',
];

/**
 * Put a file into a file field, as a person who chooses one.
 *
 * @param {string} selector - of the input.
 * @param {string} name
 * @param {string} content
 * @param {string} type
 * @return {object}
 */
function chooseFile(selector, name, content, type) {
    return {
        content: `Choose ${name}`,
        trigger: `${selector}:not(:visible)`,
        run({ anchor }) {
            const files = new DataTransfer();
            files.items.add(new File([content], name, { type }));
            anchor.files = files.files;
            anchor.dispatchEvent(new Event('change', { bubbles: true }));
        },
    };
}

/**
 * @param {string} reference - a part of the line's text.
 * @param {string} text - what is said about it.
 * @return {object}
 */
function findingSays(reference, text) {
    return {
        content: `${reference}: ${text}`,
        trigger: `.o_field_widget[name="line_ids"] .o_data_row:contains("${reference}"):contains("${text}")`,
    };
}

tours.add('support_debit_import_mandates', {
    steps: () => [
        {
            content: "An empty list offers the template",
            trigger: '.o_view_nocontent a[href="/support_debit/mandates/template.xlsx"]',
        },
        { content: "New import", trigger: '.o_list_button_add', run: 'click' },
        {
            content: "The form offers it as well",
            trigger: '.o_form_view a[href="/support_debit/mandates/template.csv"]',
        },
        chooseFile(
            '.o_field_widget[name="upload"] input[type="file"]', 'old.csv',
            [HEADERS, ...GOOD, ...WRONG].join('\r\n'), 'text/csv',
        ),
        { content: "Check", trigger: 'button[name="action_check"]:visible', run: 'click' },
        {
            content: "It says how many are wrong",
            trigger: '.alert-danger:contains("of the chosen lines are wrong"):contains("3")',
        },
        {
            content: "It names what it does not know",
            trigger: '.alert-info:contains("Not known here and passed over: Farbe.")',
        },
        findingSays('Berta Blau', 'IBAN “DE•• •••• •••• •••• •• 3007”: The check digits do not match'),
        findingSays('Carl Clever', 'Mandatsreferenz “Straße”: “ß” cannot be part of a reference'),
        findingSays('Dora Dunkel', 'Line 2 has the same reference'),
        {
            content: "No account number is on the page",
            trigger: 'body:not(:contains("370400440532013"))',
        },
        {
            content: "Untick one of them by hand",
            trigger: '.o_data_row:contains("Berta Blau") td[name="chosen"] .o-checkbox',
            run: 'click',
        },
        {
            content: "Two are still wrong: nothing is imported",
            trigger: 'button[name="action_import"]:visible',
            run: 'click',
        },
        {
            content: "It says which ones",
            trigger: '.modal:contains("2 of the chosen lines are wrong"):contains("They are lines 4, 5.")',
        },
        { content: "Understood", trigger: '.modal-footer button.btn-primary', run: 'click' },
        {
            content: "Leave the other ones out",
            trigger: 'button[name="action_untick_wrong"]:visible',
            run: 'click',
        },
        {
            content: "Now it can be imported",
            trigger: '.alert-success:contains("can be imported. Nothing has been created yet.")',
        },
        { content: "Import", trigger: 'button[name="action_import"]:visible', run: 'click' },
        {
            content: "The mandate is there, its number masked",
            trigger: '.o_list_view .o_data_row:contains("TOUR-1"):contains("3000")',
        },
        {
            content: "The others are not",
            trigger: '.o_list_view:not(:contains("TOUR-2"))',
        },
    ],
});

tours.add('support_debit_import_progress', {
    steps: () => [
        {
            content: "The bar shows how far it has got",
            trigger: '.progress[aria-valuenow="50"]:contains("50 %")',
        },
        { content: "It may be left alone", trigger: 'p:contains("You may leave this page")' },
    ],
});

tours.add('support_debit_import_scans', {
    steps: () => [
        {
            content: "Open the menu",
            trigger: '[data-menu-xmlid="support_debit.menu_mandates"]',
            run: 'click',
        },
        {
            content: "Import scans",
            trigger: '[data-menu-xmlid="support_debit.menu_mandates_scan"]',
            run: 'click',
        },
        chooseFile(
            '.modal .o_field_widget[name="attachment_ids"] input[type="file"]', 'Mandat TOUR_1.pdf',
            '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
            'application/pdf',
        ),
        { content: "It is uploaded", trigger: '.modal .o_attachment:contains("TOUR_1")' },
        { content: "Check", trigger: '.modal button[name="action_check"]', run: 'click' },
        { content: "It fits", trigger: '.modal .o_data_row:contains("TOUR-1"):contains("TOUR_1.pdf")' },
        { content: "Attach", trigger: '.modal button[name="action_attach"]', run: 'click' },
        { content: "Done", trigger: '.modal .alert-success:contains("grade A now")' },
    ],
});

tours.add('support_debit_export_mandates', {
    steps: () => [
        {
            content: "Choose all",
            trigger: '.o_list_view thead .o_list_record_selector input',
            run: 'click',
        },
        { content: "Open the actions", trigger: '.o_cp_action_menus button:contains("Actions")', run: 'click' },
        {
            content: "Export",
            trigger: '.o-dropdown--menu .o_menu_item:contains("Export mandates")',
            run: 'click',
        },
        {
            content: "Without the right, numbers stay masked",
            trigger: '.modal p:contains("Account numbers are masked")',
        },
        { content: "CSV", trigger: '.modal .o_radio_item:contains("CSV") input', run: 'click' },
        {
            content: "Download, and look into the file",
            trigger: '.modal button[name="action_export"]',
            async run() {
                const { id } = await (await fetch('/web/dataset/call_kw/sdd.mandate.export/create', {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/json' },
                    body: JSON.stringify({
                        jsonrpc: '2.0', method: 'call',
                        params: {
                            model: 'sdd.mandate.export', method: 'create', kwargs: {},
                            args: [{ scope: 'all', file_type: 'csv' }],
                        },
                    }),
                })).json().then((answer) => ({ id: answer.result }));
                const answer = await fetch(`/support_debit/mandates/export/${id}`);
                const text = await answer.text();
                if (!answer.ok || !text.includes('TOUR-1') || !text.includes('•• 3000')) {
                    throw new Error(`The export says: ${text.slice(0, 200)}`);
                }
                if (text.includes('370400440532013000')) {
                    throw new Error("The export holds an account number in clear");
                }
            },
        },
        { content: "Download", trigger: '.modal button[name="action_export"]', run: 'click' },
        { content: "The dialog is closed", trigger: 'body:not(:has(.modal))' },
    ],
});
