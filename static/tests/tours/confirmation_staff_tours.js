import { registry } from '@web/core/registry';

const CODE = '123456';
const tours = registry.category('web_tour.tours');

tours.add('support_debit_staff_sends_link', {
    steps: () => [
        { content: "Ask the customer", trigger: 'button[name="action_ask_confirmation"]:visible', run: 'click' },
        { content: "The message is shown", trigger: '.modal [name="preview"]:contains("Read and confirm the mandate")' },
        { content: "Send it", trigger: '.modal footer button:contains("Send")', run: 'click' },
        { content: "It was sent, the address is masked", trigger: '.o_sdd_link_status [data-step="sent"][data-kind="done"]:contains("j•••g@example.com")' },
        { content: "The link itself is not shown", trigger: '.o_sdd_link_status:not(:has(#o_sdd_link_url))' },
        { content: "Withdraw it", trigger: '.o_sdd_withdraw', run: 'click' },
        { trigger: '.o_sdd_link_status .badge:contains("Withdrawn")' },
        { content: "Send another one", trigger: '.o_sdd_resend', run: 'click' },
        { trigger: '.o_sdd_link_status .badge:contains("Open")' },
        { content: "Close", trigger: '.o_sdd_close', run: 'click' },
        { content: "The form shows that a link is open", trigger: '.o_form_view:contains("A confirmation link is open until")' },
        { content: "Look at it again", trigger: 'button[name="action_view_open_confirmation"]', run: 'click' },
        { trigger: '.o_sdd_link_status .badge:contains("Open")' },
    ],
});

tours.add('support_debit_staff_shows_link', {
    steps: () => [
        { trigger: 'button[name="action_ask_confirmation"]:visible', run: 'click' },
        { content: "Pass the link on", trigger: '.modal [name="channel"] input[data-value="none"]', run: 'click' },
        { content: "Make the link", trigger: '.modal footer button:contains("Make the link")', run: 'click' },
        {
            content: "The customer opens it and confirms",
            trigger: '#o_sdd_link_url',
            async run({ anchor }) {
                const path = new URL(anchor.value).pathname;
                const text = await (await fetch(path)).text();
                const page = new DOMParser().parseFromString(text, 'text/html');
                const form = page.querySelector('.o_sdd_confirm_form');
                const values = new FormData(form);
                values.set('sdd_accepted', 'on');
                await fetch(form.getAttribute('action'), {
                    method: 'POST', body: values, headers: { Accept: 'application/json' },
                });
            },
        },
        {
            content: "The window notices by itself",
            trigger: '.o_sdd_link_status .alert-success:contains("grade B")',
            timeout: 15000,
        },
        { content: "Close", trigger: '.o_sdd_close', run: 'click' },
        { content: "The mandate is active", trigger: '.o_statusbar_status button.o_arrow_button_current:contains("Active")' },
    ],
});

tours.add('support_debit_staff_reads_code_back', {
    steps: () => [
        { trigger: 'button[name="action_ask_code"]:visible', run: 'click' },
        { content: "Send the code by e-mail", trigger: '.modal [name="code_channel"] input[data-value="email"]', run: 'click' },
        { trigger: '.modal footer button:contains("Send"):visible', run: 'click' },
        { content: "The text to read out", trigger: '.o_sdd_read_out:contains("authorise")' },
        { content: "Enter a wrong code", trigger: '#o_sdd_code', run: 'edit 000000' },
        { trigger: '.o_sdd_check_code:enabled', run: 'click' },
        { trigger: '.o_sdd_code_error:contains("4 more times")' },
        { content: "Enter the right one", trigger: '#o_sdd_code', run: `edit ${CODE}` },
        { trigger: '.o_sdd_check_code:enabled', run: 'click' },
        { trigger: '.o_sdd_link_status .alert-success:contains("grade C")' },
        { content: "Close", trigger: '.o_sdd_close', run: 'click' },
        { trigger: '.o_statusbar_status button.o_arrow_button_current:contains("Active")' },
    ],
});
