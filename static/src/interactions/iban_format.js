/**
 * Spelling of an IBAN in an input: what people type or paste, and how it is shown.
 *
 * Nothing in here decides whether an IBAN is right: the server does.
 */

/** Blanks of any kind, dots, dashes, slashes and colons are how people separate the groups. */
const SEPARATORS = /[\s\u00a0\u2000-\u200f\u202f\u2060\ufeff.:\-\u2010-\u2015/_]/g;
const LABEL = /^IBAN(?:NR|NO)?/;

/**
 * Strip what does not belong to the IBAN; characters that are wrong stay and are reported.
 *
 * @param {string} text - What is in the input, e.g. "iban: de89 3704 0044".
 * @return {string} - E.g. "DE8937040044".
 */
export function normalizeIban(text) {
    return text
        .replace(SEPARATORS, '')
        .replace(/[a-z]/g, letter => letter.toUpperCase())
        .replace(LABEL, '');
}

/**
 * @param {string} iban - A normalized IBAN, may be incomplete.
 * @return {string} - The IBAN in groups of four.
 */
export function groupIban(iban) {
    return iban.replace(/(.{4})(?=.)/g, '$1 ');
}

/**
 * Format the text of an input and find the place of the caret in the new text.
 *
 * @param {string} text - The text of the input.
 * @param {number} caret - The offset of the caret in it.
 * @return {{text: string, caret: number}} - The grouped text and the caret behind the same
 *         character as before.
 */
export function formatIban(text, caret) {
    const before = normalizeIban(text.slice(0, caret)).length;
    const grouped = groupIban(normalizeIban(text));
    // One blank precedes each group, so the caret moves by one for each complete group before it.
    const offset = before ? before + Math.floor((before - 1) / 4) : 0;
    return { text: grouped, caret: Math.min(offset, grouped.length) };
}

/**
 * Let Backspace and Delete jump over the blank between two groups.
 *
 * @param {string} text - The text of the input.
 * @param {number} caret - The offset of the caret in it; nothing is selected.
 * @param {string} inputType - The `inputType` of the `beforeinput` event.
 * @return {{text: string, caret: number}|null} - The text without the character beyond the blank;
 *         null when no blank is in the way.
 */
export function deleteAcrossBlank(text, caret, inputType) {
    if (inputType === 'deleteContentBackward' && caret > 1 && text[caret - 1] === ' ') {
        return { text: text.slice(0, caret - 2) + text.slice(caret), caret: caret - 2 };
    }
    if (inputType === 'deleteContentForward' && text[caret] === ' ') {
        return { text: text.slice(0, caret) + text.slice(caret + 2), caret };
    }
    return null;
}
