"""The numbers of the simulated world. Those marked S come from published figures, all others are assumed.

S: share of debits without funds recovered by repetition (GoCardless Success+, about 70 %), order of
magnitude of returns (EPC 2015 about 3 %, Pago 2008 4.7 % of German consumers), share of the reasons.
"""

#: Orders: shares, amounts (lognormal) and where they come from.
RETURNING_SHARE, PHONE_SHARE = 0.45, 0.35
AMOUNT_MEDIAN, AMOUNT_SIGMA = 60.0, 0.7
#: Log odds of a debit without funds: level, by liquidity N(0, 1), by ln(amount / 60), known customers.
FUNDS_LEVEL, FUNDS_LIQUIDITY, FUNDS_AMOUNT, FUNDS_KNOWN = -4.55, 1.6, 0.25, -0.30
#: Factor on the odds by day of the month: up to this day, this factor.
DAY_FACTORS = ((5, 0.75), (15, 0.95), (24, 1.2), (28, 1.35), (31, 0.85))
#: Wrong IBANs, by how they are entered; what kinds of mistakes.
TYPO_WEB, TYPO_PHONE = 0.012, 0.025
TYPO_KINDS = (("digit", 0.60), ("swap", 0.20), ("two", 0.12), ("shift", 0.08))
#: A customer who is asked again finds his mistake; else he gives up.
FIXED = 0.92
#: Fraud, as shares of the orders of new customers; how many orders belong together.
FABRICATED, STOLEN, NO_INTENT = 0.008, 0.005, 0.007
RING_SIZES = ((1, 0.60), (2, 0.20), (3, 0.10), (5, 0.10))
#: Whoever invented an IBAN and is asked again: comes back with one that fits better, else leaves.
RETRIES_FABRICATED = 0.40
#: Other reasons, as shares of debits.
CLOSED_NEW, CLOSED_KNOWN = 0.0015, 0.0035
DISPUTED, OTHER = 0.0035, 0.0015
#: A real account whose bank has changed its check digits since the table was made.
STALE_DIGITS = 0.003
#: Names: somebody else's account for a good reason; a family name in common.
OTHER_HOLDER, FAMILY_HOLDER = 0.01, 0.02
THROW_AWAY_HONEST, THROW_AWAY_FRAUD = 0.004, 0.15
#: A thief enters the victim as the holder, else himself.
THIEF_NAMES_VICTIM = 0.5
#: A bureau answers on so many people; its score is so much liquidity in noise; it points out so many
#: stolen, invented and closed accounts.
BUREAU_COVERS, BUREAU_LIQUIDITY, BUREAU_DETECTS = 0.80, -0.7, 0.80
#: Price of an answer in EUR, and the smallest amount for which one is bought.
BUREAU_PRICE, BUREAU_MIN_AMOUNT = 0.90, 40.0
#: Assumed: the bureau's account check alone, without its score: price of an answer in EUR.
ACCOUNT_PRICE = 0.35
#: Assumed: new telephone customers get a link with their account: so many mistakes are found there, so
#: many customers answer, and so many of the others pay another way.
LINK_FINDS, LINK_ANSWERS, LINK_TRANSFERS = 0.90, 0.95, 0.60
#: Where the bureau's score is yellow, and red (standard deviation 1.22).
BUREAU_YELLOW, BUREAU_RED = -1.25, -1.9
#: Yellow customers who accept a debit with support after settlement, and who pay another way.
YELLOW_ACCEPTS, YELLOW_TRANSFERS = 0.82, 0.12
#: Fraud that goes away when nothing is delivered before the money is there.
YELLOW_DETERS = 0.70
#: Red customers who pay another way.
RED_TRANSFERS = 0.70
#: What an announcement of day and amount takes off debits without funds, and a plain name on the
#: statement with a page for complaints off ordinary disputes.
NOTICE_EFFECT, COMPLAINT_EFFECT = 0.20, 0.40
#: Known customers whose debits fall on the day that they chose for their mandate, just after payday.
CHOSEN_DAY = 0.60
#: Set-up of a stage, not of the world: debits from this chance of a return on, practically all, wait at
#: most so many days for a pay-day.
PAYDAY_PD, PAYDAY_DAYS = 0.01, 14
#: S: recovered by repetition; days until then. The rest is paid after reminders, later, in part.
RETRY_RECOVERS, RETRY_DAYS = 0.70, 14
DUNNING_RECOVERS, DUNNING_DAYS = 0.45, 45
#: Money: margin, cost of what was served, bank's fee and own work for a return.
MARGIN, COST, RETURN_FEE, HANDLING = 0.60, 0.40, 5.0, 15.0
