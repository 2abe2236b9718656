"""What the findings in a file of mandates say to a person: what is wrong, and what to do."""

from odoo.tools.translate import LazyTranslate

from ... import const

_lt = LazyTranslate(__name__)

#: The file cannot be read, or not as a whole: codes of `sepa.mandate_table.FileError` and of the file.
FILE_FINDINGS = {
    "empty": _lt("The file is empty. Choose another one, or start with the template."),
    "too_big": _lt("The file is larger than %(limit)s MB. Split it and import the parts."),
    "password": _lt(
        "The file is protected by a password. Save it without one, then upload it again."
    ),
    "old_excel": _lt("This is an old Excel file (.xls). Save it as .xlsx or as CSV."),
    "other_format": _lt("This is neither a CSV nor an Excel file (.xlsx). Save it as one of them."),
    "broken": _lt(
        "The file is damaged or not what its name says. Open it in Excel and save it anew."
    ),
    "no_header": _lt(
        "No row names the columns. The first row must hold headers such as “Mandate reference” and"
        " “IBAN”, as in the template."
    ),
    "no_rows": _lt("There are headers but no lines below them."),
    "too_many_rows": _lt(
        "There are more than %(limit)s lines. Split the file and import the parts."
    ),
    "missing_column": _lt(
        "This column is missing. Add it, or give it the name that the template has."
    ),
    "duplicate_column": _lt(
        "Two columns mean the same: “%(other)s” and “%(name)s”. Delete or rename one of them."
    ),
    "unknown_columns": _lt("Not known here and passed over: %(names)s."),
    "slash_dates": _lt(
        "Dates such as 03/04/2026 are read as day/month/year. Check some of the lines."
    ),
    "numbers": _lt(
        "Excel has made numbers of this column. If there were leading zeros, they are gone: compare"
        " some lines with the original."
    ),
    "known_file": _lt("The same file was imported on %(date)s by %(user)s."),
    "stopped": _lt("The import stopped: %(reason)s"),
}

#: Wrong or noteworthy in one line.
LINE_FINDINGS = {
    "required": _lt("This is empty. Fill it in, or untick the line."),
    "nobody": _lt("There is no name, customer number or e-mail. Fill in one of them."),
    "formula": _lt("The cell holds a formula. Copy it and paste it as a value."),
    "excel_error": _lt("The cell holds an error of Excel. Correct it there."),
    "rounded": _lt(
        "Excel has rounded this number. Format the column as text and enter it again from the original."
    ),
    "scientific": _lt(
        "Excel has shortened this number. Format the column as text and enter it again from the original."
    ),
    "too_long": _lt("This has more than %(limit)s characters. Shorten it."),
    "reference_character": _lt(
        "“%(character)s” cannot be part of a reference. Letters, digits and + ? - : ( ) . , ' and"
        " single slashes are possible."
    ),
    "reference_length": _lt("A reference has up to %(max_length)s characters. Shorten it."),
    "reference_blank": _lt("A reference does not begin or end with a blank."),
    "reference_slash": _lt(
        "A reference does not begin or end with a slash and has no two in a row."
    ),
    "reference_empty": _lt("The reference is missing."),
    "reference_twice": _lt(
        "Line %(line)s has the same reference, upper or lower case does not count. Every mandate needs"
        " its own."
    ),
    "reference_taken": _lt(
        "There is a mandate with this reference already. References are never used twice: untick the"
        " line if it is the same mandate."
    ),
    "iban_check_digits": _lt(
        "The check digits do not match: a character is wrong. Compare the IBAN with the signed mandate."
    ),
    "iban_not_sepa": _lt("Accounts in %(country)s take no part in SEPA. Untick the line."),
    "bank_unknown": _lt("This bank is not known. Compare the IBAN with the signed mandate."),
    "national_check": _lt(
        "The account number looks unusual for this bank. Compare it with the signed mandate."
    ),
    "bic_wrong": _lt("A BIC has 8 or 11 characters. It is passed over; the IBAN is enough."),
    "bic_other": _lt(
        "The IBAN belongs to another bank (%(known)s). Check whether the IBAN is right."
    ),
    "creditor_foreign": _lt(
        "You collect under %(own)s. Put the old identifier into “Original creditor identifier” and"
        " leave this one empty."
    ),
    "creditor_moved": _lt(
        "The mandate was given to another creditor identifier. It moves to %(own)s, and the"
        " customer's bank is told with the next debit."
    ),
    "creditor_none": _lt(
        "The company has no creditor identifier yet. Enter it under Configuration → Settings."
    ),
    "date_unreadable": _lt("This is no date. Write it as 2026-01-31 or 31.01.2026."),
    "date_future": _lt("This day is still to come. Correct the date."),
    "collection_before_signature": _lt(
        "The last collection lies before the signature. Correct one of the dates."
    ),
    "signature_before_sepa": _lt(
        "Nothing was signed for SEPA before November 2009. Check the date, and whether the customer"
        " was told of the change to SEPA."
    ),
    "ended": _lt(
        "The mandate has ended. Untick the line, or write “revoked” or “expired” as its status."
    ),
    "dormant": _lt(
        "Nothing was collected for 36 months, so the mandate lapsed on %(date)s. Untick the line, ask"
        " the customer for a new one, or have such mandates imported as expired."
    ),
    "dormant_expired": _lt(
        "Nothing was collected for 36 months: it is imported as expired on %(date)s."
    ),
    "choice_unknown": _lt("This is not known. Possible are: %(options)s."),
    "flag_unknown": _lt("Write yes or no."),
    "currency": _lt("SEPA direct debits are in euro only. Untick the line."),
    "one_off_used": _lt(
        "A one-off mandate ends with its first collection and cannot be used again. Untick the line."
    ),
    "holder_unwritable": _lt(
        "No letter of this name can be written in a bank file. Write it in Latin letters."
    ),
    "holder_changed": _lt("The bank will read: %(written)s"),
    "holder_cut": _lt("The bank reads the first %(limit)s characters only."),
    "same_account": _lt("Line %(line)s has the same customer and account. Is it a second mandate?"),
    "has_mandate": _lt(
        "The customer has mandate %(mandate)s for this account already. Is it a second one?"
    ),
    "several_customers": _lt(
        "Several customers fit: %(customers)s. Add the customer number to the file."
    ),
    "other_name": _lt("Goes to %(customer)s, whose name is quite different. Is that right?"),
    "found_otherwise": _lt(
        "No customer has this number; %(customer)s was found by e-mail or by name and ZIP. Is that right?"
    ),
    "b2b_consumer": _lt(
        "B2B mandates are for companies only, and this customer is a consumer. Write Core, or untick"
        " the line."
    ),
    "b2b_company": _lt("B2B: the new customer is entered as a company."),
    "b2b_bank": _lt("B2B: the first debit waits until the customer's bank knows the mandate."),
    "country_unknown": _lt("This country is not known and is left out."),
    "refused": _lt("%(reason)s"),
}
#: The rest is said as elsewhere.
LINE_FINDINGS = {
    **{f"iban_{code}": text for code, text in const.IBAN_ERRORS.items()},
    **{f"creditor_{code}": text for code, text in const.CREDITOR_ID_ERRORS.items()},
    **LINE_FINDINGS,
}

