"""Tables of the bank room."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What the families of bank files are called in the list of files.
FAMILIES = {
    "pain.002": "status",
    "camt.029": "status",
    "camt.052": "notice",
    "camt.053": "statement",
    "camt.054": "notice",
    "mt940": "statement",
}

#: Largest file that is read, in bytes: ten times a full day of a large creditor.
MAX_FILE_SIZE = 256 * 1024 * 1024

#: A bank's fee for one return beyond this is not believed and goes to a person (EUR).
MAX_RETURN_FEE = 50.0

#: So many days at most lie between the announcement of returns and their entry on the statement.
ANNOUNCED_DAYS = 14

#: Where a folder's files go when they have been read.
PROCESSED_FOLDER = "processed"

#: A file without its end that was changed within so many seconds is still being written.
SECONDS_TO_FINISH = 60

#: Attempts to hand a file over that have no outcome yet.
OPEN_OUTCOMES = ("started", "sent")

#: What an attempt means for its document.
STATE_AFTER_OUTCOME = {
    "started": "pending",
    "sent": "pending",
    "delivered": "delivered",
    "confirmed": "delivered",
    "failed": "failed",
    "unknown": "unknown",
}

#: An attempt without an outcome after so many minutes was cut off. A TAN lives no longer.
PATIENCE_MINUTES = 15

#: Every allowed change of the state of a request to cancel debits.
CANCELLATION_TRANSITIONS = {
    "draft": {"sent"},
    "sent": {"accepted", "partly", "refused", "too_late"},
    "accepted": set(),
    "partly": set(),
    "refused": set(),
    "too_late": set(),
}

#: Every allowed change of the state of a reversal.
REVERSAL_TRANSITIONS = {
    "draft": {"generated"},
    "generated": {"submitted"},
    "submitted": {"settled", "rejected"},
    "settled": set(),
    "rejected": set(),
}

#: The reason that a debit gets when the bank has called it back for us: "following the originator's
#: cancellation request". Banks may also repeat the reason of the request.
CANCELLED_CODE = "FOCR"
WISHED_CODES = frozenset({"FOCR", "CUST", "DUPL", "TECH", "AM09", "FRAD"})

#: How far back FinTS looks the first time, and how many days it looks at twice afterwards.
FIRST_FETCH_DAYS = 30
FETCH_OVERLAP_DAYS = 7

#: What went wrong in a dialog over FinTS, by the code of `sepa.fints_adapter.FinTSFailure`.
FINTS_FAILURES = {
    "missing": _lt(
        "FinTS needs the Python package “fints”. Whoever runs the server installs it with:"
        " pip install -r requirements-fints.txt"
    ),
    "pin": _lt(
        "The bank did not accept user ID and PIN. Check both before you try again: banks lock after"
        " three wrong PINs. %(text)s"
    ),
    "locked": _lt("The bank has locked the login. Unlock it in your bank's portal. %(text)s"),
    "sca": _lt("The bank wants a TAN here. Set FinTS up again and choose how TANs come. %(text)s"),
    "unsupported": _lt("The bank does not offer this over FinTS for this account. %(text)s"),
    "connection": _lt(
        "The bank could not be reached. Check the FinTS address, or try again later. (%(text)s)"
    ),
    "refused": _lt("The bank refused: %(text)s"),
    "unclear": _lt("The bank's answer was not understood. (%(text)s)"),
}

#: Debits that a bank can speak of.
STATES_AT_BANK = ("submitted", "settled", "rejected", "returned")

#: A whole-file rejection for these reasons says nothing about the first, accepted file.
DUPLICATE_REASONS = {"DUPL", "AM05"}

#: Files that may be read once more; the others are done with.
STATES_TO_READ_AGAIN = ("attention", "failed", "ignored")

#: Findings that ask for nobody's attention.
QUIET_FINDINGS = {
    "already_known",
    "foreign_account",
    "left_out",
    "locked_period",
    "more",
    "not_needed",
}
#: Findings that stay when the file is read again and does not bring them: a person closes them.
STANDING_FINDINGS = {"many"}
#: Findings of each quiet kind that a file keeps; a statement read again has one for every entry.
QUIET_FINDINGS_KEPT = 100
#: Findings of each other kind that a file keeps: nobody works through more of them one by one.
FINDINGS_KEPT = 500

#: Entries of a statement that are looked at together; bounds memory and the size of queries.
ENTRIES_AT_ONCE = 300
#: Entries that are booked together: each booking works out the whole entry of a batch anew.
LINES_AT_ONCE = 1000

#: A bank's reference of this length is never used again within so many days.
UNIQUE_REFERENCE_LENGTH = 8
UNIQUE_REFERENCE_DAYS = 10

#: Entries that are not about debits and get their statement lines at once; a job makes the others.
OTHERS_AT_ONCE = 500

#: Every allowed change of a finding's state.
FINDING_TRANSITIONS = {
    "open": {"assigned", "dismissed"},
    "assigned": set(),
    "dismissed": set(),
}

#: What a finding says to the accountant. Codes of the readers in `sepa` come first.
FINDINGS = {
    "empty": _lt("The file is empty."),
    "not_xml": _lt("The file is not XML. Is it the right one?"),
    "unsafe": _lt("The file declares entities and was not read. Ask the bank for a clean one."),
    "unknown_format": _lt("This kind of file is not known here: %(found)s."),
    "other_format": _lt("The file is a %(found)s where a %(expected)s belongs."),
    "bad_archive": _lt(
        "The archive cannot be unpacked (%(detail)s). Unpack it yourself and import what is in it."
    ),
    "not_well_formed": _lt("The file is damaged (%(detail)s). Ask the bank for it again."),
    "too_large": _lt("The file is too large to be read."),
    "truncated": _lt(
        "The file ends too early; what came before was read. Ask the bank for it again."
    ),
    "sum_mismatch": _lt("The parts of an entry do not add up to its amount."),
    "count_mismatch": _lt("The file says it has another number of entries than it has."),
    "balance_mismatch": _lt("Opening balance and entries do not make the closing balance."),
    "missing_node": _lt("Something is missing that this kind of file must have."),
    "bad_amount": _lt("An amount could not be read."),
    "bad_date": _lt("A date could not be read."),
    "entry_unreadable": _lt(
        "An entry could not be read and was not booked: reference %(reference)s, amount %(amount)s,"
        " debits %(end_to_end_ids)s."
    ),
    "currency_mismatch": _lt("An entry is in %(actual)s, the account in %(expected)s."),
    "duplicate_statement": _lt("The file holds statement %(id)s twice."),
    "unknown_code": _lt("The bank uses a code that is not in the standard: %(value)s."),
    "duplicate_entry": _lt("The file holds the same entry twice; it was taken once."),
    "unknown_request": _lt(
        "There is no request to cancel debits that this answers: %(reference)s."
    ),
    "unknown_batch": _lt("There is no batch with the message id %(reference)s."),
    "not_submitted": _lt(
        "The bank answers batch %(reference)s, which is not marked as submitted here."
        " Submit it, then let this file be read again."
    ),
    "not_sent": _lt(
        "The bank speaks of %(reference)s, which is not marked as submitted here;"
        " its money waits for a person."
    ),
    "other_currency": _lt("An entry in %(currency)s was not booked."),
    "collective_return": _lt(
        "Several debits came back in one sum of %(amount)s, and the bank does not say which. Import"
        " its notification (camt.054), which lists them: the sum is booked then."
    ),
    "contradiction": _lt(
        "The bank refuses the file or block of %(reference)s, but says “%(status)s” of this debit. It"
        " stays at the bank: ask the bank whether it will be collected."
    ),
    "unknown_debit": _lt("There is no debit with the reference %(reference)s."),
    "more": _lt("%(count)s more of the same kind."),
    "many": _lt(
        "There are more than %(kept)s findings of one kind; no more of them are listed. If another"
        " program collects over this account, the others are probably its own. Money on a statement"
        " waits in the suspense account."
    ),
    "left_out": _lt(
        "%(count)s entries are not about direct debits and were left to the journal's other import."
    ),
    "no_bank_reference": _lt(
        "%(count)s entries have no reference of the bank and made no statement lines: they could not"
        " be recognised when they come again. Import the account's statement (camt.053 or MT940) of"
        " these days from the bank's portal."
    ),
    "statement_missing": _lt(
        "Statement %(numbers)s of the account is missing before the one of %(before)s."
    ),
    "statement_gap": _lt(
        "The statement of %(after)s begins with %(opening)s, but the one before it (%(before)s)"
        " ended with %(expected)s. Is a statement missing?"
    ),
    "statement_twice": _lt(
        "There are two statements for %(start)s to %(end)s, and their balances do not follow each other."
    ),
    "transfer_in_collection": _lt(
        "A transfer names invoice %(invoice)s, which is being collected by direct debit."
    ),
    "transfer_amount": _lt("A transfer names invoice %(invoice)s, but another amount is open."),
    "transfer_alike": _lt(
        "A transfer may be for invoice %(invoice)s: amount and name fit, but it does not name it."
    ),
    "locked_period": _lt("%(date)s is in a locked period; it was booked on %(used)s."),
    "line_moved": _lt(
        "The statement's lines of %(date)s are in a locked period; they were booked on %(used)s."
    ),
    "unknown_credit": _lt(
        "%(amount)s came from direct debits, but the bank names none that is known here."
    ),
    "duplicate_file": _lt("The bank had the file already. The first one stands."),
    "foreign_account": _lt("Statement of the account %(account)s, which is no journal here."),
    "other_account": _lt(
        "The file is for the account %(account)s, and the bank “%(bank)s” that was chosen for it has"
        " another number or none. Enter the account's IBAN at its bank journal, then press “Read"
        " again”; if the account is not yours, mark the file as done."
    ),
    "already_known": _lt("%(reference)s: known already from another file."),
    "already_settled": _lt("%(reference)s was credited before; the line waits for a person."),
    "already_returned": _lt("%(reference)s was returned before; the line waits for a person."),
    "batch_sum_mismatch": _lt(
        "The credit of %(amount)s fits neither the whole batch %(reference)s nor what is left of it."
    ),
    "impossible_amount": _lt("%(reference)s: %(amount)s does not fit the debit."),
    "not_needed": _lt("Nothing in this file is booked: %(format)s."),
    "failed": _lt("The file could not be worked through: %(error)s"),
    "other": _lt("%(code)s %(details)s"),
}

#: The data file with what follows from a return, for every code.
REASON_DATA = "support_debit/data/sdd_reason_data.xml"

#: Classes of reasons, the one first that sets the tone of a message about several.
TONES = ("mandate", "dispute", "account", "unknown", "funds", "own_fault", "technical")
