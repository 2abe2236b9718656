"""The bank of the simulated quarter: what it refuses and when, what it charges, its files."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from ..sepa import target
from .bank_files import CREDITOR_IBAN
from .mock_bank import MockBank
from .quarter_model import FEE

ACCOUNT = "SUPPORT"
#: What the bank's books say of a debit that it settled or that came back.
UNUSED = ("settlement_date", "booked_at", "return_due", "return_reason", "returned_at")


@dataclass
class Refusal:
    """What the debtor's bank says to the attempts to collect one invoice, one after the other.

    `when` is the number of weeks after the attempt's own; -1 is before settlement.
    """

    reasons: list
    when: int = 0
    said: int = field(default=0, init=False)


#: Twenty of five hundred debits come back, for eight reasons.
REFUSALS = (
    *[Refusal(["AM04"])] * 2,
    Refusal(["AM04", "AM04"]),
    Refusal(["AM04", "MS03", "AM04"]),
    Refusal(["AM04"], when=1),
    *[Refusal(["MS03"])] * 2,
    Refusal(["MS03", "MS03", "MS03"]),
    Refusal(["MS03"], when=-1),
    *[Refusal(["AC01"], when=-1)] * 2,
    Refusal(["AC04"], when=-1),
    Refusal(["AC04"]),
    *[Refusal(["AC06"])] * 2,
    Refusal(["MS02"]),
    Refusal(["MD01"]),
    Refusal(["MD06"]),
    # Refunds long after settlement.
    Refusal(["MD06"], when=6),
    Refusal(["MD01"], when=9),
)


class QuarterBank(MockBank):
    """mock-bank with a plan. Charges a fee for each return, as German banks do.

    :param date start: the first day.
    """

    def __init__(self, start):
        super().__init__(clock=f"{start}T08:00")
        self.rng = random.Random(2027)
        self.charged = 0
        self.read = set()
        closed = target.closing_days(start.year) | target.closing_days(start.year + 1)
        self.call("PUT", "/_mock/holidays", sorted(day.isoformat() for day in closed))
        self.register(ACCOUNT, CREDITOR_IBAN)
        self.plan = {}
        self.refused = []

    def set_behaviour(self, behaviour):
        """Let the bank take files (`accept`) or refuse each as a whole (`reject-file`)."""
        self.call("PATCH", f"/_mock/accounts/{ACCOUNT}", {"behaviour": behaviour})

    def make_plan(self, weeks):
        """Decide which invoices come back.

        :param list weeks: for each week the names of its invoices.
        """
        left = [Refusal(r.reasons, r.when) for r in REFUSALS]
        late = [refusal for refusal in left if refusal.when > 1]
        soon = [refusal for refusal in left if refusal.when <= 1]
        self.plan = dict(zip(self.rng.sample(weeks[1], len(late)), late, strict=True))
        others = [name for names in weeks[:-2] for name in names if name not in self.plan]
        self.plan.update(zip(self.rng.sample(others, len(soon)), soon, strict=True))

    def scan(self):
        """Override to remember the debits of files that the bank refuses as a whole.

        Its books do not have them. A second copy of a file that it took says nothing new.
        """
        answer = super().scan()
        for file in answer["files"]:
            if file["status"] == "RJCT" and file["reason"] != "DUPL":
                content = (self.drop / file["movedTo"]).read_bytes()
                self.refused += self._read_refused(content, file["reason"])
        return answer

    @staticmethod
    def _read_refused(content, reason):
        """Return what a file of debits asked for, as rows of the bank's books."""
        rows = []
        for block in etree.fromstring(content).iter("{*}PmtInf"):
            for item in block.iter("{*}DrctDbtTxInf"):
                rows.append(
                    {
                        "end_to_end_id": item.findtext(".//{*}EndToEndId"),
                        "remittance": [item.findtext(".//{*}Ustrd")],
                        "mandate_id": item.findtext(".//{*}MndtId"),
                        "amount": round(float(item.findtext("{*}InstdAmt")) * 100),
                        "collection_date": block.findtext("{*}ReqdColltnDt"),
                        "status": "rejected",
                        "reason": reason,
                        **dict.fromkeys(UNUSED),
                    }
                )
        return rows

    def collections(self):
        """Return the bank's books, newest first, with the debits of refused files at the end."""
        return self.call("GET", "/_mock/collections") + self.refused

    def refuse_planned(self, today, before):
        """Say no to what is to come back now.

        :param date today: the bank's day.
        :param bool before: the moment before settlement, or after it.
        """
        for row in self.collections():
            refusal = self.plan.get(row["remittance"][0].rpartition(" ")[2])
            open_reasons = refusal and refusal.reasons[refusal.said :]
            if not open_reasons or row["status"] != "accepted" or row["return_due"]:
                continue
            weeks = (today - date.fromisoformat(row["collection_date"])).days // 7
            if before:
                ready = refusal.when == -1 and not row["booked_at"]
            else:
                ready = refusal.when >= 0 and row["booked_at"] and weeks >= refusal.when
            if ready:
                path = f"/_mock/collections/{row['end_to_end_id']}/refuse"
                self.call("POST", path, {"reason": open_reasons[0]})
                refusal.said += 1

    def get_said(self):
        """Return how often each reason was given by the debtors' banks."""
        return Counter(
            reason for refusal in self.plan.values() for reason in refusal.reasons[: refusal.said]
        )

    # === FILES === #

    def take_files(self):
        """Return the new files for our account as (name, content), in the bank's order."""
        files = []
        paths = [path for path in self.pickup.iterdir() if path.name not in self.read]
        for path in sorted(paths, key=lambda path: int(path.stem.rpartition("-")[2])):
            self.read.add(path.name)
            if path.name.startswith(("pain.002", "camt")) and f"-{ACCOUNT}-" in path.name:
                content = path.read_bytes()
                if path.name.startswith("camt.053"):
                    content = self._charge(content)
                files.append((path.name, content))
        return files

    def _charge(self, content):
        """Return a statement on which the bank has taken its fee with each return."""
        root = etree.fromstring(content)
        space = root.nsmap[None]

        def find(node, path):
            return node.findall("/".join(f"{{{space}}}{name}" for name in path.split("/")))

        statement = find(root, "BkToCstmrStmt/Stmt")[0]
        for summary in find(statement, "TxsSummry"):
            statement.remove(summary)
        before = self.charged
        for entry in find(statement, "Ntry"):
            if find(entry, "CdtDbtInd")[0].text == "DBIT":
                self._charge_entry(entry, find)
        for balance, charged in zip(find(statement, "Bal"), (before, self.charged), strict=True):
            self._shift(find(balance, "Amt")[0], find(balance, "CdtDbtInd")[0], -charged)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _charge_entry(self, entry, find):
        """Book the amount with the fee and say beside it what it was without."""
        for detail in find(entry, "NtryDtls/TxDtls"):
            amount = find(detail, "Amt")[0]
            space = etree.QName(amount).namespace
            original = etree.Element(f"{{{space}}}AmtDtls")
            inner = etree.SubElement(etree.SubElement(original, f"{{{space}}}InstdAmt"), amount.tag)
            inner.text = amount.text
            inner.set("Ccy", "EUR")
            find(detail, "CdtDbtInd")[0].addnext(original)
            self._shift(amount, None, FEE)
        self._shift(find(entry, "Amt")[0], None, FEE)
        self.charged += FEE

    @staticmethod
    def _shift(amount, sign, cents):
        """Add cents to an amount; `sign` is its indicator, if it may turn."""
        value = round(float(amount.text) * 100)
        if sign is not None and sign.text == "DBIT":
            value = -value
        value += cents
        if sign is not None:
            sign.text = "CRDT" if value >= 0 else "DBIT"
        amount.text = f"{abs(value) / 100:.2f}"