#: What the template says about each column.
EXPLANATIONS = {
    "reference": _lt("The mandate's unique reference (UMR), as the customer's bank knows it."),
    "iban": _lt("The customer's account."),
    "holder": _lt("Who the account belongs to; the customer's name if empty."),
    "signature_date": _lt("The day on which the mandate was signed: 2026-01-31 or 31.01.2026."),
    "last_collection_date": _lt(
        "Due date of the last debit; decides whether the mandate has lapsed."
    ),
    "mandate_type": _lt("recurrent (also RCUR, FRST) or one_off (OOFF); recurrent if empty."),
    "scheme": _lt("CORE or B2B; CORE if empty. B2B is for companies only."),
    "state": _lt("active, suspended, revoked, expired, draft or pending; active if empty."),
    "end_date": _lt("For mandates that have ended: since when."),
    "end_reason": _lt("For mandates that have ended: why."),
    "creditor_identifier": _lt(
        "The identifier in the mandate; yours if empty. If it is another one, the mandate moves to you"
        " and the customer's bank is told with the next debit."
    ),
    "original_reference": _lt("If the mandate has got a new reference: the one the bank knows."),
    "original_creditor_identifier": _lt(
        "The creditor identifier the bank knows, if it has changed."
    ),
    "original_creditor_name": _lt("The creditor's name the bank knows, if it has changed."),
    "evidence": _lt("How the mandate is proven: %(options)s. Chosen for the whole file if empty."),
    "bank_confirmed_date": _lt("B2B: since when the customer's bank knows the mandate."),
    "customer_ref": _lt("Number of the customer here; the surest way to find him."),
    "customer_name": _lt("Name of the customer; the account holder's if empty."),
    "is_company": _lt("yes or no; only for new customers."),
    "email": _lt("Used to find the customer, and for a new one."),
    "street": _lt("Only for new customers."),
    "zip": _lt("With the name used to find the customer, and for a new one."),
    "city": _lt("Only for new customers."),
    "country": _lt("Two letters such as DE; only for new customers."),
    "lang": _lt("Such as de_DE; the language in which you write to a new customer."),
}
