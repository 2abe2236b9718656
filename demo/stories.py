"""Who bought what in the demo, and what became of the debits. Customers are in customers.csv."""

from typing import NamedTuple


class Fate(NamedTuple):
    """A debit that did not stay: `days` after its due date, for the reason `code`.

    `notice` says that the bank announces the return in a camt.054 first. `then` is what happens
    next: "retry" (collected again with the next file), "transfer" (the customer pays by himself),
    "ended" (the mandate is revoked and the support is over) or "" (nothing but what the reason says).
    """

    code: str
    days: int = 3
    then: str = ""
    notice: bool = False


class Refusal(NamedTuple):
    """A debit that the bank refuses at once, in its answer to the file."""

    code: str
    then: str = ""


class Sale(NamedTuple):
    """An order: `packages` names products of the catalogue, each may carry a quantity ("base:2")."""

    customer: str
    packages: str
    outcome: Fate | Refusal | None = None
    channel: str = "web"


class Round(NamedTuple):
    """One bank file: debits that fell due `days_ago`. `refused`: reason for the whole file."""

    days_ago: int
    sales: tuple[Sale, ...]
    refused: str = ""


HISTORY = (
    Round(
        301,
        (
            Sale("berger", "base"),
            Sale("weber", "base", channel="staff"),
            Sale("hoffmann", "base premium"),
            Sale("gruber", "base"),
            Sale("devries", "base"),
        ),
    ),
    Round(
        272,
        (
            Sale("schmidt", "base"),
            Sale("becker", "base", Fate("MS03", 3, "retry")),
            Sale("martin", "base"),
            Sale("vogt", "base:2", channel="staff"),
            Sale("huber", "incident"),
        ),
    ),
    Round(
        244,
        (
            Sale("schulz", "incident", channel="staff"),
            Sale("koch", "base"),
            Sale("yilmaz", "base"),
            Sale("jansen", "base"),
            Sale("dubois", "base", Fate("MD06", 41, "ended", notice=True)),
        ),
    ),
    Round(
        214,
        (
            Sale("wagner", "base"),
            Sale("nguyen", "incident"),
            Sale("richter", "base", Fate("AM04", 2, "retry")),
            Sale("pichler", "base"),
            Sale("lefevre", "incident"),
            Sale("bakker", "base"),
        ),
    ),
    Round(
        184,
        (
            Sale("klein", "base premium"),
            Sale("wolf", "base", channel="staff"),
            Sale("steiner", "base"),
            Sale("vandijk", "incident"),
            Sale("berger", "hour"),
            Sale("seniorentreff", "base:2", channel="staff"),
        ),
    ),
    Round(
        155,
        (
            Sale("neumann", "base", Fate("AC04", 4, notice=True)),
            Sale("kowalski", "base"),
            Sale("moser", "base"),
            Sale("moreau", "base"),
            Sale("hoffmann", "hour"),
            Sale("visser", "base", Refusal("AC01", "transfer")),
        ),
    ),
    Round(
        125,
        (
            Sale("zimmermann", "incident"),
            Sale("krueger", "base", channel="staff"),
            Sale("bauer", "base", Fate("MS03", 2, "transfer")),
            Sale("bloemen", "base"),
            Sale("weber", "hour", channel="staff"),
            Sale("garcia", "incident"),
        ),
    ),
    Round(
        98,
        (
            Sale("hartmann", "base"),
            Sale("lange", "base", Fate("MD01", 25, "ended", notice=True)),
            Sale("edelweiss", "base premium"),
            Sale("schmidt", "premium"),
            Sale("martin", "hour"),
        ),
    ),
    Round(
        70,
        (
            Sale("oezdemir", "base", Fate("AM04", 3, "retry")),
            Sale("praxis", "base:3", channel="staff"),
            Sale("strauss", "incident", Refusal("AC06")),
            Sale("gruber", "premium"),
            Sale("jansen", "hour"),
        ),
    ),
    Round(
        49,
        (
            Sale("krueger", "hour"),
            Sale("koch", "premium"),
            Sale("pichler", "hour"),
            Sale("wolf", "premium", channel="staff"),
        ),
        refused="FF01",
    ),
    Round(42, (Sale("visser", "incident"), Sale("bakker", "hour"))),
    Round(
        28,
        (
            Sale("nguyen", "base"),
            Sale("huber", "base"),
            Sale("lefevre", "base"),
            Sale("zimmermann", "base", Fate("AM04", 3)),
            Sale("garcia", "base"),
        ),
    ),
    Round(
        14,
        (
            Sale("schulz", "base", channel="staff"),
            Sale("vandijk", "base"),
            Sale("strauss", "base"),
            Sale("devries", "hour"),
            Sale("yilmaz", "hour", Fate("MS03", 4)),
            Sale("klein", "incident"),
        ),
    ),
)

