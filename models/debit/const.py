"""Tables of the debit room."""

#: Every allowed change of a debit's state. A retry is a new debit that points at the old one.
DEBIT_TRANSITIONS = {
    "queued": {"batched", "held", "cancelled"},
    "held": {"queued", "cancelled"},
    "batched": {"queued", "submitted"},
    "submitted": {"settled", "rejected", "returned"},
    "settled": {"returned"},
    "rejected": set(),
    "returned": {"settled"},  # Only when the bank refuses to give money back for us.
    "cancelled": set(),
}
#: States in which a debit still claims its invoice: no second debit, no payment link.
LIVE_STATES = ("queued", "held", "batched", "submitted")

#: States in which a debit stands in a file that may be at the bank.
FILE_STATES = ("batched", "submitted")

#: States in which a debit has told the bank of its mandate's changes, or is about to. One that was
#: rejected before settlement has told nothing: EPC016-06 4.7.2.
CARRYING_STATES = ("batched", "submitted", "settled", "returned")
#: States in which the debtor's bank has seen the mandate.
COLLECTED_STATES = ("submitted", "settled", "returned")

#: Every allowed change of a batch's state.
BATCH_TRANSITIONS = {
    "draft": {"generated"},
    "generated": {"generated", "submitted"},
    "submitted": {"accepted", "partly_rejected", "rejected", "settled"},
    "accepted": {"partly_rejected", "rejected", "settled"},
    "partly_rejected": {"partly_rejected", "rejected", "settled"},
    "rejected": set(),
    "settled": set(),
}

#: Accounts of the German charts that fit, by purpose; others get a new account.
TRANSIT_ACCOUNT_NEIGHBOURS = {"de_skr03": "1360", "de_skr04": "1460"}
FEE_ACCOUNT_CODES = {"de_skr03": "4970", "de_skr04": "6855"}

#: Largest amount of one direct debit in EUR: EPC130-08, AT-T002.
MAX_AMOUNT = 999999999.99

#: What a line of the timeline is about, and the icon in front of it.
TIMELINE_KINDS = {
    "order": "fa-shopping-cart",
    "mandate": "fa-pencil-square-o",
    "notice": "fa-envelope-o",
    "queue": "fa-clock-o",
    "batch": "fa-university",
    "settlement": "fa-check",
    "return": "fa-undo",
    "message": "fa-comment-o",
    "retry": "fa-repeat",
    "reminder": "fa-bell-o",
    "payment": "fa-money",
}

#: Versions of the file that can be chosen, the usual one first.
PAIN_VERSIONS = [("pain.008.001.08", "pain.008.001.08"), ("pain.008.001.02", "pain.008.001.02")]

#: For how many days a settled debit of the same mandate, amount and invoice counts as a duplicate:
#: five weeks, so that a monthly amount of one invoice is asked about once more.
DUPLICATE_DAYS = 35

#: Accounts that a bank journal needs to collect: debits in transit, bank return fees.
SDD_ACCOUNTS = ("sdd_transit_account_id", "sdd_fee_account_id")
