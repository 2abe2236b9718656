import { registry } from '@web/core/registry';
import { bankIsShown, giveMandate, pageIsReady, typeIban } from './tour_helpers';

const SUBMIT = '.o_sdd_confirm_submit';
const tours = registry.category('web_tour.tours');

/** The tours start at the link itself: the test passes its address. */
const ready = () => [pageIsReady(), { trigger: SUBMIT }];

/** @return {object[]} */
function confirm() {
    return [
        { content: "Confirm", trigger: SUBMIT, run: 'click', expectUnloadPage: true },
        pageIsReady(),
        { content: "The customer is thanked", trigger: '.o_sdd_confirm_done' },
        { content: "The mandate can be taken along", trigger: '.o_sdd_confirm_pdf' },
        { content: "The mandate is active", trigger: '.o_sdd_confirm_done .badge.text-bg-success' },
    ];
}

/**
 * @param {string} code
 * @return {object[]}
 */
function enterCode(code) {
    return [{ content: "Enter the code", trigger: '[name="sdd_code"]', run: `edit ${code}` }];
}

tours.add('support_debit_confirm_tick', {
    steps: () => [
        ...ready(),
        {
            content: "The address does not hold the secret any more",
            trigger: 'body',
            run() {
                if (!/^\/sdd\/confirm\/page\/\d+$/.test(window.location.pathname)) {
                    throw new Error("The secret is still in the address");
                }
            },
        },
        { content: "The IBAN is masked", trigger: '.o_sdd_facts:contains("•• 2051")' },
        { content: "Confirm without the tick", trigger: SUBMIT, run: 'click' },
        { trigger: '[data-sdd-error="accepted"]:contains("tick the box")' },
        ...giveMandate(),
        ...confirm(),
    ],
});

tours.add('support_debit_confirm_code', {
    steps: () => [
        ...ready(),
        ...giveMandate(),
        { content: "Confirm without a code", trigger: SUBMIT, run: 'click' },
        { trigger: '[data-sdd-error="code"]:contains("enter the code")' },
        { content: "Ask for the code", trigger: '.o_sdd_code_send', run: 'click' },
        {
            content: "It says where the code goes, masked",
            trigger: '.o_sdd_code_message:contains("j•••g@example.com")',
        },
        ...enterCode('000000'),
        { content: "Confirm with a wrong code", trigger: SUBMIT, run: 'click' },
        { trigger: '[data-sdd-error="code"]:contains("4 more times")' },
        { content: "The tick is still there", trigger: 'input[name="sdd_accepted"]:checked' },
        ...enterCode('123 456'),
        ...confirm(),
    ],
});

tours.add('support_debit_confirm_signature', {
    steps: () => [
        ...ready(),
        ...giveMandate(),
        { content: "Sign by hand", trigger: '.o_sdd_signature summary', run: 'click' },
        {
            content: "Draw",
            trigger: '.o_sdd_canvas.o_sdd_ready',
            async run({ anchor }) {
                const box = anchor.getBoundingClientRect();
                const send = (type, x, y) => anchor.dispatchEvent(new PointerEvent(type, {
                    clientX: box.left + x, clientY: box.top + y, pressure: 0.5, buttons: 1,
                    pointerId: 1, isPrimary: true, bubbles: true, cancelable: true,
                }));
                send('pointerdown', 30, 60);
                for (let x = 40; x < 200; x += 10) {
                    // The pad takes a point every 16 ms.
                    await new Promise(resolve => setTimeout(resolve, 20));
                    send('pointermove', x, 60 + 20 * Math.sin(x / 15));
                }
                send('pointerup', 200, 60);
            },
        },
        ...confirm(),
    ],
});

tours.add('support_debit_confirm_iban', {
    steps: () => [
        ...ready(),
        { trigger: 'input[name="sdd_holder"]:value("Jörg Müßig")' },
        ...giveMandate(),
        ...typeIban('DE89 3704 0044 0532 0130 01'),
        { content: "Confirm with a wrong IBAN", trigger: SUBMIT, run: 'click' },
        { trigger: '[data-sdd-error="iban"]:contains("check digits")' },
        ...typeIban('de89370400440532013000'),
        ...bankIsShown('Commerzbank'),
        ...confirm(),
        { content: "The IBAN is masked", trigger: '.o_sdd_facts:contains("•• 3000")' },
        {
            content: "It stands nowhere in the page",
            trigger: 'body',
            run() {
                if (document.documentElement.outerHTML.replace(/\s/g, '').includes('0532013000')) {
                    throw new Error("The IBAN is in the page");
                }
            },
        },
    ],
});

tours.add('support_debit_confirm_expired', {
    steps: () => [
        pageIsReady(),
        { trigger: '.o_sdd_confirm_expired' },
        { content: "Ask for a new link", trigger: '.o_sdd_renew button', run: 'click', expectUnloadPage: true },
        pageIsReady(),
        { trigger: '.o_sdd_confirm_sent' },
    ],
});

tours.add('support_debit_confirm_used', {
    steps: () => [
        pageIsReady(),
        { content: "Nothing is left to do", trigger: '.o_sdd_confirm_used:contains("nothing left to do")' },
        { content: "There is no form", trigger: `body:not(:has(${SUBMIT}))` },
    ],
});
