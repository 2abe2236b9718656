import { registry } from '@web/core/registry';
import {
    ORDER_BUTTON,
    bankIsShown,
    buttonSays,
    confirmationIsShown,
    fillAddress,
    giveMandate,
    ibanIsRefused,
    order,
    pageIsReady,
    putIntoCart,
    typeIban,
} from './tour_helpers';

const PACKAGE = 'Tour Package';
const tours = registry.category('web_tour.tours');

tours.add('support_debit_guest_german', {
    url: `/de/shop?search=${encodeURIComponent(PACKAGE)}`,
    steps: () => [
        ...putIntoCart(PACKAGE),
        ...fillAddress('Deutschland'),
        {
            content: "The mandate is in the customer's language",
            trigger: '.o_sdd_text[lang="de-DE"]:contains("Ich ermächtige")',
        },
        {
            content: "The summary above the button names the package",
            trigger: `.o_support_order_summary:visible:contains("${PACKAGE}")`,
        },
        ...buttonSays('Zahlungspflichtig bestellen'),
        ...typeIban('de89 3704 0044 0532 0130 00'),
        {
            content: "The IBAN stands in groups of four",
            trigger: 'input[name="sdd_iban"]:value("DE89 3704 0044 0532 0130 00")',
        },
        ...bankIsShown('Konto erkannt: Commerzbank, Deutschland'),
        ...giveMandate(),
        ...order(),
    ],
});

tours.add('support_debit_customer_english', {
    url: `/shop?search=${encodeURIComponent(PACKAGE)}`,
    steps: () => [
        ...putIntoCart(PACKAGE),
        {
            content: "The mandate is in English",
            trigger: '.o_sdd_text[lang="en-US"]:contains("authorise")',
        },
        {
            content: "The holder is filled in",
            trigger: 'input[name="sdd_holder"]:value("Carl Customer")',
        },
        ...typeIban('IBAN: DE89-3704-0044-0532-0130-00'),
        ...bankIsShown('Commerzbank'),
        ...giveMandate(),
        ...order(),
    ],
});

tours.add('support_debit_bad_input', {
    url: `/shop?search=${encodeURIComponent(PACKAGE)}`,
    steps: () => [
        ...putIntoCart(PACKAGE),
        { content: "Order an empty form", trigger: ORDER_BUTTON, run: 'click' },
        { trigger: '[data-sdd-error="accepted"][role="alert"]:contains("tick the box")' },
        { trigger: '[data-sdd-error="iban"]:contains("Please enter your IBAN")' },
        {
            content: "The first field with an error has the focus",
            trigger: 'input[name="sdd_iban"]:focus',
        },
        { content: "The button can be pressed again", trigger: `${ORDER_BUTTON}:enabled` },
        ...typeIban('DE89 3704'),
        {
            content: "While typing there is no error but a count",
            trigger: '.o_sdd_progress:contains("8 of 22")',
        },
        {
            content: "Backspace behind a blank takes the character before it",
            trigger: 'input[name="sdd_iban"]:not(.is-invalid)',
            run({ anchor }) {
                anchor.setSelectionRange(5, 5);
                anchor.dispatchEvent(new InputEvent('beforeinput', {
                    inputType: 'deleteContentBackward', bubbles: true, cancelable: true,
                }));
            },
        },
        {
            content: "The caret stays behind the same character",
            trigger: 'input[name="sdd_iban"]:value("DE83 704")',
            run({ anchor }) {
                if (anchor.selectionStart !== 3) {
                    throw new Error(`The caret is at ${anchor.selectionStart}, not at 3`);
                }
                document.execCommand('insertText', false, '9');
            },
        },
        { trigger: 'input[name="sdd_iban"]:value("DE89 3704")' },
        ...ibanIsRefused('8 of 22'),
        ...typeIban('DE89 3704 0044 0532 0130 0?'),
        ...ibanIsRefused('cannot be part of an IBAN'),
        ...typeIban('XX89370400440532013000'),
        ...ibanIsRefused('is not a country code'),
        ...typeIban('BR1500000000000010932840814P2'),
        ...ibanIsRefused('cannot be debited'),
        ...typeIban('DE893704004405320130001'),
        ...ibanIsRefused('this one has 23'),
        ...typeIban('DE88370400440532013000'),
        ...ibanIsRefused('check digits'),
        ...typeIban('DE44999999990532013000'),
        ...bankIsShown('Germany'),
        {
            content: "An unknown bank is a hint, no error",
            trigger: '.o_sdd_warning:contains("do not know this bank")',
        },
        { content: "No holder", trigger: 'input[name="sdd_holder"]', run: 'edit 😀😀' },
        ...giveMandate(),
        { content: "Order", trigger: ORDER_BUTTON, run: 'click' },
        {
            content: "The server refuses a holder of emojis at his field",
            trigger: '[data-sdd-error="holder"]:contains("account holder")',
        },
        { trigger: 'input[name="sdd_holder"]:focus' },
        { content: "Nothing is lost", trigger: 'input[name="sdd_accepted"]:checked' },
        { trigger: 'input[name="sdd_holder"]', run: 'edit Carl Customer' },
        ...typeIban('DE89370400440532013000'),
        ...bankIsShown('Commerzbank'),
        ...order(),
    ],
});

tours.add('support_debit_twice_and_back', {
    url: `/shop?search=${encodeURIComponent(PACKAGE)}`,
    steps: () => [
        ...putIntoCart(PACKAGE),
        ...typeIban('DE89370400440532013000'),
        ...bankIsShown('Commerzbank'),
        ...giveMandate(),
        {
            content: "Order with a double click",
            trigger: ORDER_BUTTON,
            run({ anchor }) {
                anchor.click();
                anchor.click();
            },
            expectUnloadPage: true,
        },
        ...confirmationIsShown(),
        {
            content: "Press the back button of the browser",
            trigger: 'body',
            run: () => window.history.back(),
            expectUnloadPage: true,
        },
        {
            content: "The way back ends at the confirmation",
            trigger: '.o_support_next_steps',
            timeout: 30000,
        },
        {
            content: "Open the payment page again",
            trigger: 'body',
            run: () => { window.location = '/shop/payment'; },
            expectUnloadPage: true,
        },
        pageIsReady(),
        {
            content: "There is nothing left to pay",
            trigger: 'body:not(:has(input[name="sdd_iban"]))',
        },
    ],
});