#: Files that are under way today, one for each state in which a file can wait. bank_setup.py
#: lets the demo's bank refuse the same customers.
PARTLY_REJECTED = (
    Sale("martin", "premium"),
    Sale("becker", "hour"),
    Sale("moser", "premium"),
    Sale("steiner", "hour", Refusal("AC04")),
    Sale("kowalski", "premium", Refusal("AM04")),
)
ACCEPTED = (
    Sale("hartmann", "hour"),
    Sale("wagner", "premium"),
    Sale("seniorentreff", "hour:2", channel="staff"),
    Sale("moreau", "hour"),
)
SUBMITTED = (
    Sale("bloemen", "hour"),
    Sale("richter", "premium"),
    Sale("edelweiss", "hour:2"),
)
GENERATED = (
    Sale("oezdemir", "hour"),
    Sale("hoffmann", "incident"),
    Sale("gruber", "hour"),
)
DRAFT = (
    Sale("vogt", "hour:3", channel="staff"),
    Sale("bakker", "premium"),
)

#: Orders of today, paid in the shop a moment ago.
TODAY = (
    Sale("berger", "premium"),
    Sale("nguyen", "hour"),
    Sale("huber", "hour"),
    Sale("praxis", "premium"),
    Sale("devries", "premium"),
    Sale("lefevre", "hour"),
)
#: Customers who asked for a later day, by the days from today.
LATER = {
    20: Sale("schmidt", "hour", channel="staff"),
    27: Sale("krueger", "premium", channel="staff"),
    34: Sale("koch", "hour"),
}
HELD = Sale("wolf", "hour", channel="staff")
HELD_BY_MANDATE = Sale("pichler", "premium")
CANCELLED = Sale("garcia", "hour")
CANCELLED_BY_MANDATE = Sale("klein", "hour")
CANCELLED_BY_TRANSFER = Sale("visser", "hour")
TAKEN_BACK = Sale("weber", "premium", channel="staff")
QUOTED = (Sale("zimmermann", "premium", channel="staff"), Sale("jansen", "premium:1"))
#: Support that waits for its first day, and support that is cancelled to the end of its term.
NOT_STARTED = (("moser", "hour"), ("strauss", "premium"))
NOT_RENEWED = ("bauer", "wagner")

#: How customers gave their mandates, where it was neither a tick in the shop nor a signed form.
EVIDENCE = {
    "hoffmann": "signature_drawn",
    "jansen": "signature_drawn",
    "devries": "own_device_code",
    "koch": "own_device_code",
    "dubois": "own_device_code",
    "wolf": "phone_code",
    "yilmaz": "phone_code",
    "seniorentreff": "email_reply",
    "krueger": "verbal_recording",
    "kowalski": "imported",
    "moser": "imported",
}
IMPORT_NOTE = "Imported from the cash desk of the former shop"
END_REASON = "The customer does not want it any more"
END_TOLD_BY = "By e-mail"

#: Mandates that are on their way: entered only, asked for by a link, asked for with the account.
DRAFT_MANDATES = ("seniorentreff",)
PENDING_MANDATES = ("zimmermann", "vogt")
PENDING_WITHOUT_ACCOUNT = ("petersen",)
#: Mandates of customers who have not bought for years: these have lapsed, these will soon.
OLD_MANDATES = ("schulz", "krueger", "vandijk")
LAPSING_MANDATES = ("lorenz",)
#: A mandate that ended so long ago that the account number need not be kept any longer.
LONG_REVOKED = "jansen"
#: A mandate that took the place of another one.
RENEWED_MANDATE = "visser"
#: A debit that is too large for a mandate by word of mouth.
HELD_BY_GRADE = Sale("krueger", "premium hour:2", channel="staff")
#: Companies under the B2B scheme: this one's bank knows the mandate, this one's does not yet.
B2B_CONFIRMED = "bloemen"
B2B_WAITING = Sale("vogt", "base", channel="staff")
#: A customer who changed his bank; the next debit tells the old one.
NEW_ACCOUNTS = {"bauer": "AT361200030166131860"}

#: Orders that a person has to look at, and what the customer writes about it.
REVIEWED = (
    (Sale("lorenz", "base:6", channel="staff"), ""),
    (
        Sale("zimmermann", "premium"),
        "I have paid the open amount by bank transfer last night. Please have another look.",
    ),
)
RED_ACCEPTED = "He has called: the account is covered now"
CASE_CLOSED = "Debited before anybody had to look at it"
#: A rule that somebody would like to have.
NEW_RULE = {
    "name": "Larger orders",
    "signal": "amount",
    "operator": ">",
    "threshold": "150",
    "colour": "yellow",
    "reason_text": "The order is larger than what we debit at once.",
}
