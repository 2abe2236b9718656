import { registry } from '@web/core/registry';
import {
    ORDER_BUTTON,
    bankIsShown,
    giveMandate,
    order,
    pageIsReady,
    putIntoCart,
    typeIban,
} from './tour_helpers';

const PACKAGE = 'Tour Package';
const URL = `/de/shop?search=${encodeURIComponent(PACKAGE)}`;
const tours = registry.category('web_tour.tours');

/**
 * From the shop to the order button, with everything filled in.
 *
 * @param {boolean} hasOthers - Whether there are other methods: then none is chosen yet.
 */
function fillForm(hasOthers = false) {
    const choice = {
        content: "Choose direct debit",
        trigger: 'input[name="o_payment_radio"][data-payment-method-code="sdd"]',
        run: 'click',
    };
    return [
        ...putIntoCart(PACKAGE),
        ...(hasOthers ? [choice] : []),
        ...typeIban('DE89370400440532013000'),
        ...bankIsShown('Commerzbank'),
        ...giveMandate(),
    ];
}

/**
 * Press the order button and read the panel instead of a confirmation.
 *
 * @param {string} colour - The colour that the server has found.
 */
function pressAndRead(colour) {
    return [
        { content: "Order", trigger: `${ORDER_BUTTON}:enabled`, run: 'click' },
        {
            content: "The panel says how to go on",
            trigger: `.o_sdd_offers[data-colour="${colour}"] .o_sdd_offers_title:not(:empty)`,
        },
        { content: "Nothing has been charged", trigger: '.o_sdd_nothing:not(:empty)' },
        {
            content: "The form is out of sight, and the button that would ask again",
            trigger: `body:not(:has(input[name="sdd_iban"]:visible)):not(:has(${ORDER_BUTTON}))`,
        },
    ];
}

tours.add('support_debit_risk_green', {
    url: URL,
    steps: () => [...fillForm(), ...order()],
});

tours.add('support_debit_risk_yellow', {
    url: URL,
    steps: () => [
        ...fillForm(),
        ...pressAndRead('yellow'),
        {
            content: "What was typed is still there",
            trigger: '.o_sdd_back',
            run: 'click',
        },
        { trigger: 'input[name="sdd_iban"]:visible:value("DE89 3704 0044 0532 0130 00")' },
        ...pressAndRead('yellow'),
        { content: "A link leads to the reasons", trigger: '.o_sdd_why[href*="/my/risk/"]' },
        {
            content: "The button says that ordering costs money",
            trigger: '.o_sdd_accept_offer[data-offer="sdd_settled"]:contains("Zahlungspflichtig bestellen")',
            run({ anchor }) {
                anchor.click();
                anchor.click();
            },
            expectUnloadPage: true,
        },
        { content: "The order is placed", trigger: '.o_support_next_steps', timeout: 30000 },
        {
            content: "Support waits for the money",
            trigger: '.o_support_waits[data-waits-for="payment"]',
        },
    ],
});

tours.add('support_debit_risk_link', {
    url: URL,
    steps: () => [
        ...fillForm(),
        ...pressAndRead('yellow'),
        {
            trigger: '.o_sdd_accept_offer[data-offer="sdd_confirmed"]',
            run: 'click',
            expectUnloadPage: true,
        },
        {
            content: "The customer is asked to open his link",
            trigger: '.o_support_waits[data-waits-for="confirmation"]',
            timeout: 30000,
        },
    ],
});

tours.add('support_debit_risk_saved', {
    url: URL,
    steps: () => [
        ...putIntoCart(PACKAGE),
        {
            content: "The saved account is chosen already",
            trigger: 'input[name="o_payment_radio"][data-payment-option-type="token"]:checked',
        },
        ...pressAndRead('yellow'),
        {
            content: "Nothing is left of what would be collected at once",
            trigger: 'body:not(:has(.o_sdd_saved:visible))',
        },
        {
            trigger: '.o_sdd_accept_offer[data-offer="sdd_settled"]',
            run: 'click',
            expectUnloadPage: true,
        },
        {
            content: "Support waits for the money",
            trigger: '.o_support_waits[data-waits-for="payment"]',
            timeout: 30000,
        },
    ],
});

tours.add('support_debit_risk_red', {
    url: URL,
    steps: () => [
        ...fillForm(true),
        ...pressAndRead('red'),
        {
            content: "No debit is offered",
            trigger: '.o_sdd_offer_list:not(:has([data-offer^="sdd"]))',
        },
        {
            content: "One click orders by bank transfer",
            trigger: '.o_sdd_accept_offer[data-offer="transfer"]',
            run: 'click',
            expectUnloadPage: true,
        },
        {
            content: "The bank details are shown",
            trigger: '#o_payment_status_message, .o_wsale_confirmation, [name="order_confirmation"]',
            timeout: 30000,
        },
    ],
});

tours.add('support_debit_risk_contest', {
    url: URL,
    steps: () => [
        ...fillForm(),
        ...pressAndRead('red'),
        {
            content: "Open the page with the reasons in this window",
            trigger: '.o_sdd_why',
            run({ anchor }) {
                anchor.removeAttribute('target');
                anchor.click();
            },
            expectUnloadPage: true,
        },
        pageIsReady(),
        { trigger: '.o_sdd_risk_page[data-colour="red"]' },
        {
            trigger: '.o_sdd_contest_form textarea',
            run: "edit Das Konto gehört mir seit Jahren.",
        },
        { trigger: '.o_sdd_contest', run: 'click', expectUnloadPage: true },
        pageIsReady(),
        { content: "Somebody looks at it", trigger: '[name="o_sdd_contested"]' },
        {
            content: "Back to the cart, which is kept",
            trigger: '.o_sdd_risk_page a[href$="/shop/cart"]',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        { trigger: `#cart_products:contains("${PACKAGE}"), .o_cart_product:contains("${PACKAGE}")` },
    ],
});
