"""Rules for one line of a file of mandates, and for all lines together.

Sources: rulebook EPC016-06 4.7.2 (contents of a mandate), 4.1 (36 months), EPC130-08 (references,
characters), AT-24 (amendments).
"""

from calendar import monthrange
from datetime import timedelta

from . import charset, creditor_id
from .const import MAX_NAME, SEPA_COUNTRIES

#: A mandate lapses so many months after its last collection: EPC016-06 4.1.
DORMANT_MONTHS = 36
#: Nothing was signed for SEPA before its direct debits began (Core and B2B: 2 November 2009).
FIRST_DAY = (2009, 11, 2)
ENDED = ("revoked", "expired")
_NOT_GIVEN_YET = ("draft", "pending")


def check(row, options):
    """Check what can be seen in one line and fill in what follows from it.

    :param row: a `mandate_file.MandateRow`; findings are added, values completed.
    :param options: `mandate_file.Options`.
    """
    _complete_type(row)
    row.values.setdefault("scheme", "CORE")
    _check_required(row)
    _complete_names(row, options)
    _complete_creditor(row, options)
    _check_dates(row, options)
    _check_dormant(row, options)
    _check_evidence(row, options)
    _check_bic(row)


def check_together(rows):
    """Find references that stand in the file twice, and customers with one account twice.

    :param rows: the rows of the file, checked one by one.
    """
    references, accounts = {}, {}
    for row in rows:
        values = row.values
        if reference := values.get("reference"):
            key = (creditor_key(values.get("creditor_identifier")), reference.upper())
            if key in references:
                row.note("error", "reference_twice", "reference", line=references[key])
            references.setdefault(key, row.number)
        if number := values.get("iban"):
            who = values.get("customer_ref") or values.get("customer_name", "").casefold()
            key = (number, who, values.get("scheme"))
            if values.get("state") not in ENDED:
                if key in accounts:
                    row.note("hint", "same_account", "iban", line=accounts[key])
                accounts.setdefault(key, row.number)


def creditor_key(identifier):
    """Return what tells one creditor from another: the identifier without its business code."""
    return identifier[:4] + identifier[7:] if identifier else ""


def _complete_type(row):
    values = row.values
    one_off = values.pop("one_off", None)
    if "mandate_type" not in values:
        values["mandate_type"] = "one_off" if one_off else "recurrent"
    values.setdefault("state", "")
    used = values["mandate_type"] == "one_off" and "last_collection_date" in values
    if used and values["state"] not in ENDED:
        row.note("error", "one_off_used", "last_collection_date")
    values.pop("currency", None)


def _check_required(row):
    values = row.values
    wrong = {finding.column for finding in row.findings}
    waiting = values["state"] in _NOT_GIVEN_YET
    for key in ("reference", "iban", "signature_date"):
        if key in values or key in wrong or (waiting and key != "reference"):
            continue
        row.note("error", "required", key)


def _complete_names(row, options):
    values = row.values
    holder = values.get("holder") or values.get("customer_name")
    if not holder:
        if not {"customer_ref", "email"} & values.keys():
            row.note("error", "nobody", "holder")
        return
    values["holder"] = holder
    values.setdefault("customer_name", holder)
    written = charset.to_sepa(holder, options.charset)
    lost = written.count(".") - holder.count(".") - holder.count("…") * 3
    if not any(char.isalnum() for char in written):
        row.note("error", "holder_unwritable", "holder")
    elif lost > 0:
        row.note("hint", "holder_changed", "holder", written=written[:MAX_NAME])
    elif len(written) > MAX_NAME:
        row.note("hint", "holder_cut", "holder", limit=MAX_NAME)
    _check_country(row)


def _check_country(row):
    values = row.values
    if "country" in values:
        code = values["country"].upper()
        if len(code) == 2 and code.isalpha() and code.isascii():
            values["country"] = code


def _complete_creditor(row, options):
    """Take a foreign creditor identifier for the one of before: the mandate has moved."""
    values = row.values
    own = options.creditor_ids
    given, old = (
        values.get(key) for key in ("creditor_identifier", "original_creditor_identifier")
    )
    if any(finding.column == "creditor_identifier" for finding in row.findings):
        return
    if given and own and not any(creditor_id.same_creditor(given, one) for one in own):
        if old:
            row.note("error", "creditor_foreign", "creditor_identifier", own=own[0])
            return
        row.note("hint", "creditor_moved", "creditor_identifier", own=own[0])
        given, old = None, given
    current = given or (own[0] if own else None)
    if not current:
        row.note("error", "creditor_none", "creditor_identifier")
        return
    values["creditor_identifier"] = current
    if old and not creditor_id.same_creditor(old, current):
        values["original_creditor_identifier"] = old
    else:
        values.pop("original_creditor_identifier", None)
    if values.get("original_reference", "").upper() == values.get("reference", "").upper():
        values.pop("original_reference", None)


def _check_dates(row, options):
    values = row.values
    for key in ("signature_date", "end_date", "bank_confirmed_date"):
        found = values.get(key)
        # A day ahead: where the customer is, it may be tomorrow already.
        if found and found > options.today + timedelta(days=1):
            if key == "end_date" and values["state"] not in ENDED:
                continue
            row.note("error", "date_future", key)
    signed, last = values.get("signature_date"), values.get("last_collection_date")
    # A debit that was handed in already may fall due within the next two weeks.
    if last and last > options.today + timedelta(days=14):
        row.note("error", "date_future", "last_collection_date")
    if signed and last and last < signed:
        row.note("error", "collection_before_signature", "last_collection_date")
    if signed and (signed.year, signed.month, signed.day) < FIRST_DAY:
        row.note("hint", "signature_before_sepa", "signature_date")
    ended = values.get("end_date")
    if ended and ended <= options.today and values["state"] not in ENDED:
        row.note("error", "ended", "end_date")


def _check_dormant(row, options):
    values = row.values
    start = max(
        filter(None, (values.get("signature_date"), values.get("last_collection_date"))),
        default=None,
    )
    if values["state"] in (*ENDED, "draft") or start is None or row.is_wrong:
        return
    lapsed = add_months(start, DORMANT_MONTHS)
    if lapsed > options.today:
        return
    column = "last_collection_date" if "last_collection_date" in values else "signature_date"
    if options.dormant == "expire":
        values["state"] = "expired"
        values["end_date"] = lapsed
        row.note("hint", "dormant_expired", column, date=lapsed.isoformat())
    else:
        row.note("error", "dormant", column, date=lapsed.isoformat())


def add_months(day, months):
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _check_evidence(row, options):
    code = row.values.get("evidence")
    if code is None:
        return
    word = "_".join(code.casefold().replace("-", " ").split())
    if word not in {*options.evidence_codes, "none"}:
        kinds = ", ".join(sorted(options.evidence_codes))
        row.note("error", "choice_unknown", "evidence", options=kinds)
        return
    row.values["evidence"] = word


def _check_bic(row):
    """Compare a BIC in the file with the bank of the IBAN."""
    bic = "".join(row.values.pop("bic", "").split()).upper()
    known = row.values.get("bank_bic", "")
    number = row.values.get("iban", "")
    if not bic:
        return
    if len(bic) not in (8, 11) or not bic.isalnum():
        row.note("hint", "bic_wrong", "bic")
    elif known and bic[:8] != known[:8]:
        row.note("hint", "bic_other", "bic", value=bic, known=known)
    elif number[:2] in SEPA_COUNTRIES and not known:
        row.values["bank_bic"] = bic
