/** Steps that the tours of the checkout share. */

const ORDER_BUTTON = 'button[name="o_payment_submit_button"]:visible';

/**
 * Wait until the page listens.
 *
 * @return {object}
 */
export function pageIsReady() {
    return { content: "The page is ready", trigger: 'body[is-ready=true]' };
}

/**
 * From a product in the shop to the payment page; the customer's address must be known.
 *
 * @param {string} productName
 * @return {object[]}
 */
export function putIntoCart(productName) {
    return [
        pageIsReady(),
        {
            content: "Open the package",
            trigger: `.oe_product_cart a:contains("${productName}")`,
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        {
            content: "Its page says what is included",
            trigger: '.o_support_included li:contains("2")',
        },
        { content: "Put it into the cart", trigger: '#add_to_cart', run: 'click' },
        {
            content: "Go to the cart",
            trigger: 'a sup.my_cart_quantity:text(1)',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
        {
            content: "Go to the checkout",
            trigger: 'a[href*="/shop/checkout"]:visible',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
    ];
}

/**
 * Fill in the address of a guest.
 *
 * @param {string} country - The name of the country in the language of the page.
 * @return {object[]}
 */
export function fillAddress(country) {
    const values = {
        name: 'Erika Mustermann',
        email: 'erika@example.com',
        phone: '+49 30 1234567',
        street: 'Lindenstraße 5',
        zip: '10969',
        city: 'Berlin',
    };
    return [
        { trigger: '#o_country_id', run: `selectByLabel ${country}` },
        ...Object.entries(values).map(([name, value]) => ({
            trigger: `form.address_autoformat input[name="${name}"]`,
            run: `edit ${value}`,
        })),
        {
            content: "Continue to the payment",
            trigger: 'a[name="website_sale_main_button"]:visible',
            run: 'click',
            expectUnloadPage: true,
        },
        pageIsReady(),
    ];
}

/**
 * Type an IBAN key by key, so that the browser itself moves the caret.
 *
 * @param {string} iban - As a person types it.
 * @return {object[]}
 */
export function typeIban(iban) {
    return [
        {
            content: `Type ${iban}`,
            trigger: 'input[name="sdd_iban"]',
            run({ anchor }) {
                anchor.focus();
                anchor.select();
                for (const key of iban) {
                    document.execCommand('insertText', false, key);
                }
            },
        },
    ];
}

/**
 * Leave the IBAN field and read what is wrong with it.
 *
 * @param {string} message - A part of the message.
 * @return {object[]}
 */
export function ibanIsRefused(message) {
    return [
        { content: "Leave the field", trigger: 'input[name="sdd_holder"]', run: 'click' },
        {
            content: `The message says “${message}”`,
            trigger: `[data-sdd-error="iban"][role="alert"]:contains("${message}")`,
        },
        {
            content: "The field is marked for screen readers too",
            trigger: 'input[name="sdd_iban"].is-invalid[aria-invalid="true"]',
        },
    ];
}

/**
 * @param {string} bank - A part of what is known about the account.
 * @return {object[]}
 */
export function bankIsShown(bank) {
    return [
        {
            content: `The bank is recognised: ${bank}`,
            trigger: `.o_sdd_bank[role="status"]:contains("${bank}")`,
        },
        { trigger: 'input[name="sdd_iban"].is-valid[aria-invalid="false"]' },
    ];
}

/** @return {object[]} */
export function giveMandate() {
    return [
        { content: "Give the mandate", trigger: 'input[name="sdd_accepted"]', run: 'check' },
    ];
}

/**
 * @param {string} label - The statutory wording.
 * @return {object[]}
 */
export function buttonSays(label) {
    return [{ content: "Statutory wording", trigger: `${ORDER_BUTTON}:contains("${label}")` }];
}

/**
 * Order and wait for the confirmation.
 *
 * @return {object[]}
 */
export function order() {
    return [
        { content: "Order", trigger: ORDER_BUTTON, run: 'click', expectUnloadPage: true },
        ...confirmationIsShown(),
    ];
}

/** @return {object[]} */
export function confirmationIsShown() {
    return [
        {
            content: "Support is active",
            trigger: '.o_support_next_steps [name="o_support_subscription"]',
            timeout: 30000,
        },
        {
            content: "The debit is announced, the IBAN is masked",
            trigger: '.o_support_next_steps [name="o_sdd_debit"]:contains("•• 3000")',
        },
    ];
}

export { ORDER_BUTTON };
