"""Tables of the mandate room."""

#: Every allowed change of a mandate's state. Nothing leaves `revoked` or `expired`.
TRANSITIONS = {
    "draft": {"pending", "active", "revoked"},
    "pending": {"active", "revoked", "expired"},
    "active": {"suspended", "revoked", "expired"},
    "suspended": {"active", "revoked", "expired"},
    "revoked": set(),
    "expired": set(),
}

#: States in which a mandate can be amended; one that has ended is replaced by a new one.
AMENDABLE_STATES = ("draft", "pending", "active", "suspended")

#: What the last of these events says about the mandate's state; other kinds leave it as it is.
STATE_OF_EVENT = {
    "created": "draft",
    "pending": "pending",
    "activated": "active",
    "suspended": "suspended",
    "revoked": "revoked",
    "expired": "expired",
}

#: A mandate lapses this many months after its last collection was presented: EPC016-06 4.1.
DORMANT_MONTHS = 36
#: How long before that somebody is told.
DORMANT_WARNING_MONTHS = 3

#: Grades of evidence, the best first.
GRADES = ("A", "B", "C", "D")

#: Largest amount in euro that a grade allows at once when the company has set nothing; None: any.
DEFAULT_LIMITS = {"A": None, "B": 1000.0, "C": 250.0, "D": 100.0}

#: Version of the way in which events are hashed, part of the hashed text.
HASH_SCHEME = "sdd-event-2"
#: What the first version hashed: the data itself, so that nothing of it could ever be erased.
HASH_SCHEME_1 = "sdd-event-1"

#: Events that bind what was agreed, so that a later change in the database is noticed.
BINDING_EVENTS = frozenset({"activated", "amended", "erased"})

#: Who sees account numbers of mandates in full; every reading is noted down.
BANK_DETAILS_GROUP = "support_debit.group_bank_details"
#: The fields of `res.partner.bank` that hold the number.
NUMBER_FIELDS = ("acc_number", "sanitized_acc_number")
#: How many full IBANs one search may try out without the right to see them.
MAX_SEARCHED_IBANS = 20
#: What the number of an account starts with after it was erased; the account's id follows.
ERASED_PREFIX = "ERASED"

#: How long after its last collection a mandate is evidence: refunds of unauthorised debits for 13
#: months (EPC016-06 4.3.4), and the month that the banks take to ask (their terms: 14 months).
EVIDENCE_MONTHS = 14
#: How long vouchers are kept where no country rule says anything: the longest of those known.
LONGEST_BOOKS_YEARS = 10
#: States in which nothing of a mandate is erased.
RUNNING_STATES = ("draft", "pending", "active", "suspended")
