import { registry } from '@web/core/registry';
import {
    ORDER_BUTTON,
    bankIsShown,
    buttonSays,
    confirmationIsShown,
    giveMandate,
    pageIsReady,
    putIntoCart,
    typeIban,
} from './tour_helpers';

const PACKAGE = 'Tour Package';
const SHOP = `/shop?search=${encodeURIComponent(PACKAGE)}`;
const TOKEN = 'input[name="o_payment_radio"][data-payment-option-type="token"]';
const tours = registry.category('web_tour.tours');

tours.add('support_debit_saved_method', {
    url: SHOP,
    steps: () => [
        ...putIntoCart(PACKAGE),
        {
            content: "The account is offered, masked and with its bank, and chosen already",
            trigger: `[name="o_payment_option"]:has(${TOKEN}:checked):contains("DE•• … 3000 · Commerzbank")`,
        },
        {
            content: "What will be collected is said before the click",
            trigger: '.o_sdd_saved:contains("We collect"):contains("•• 3000")',
        },
        {
            content: "No box to tick that means nothing",
            trigger: 'body:not(:has([name="o_payment_tokenize_checkbox"]))',
        },
        ...buttonSays('Order with obligation to pay'),
        { content: "Order", trigger: ORDER_BUTTON, run: 'click', expectUnloadPage: true },
        ...confirmationIsShown(),
    ],
});

tours.add('support_debit_another_account', {
    url: SHOP,
    steps: () => [
        ...putIntoCart(PACKAGE),
        { trigger: `${TOKEN}:checked` },
        {
            content: "Enter another account instead",
            trigger: 'button[name="o_payment_expand_button"]',
            run: 'click',
        },
        {
            trigger: 'input[name="o_payment_radio"][data-payment-method-code="sdd"]:visible',
            run: 'click',
        },
        ...typeIban('DE02 1203 0000 0000 2020 51'),
        ...bankIsShown('Deutsche Kreditbank'),
        ...giveMandate(),
        { content: "Order", trigger: ORDER_BUTTON, run: 'click', expectUnloadPage: true },
        {
            content: "The new account is debited",
            trigger: '.o_support_next_steps [name="o_sdd_debit"]:contains("•• 2051")',
            timeout: 30000,
        },
    ],
});

tours.add('support_debit_saved_method_refused', {
    url: SHOP,
    steps: () => [
        ...putIntoCart(PACKAGE),
        { trigger: `${TOKEN}:checked` },
        {
            content: "The customer revokes the mandate in another window",
            trigger: '.o_sdd_saved',
            async run() {
                const list = await (await fetch('/my/mandates')).text();
                const [path] = list.match(/\/my\/mandates\/\d+/);
                await fetch(`${path}/revoke`, {
                    method: 'POST',
                    body: new URLSearchParams({ csrf_token: odoo.csrf_token }),
                });
            },
        },
        { content: "Order", trigger: ORDER_BUTTON, run: 'click' },
        {
            content: "The customer reads why, once",
            trigger: '.modal:contains("can no longer be used"):contains("Nothing has been charged")',
        },
        { trigger: '.modal button.btn-primary', run: 'click' },
        { content: "He can go on", trigger: `body:not(:has(.modal:visible)) ${ORDER_BUTTON}:enabled` },
    ],
});

tours.add('support_debit_payment_methods', {
    url: '/my/payment_method',
    steps: () => [
        pageIsReady(),
        {
            content: "The saved account is in the list",
            trigger: '[name="o_payment_option"]:contains("DE•• … 3000 · Commerzbank")',
        },
        { content: "Delete it", trigger: 'button[name="o_payment_delete_token"]', run: 'click' },
        {
            content: "The mandate itself stays, and where it is revoked",
            trigger: '.modal .o_sdd_delete_saved:contains("stays valid") a[href*="/my/mandates/"]',
        },
        {
            content: "Remove it",
            trigger: '.modal button.btn-primary:contains("Remove")',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        {
            content: "It is gone",
            trigger: 'body:not(:has([name="o_payment_option"]:contains("3000")))',
        },
        ...typeIban('DE02 1203 0000 0000 2020 51'),
        ...bankIsShown('Deutsche Kreditbank'),
        ...giveMandate(),
        {
            content: "Save another account: a mandate without an order",
            trigger: 'button[name="o_payment_submit_button"]:visible',
            run: 'click',
            expectUnloadPage: true,
        },
        {
            content: "It is in the list",
            trigger: '[name="o_payment_option"]:contains("… 2051")',
            timeout: 30000,
        },
    ],
});
