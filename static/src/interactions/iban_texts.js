import { _t } from '@web/core/l10n/translation';

/**
 * What the customer reads about an IBAN, from the answer of `/payment/sdd/check_iban`.
 */

/**
 * @param {object} result - The answer of the server.
 * @return {string} - E.g. "Account recognised: Commerzbank, Germany, BIC COBADEFFXXX".
 */
export function getBankText({ bank_name: bankName, country_name: country, bic }) {
    const parts = [bankName, country, bic && _t("BIC %s", bic)].filter(Boolean);
    return _t("Account recognised: %s", parts.join(', '));
}

/**
 * @param {object} result - The answer of the server.
 * @param {number} count - How many characters stand in the field.
 * @return {string} - E.g. "Germany: 13 of 22 characters"; empty while the country is unknown.
 */
export function getProgress({ country_name: country, expected_length: expected }, count) {
    return country && expected
        ? _t("%(country)s: %(count)s of %(expected)s characters", { country, count, expected })
        : '';
}

/**
 * @param {object} result - The answer of the server.
 * @param {number} count - How many characters stand in the field.
 * @return {string} - What is missing.
 */
export function getIncompleteText({ expected_length: expected }, count) {
    return expected
        ? _t("This IBAN is not complete yet: %(count)s of %(expected)s characters.", {
            count, expected,
        })
        : _t("This IBAN is not complete yet.");
}
