"""Tables of the risk room."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

COLOURS = [("green", "Green"), ("yellow", "Yellow"), ("red", "Red"), ("unknown", "Unknown")]
#: What a policy can decide; `unknown` is what a single check may answer.
DECIDED_COLOURS = COLOURS[:3]
STAGES = [
    ("field", "While typing"),
    ("basket", "Basket"),
    ("submit", "Order"),
    ("collection", "Before a debit"),
]
CHANNELS = [("web", "Shop"), ("phone", "Telephone"), ("portal", "Portal"), ("renewal", "Renewal")]
CUSTOMER_KINDS = [("consumer", "Consumers"), ("company", "Companies")]
#: Ways to pay that a colour can offer, as staff and customers read them.
OFFERS = [
    ("sdd", "Direct debit, support starts now"),
    ("sdd_settled", "Direct debit, support starts when the money has arrived"),
    ("sdd_confirmed", "Direct debit after the customer has confirmed the mandate by a link"),
    ("transfer", "Bank transfer with QR code"),
    ("other", "Any other method of the shop"),
]
#: What support waits for when an offer was accepted; with the others it starts with the order.
HOLDING_OFFERS = {"sdd_settled": "payment", "sdd_confirmed": "confirmation"}
#: Offers with which an account is debited.
DEBIT_OFFERS = ("sdd", "sdd_settled", "sdd_confirmed")
#: How an assessment turned out: `censored` as long as nobody can know.
OUTCOMES = [
    ("open", "Not known yet"),
    ("good", "Paid"),
    ("bad_bank", "Returned by the bank"),
    ("bad_customer", "Taken back by the customer"),
    ("void", "Does not count"),
]
#: Outcomes that count against what was decided.
BAD_OUTCOMES = ("bad_bank", "bad_customer")
#: Never a signal, a rule or a point: Regulation (EU) 260/2012 Art. 9(2), CJEU C-28/18, § 19 AGG.
FORBIDDEN_FACTS = frozenset(
    "iban_country residence_country nationality language sex name_origin birth_date".split()
)
#: Why a person looks at an order.
CASE_REASONS = [
    ("policy", "A rule asks for it"),
    ("amount", "Much money is at stake"),
    ("contest", "The customer asked for it"),
    ("staff", "A colleague asked for it"),
    ("collection", "A debit looks risky"),
]
#: So many days a person's decision about an order holds while the order stays as it is.
OVERRIDE_DAYS = 30
#: An internet connection may cause as many questions to a bureau as so many visitors: a new session
#: costs a script nothing, another connection does.
NETWORK_VISITORS = 10
#: So many minutes an answer holds that is not green while a check could not run.
UNSURE_MINUTES = 5
#: About addresses: they give no points, and alone never lead to red (§ 31(1) no. 3 BDSG).
ADDRESS_FACTS = frozenset(
    "address_incomplete postcode_invalid town_mismatch bureau_address velocity_address_1h"
    " velocity_address_24h velocity_address_30d".split()
)
#: Inputs are kept as long as it takes to tell an assessment to the customer and to learn from it.
INPUT_DAYS = 90
#: The longest time in which a debit can come back (13 months), and 8 weeks to deal with it.
KEPT_MONTHS = 13
KEPT_WEEKS = 8
#: What is said while somebody types, by what was found; `neutral` once too much was tried out.
FIELD_TEXTS = {
    "account_is_ours": _lt("This is our own account. Please enter the IBAN of your account."),
    "holder_different": _lt(
        "The account seems to belong to somebody else. May we debit it? If so, all is well."
    ),
    "neutral": _lt("Please compare the IBAN with your bank card once more."),
    "email_meant": _lt("Did you mean %(address)s?"),
    "busy": _lt(
        "There were many attempts within a short time. Please try again in an hour, or choose another"
        " way to pay. Nothing has been charged."
    ),
}
#: After so many days a refund without reasons is no longer possible: SDD Core rulebook, 8 weeks.
MATURE_DAYS = 56
#: An order that nobody has debited after so many days says nothing about debits.
UNUSED_DAYS = 120
#: Comparisons that suit a kind of fact, the usual one first.
OPERATORS_OF_KIND = {
    "bool": ("hit", "=", "!=", "set"),
    "number": (">", ">=", "<", "<=", "=", "!=", "in", "hit", "set"),
    "text": ("=", "!=", "in", "hit", "set"),
}
#: Figures of a rehearsal, in the order in which they are shown; see `scoring.rehearsal.Totals`.
REHEARSAL_MEASURES = [
    ("orders", "Orders"),
    ("green", "Green"),
    ("yellow", "Yellow"),
    ("red", "Red"),
    ("debit_share", "Paid by direct debit"),
    ("returns", "Debits that come back"),
    ("return_rate", "Return rate"),
    ("lost_orders", "Customers who leave"),
    ("lost_sales", "Sales lost"),
    ("check_cost", "Cost of the checks"),
    ("profit", "Profit"),
]
#: By what the return rate is looked at.
GOVERNOR_DIMENSIONS = [
    ("all", "Everything"),
    ("channel", "Channel"),
    ("product_kind", "Package"),
    ("salesperson", "Salesperson"),
    ("country", "Country"),
    ("bank", "Bank"),
    ("grade", "Mandate grade"),
]
GOVERNOR_ACTIONS = [
    ("tighten", "Made stricter"),
    ("loosen", "Made more generous"),
    ("keep", "Left as it is"),
]
#: See `scoring.governor.Proposal.reason`.
GOVERNOR_REASONS = [
    ("missed", "The goal is surely missed"),
    ("limit", "The goal is missed, and the limit for stricter cut-offs is reached"),
    ("met", "It is surely better than the goal"),
    ("full", "It is better than the goal, and nothing is held back"),
    ("wait", "What the last change has brought is not seen yet"),
    ("unsure", "Chance alone could explain it"),
    ("few", "Too few debits to say anything"),
]
#: See `scoring.measures.Drift.verdict`.
DRIFTS = [("stable", "Stable"), ("watch", "Watch it"), ("act", "Act")]
