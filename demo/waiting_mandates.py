"""Mandates of the demo that wait for somebody today, or have ended."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from . import stories


class WaitingMandates:
    """Makes a mandate for each thing that a mandate can wait for.

    :param history: `History` that has been played.
    """

    def __init__(self, history):
        self.history = history
        self.clerk = history.desk.clerk
        self.env = history.env
        self.today = history.today

    def play(self):
        """Make everything."""
        kept = dict(self.clerk.mandates)
        self._enter_and_ask()
        self._grow_old()
        self._renew()
        self._change_account()
        self._wait_for_banks()
        self.clerk.mandates = kept
        self.env["sdd.mandate"]._cron_expire()
        self._date_expired()

    def _enter_and_ask(self):
        """Leave mandates that are entered only, and some that the customer was asked for."""
        mandates = self.env["sdd.mandate"]
        mandates.create([self.clerk.prepare(key) for key in stories.DRAFT_MANDATES])
        asked = [self.clerk.prepare(key) for key in stories.PENDING_MANDATES]
        asked += [
            {**self.clerk.prepare(key), "bank_account_id": False}
            for key in stories.PENDING_WITHOUT_ACCOUNT
        ]
        for mandate in mandates.create(asked):
            mandate._send_confirmation()

    def _grow_old(self):
        """Give mandates with which nothing was ever collected, long ago."""
        for number, key in enumerate(stories.OLD_MANDATES):
            day = self.today - timedelta(days=1130 + 47 * number)
            self.clerk.give(key, day, "staff", evidence="signature_scan")
        for number, key in enumerate(stories.LAPSING_MANDATES):
            day = self.today - relativedelta(months=34) - timedelta(days=3 * number)
            self.clerk.give(key, day, "staff", evidence="signature_scan")

        long_ago = self.today - timedelta(days=470)
        ended = self.clerk.give(
            stories.LONG_REVOKED, long_ago - timedelta(days=400), "staff", evidence="signature_scan"
        )
        ended.last_collection_date = long_ago
        self.clerk.end(
            ended,
            long_ago + timedelta(days=9),
            stories.END_REASON,
            told_by=stories.END_TOLD_BY,
        )

    def _date_expired(self):
        """Let mandates that have lapsed end on their day, not on the day of the demo."""
        lapsed = self.env["sdd.mandate"].search([("state", "=", "expired")])
        for mandate in lapsed:
            mandate.end_date = mandate.expiry_date
            self.clerk.date(mandate, mandate.expiry_date)

    def _renew(self):
        """Let a customer sign a new mandate in the place of an older one."""
        old = self.clerk.mandates[stories.RENEWED_MANDATE]
        day = self.today - timedelta(days=2)
        self.clerk.give(
            stories.RENEWED_MANDATE,
            day,
            "staff",
            evidence="signature_scan",
            replaces_id=old.id,
        )
        old.end_date = day
        self.clerk.date(old, day)

    def _change_account(self):
        """Move customers to another bank; the next debit tells the old one."""
        for key, iban in stories.NEW_ACCOUNTS.items():
            account = self.clerk.find_account(key, iban)
            self.clerk.mandates[key].amend_bank_account(
                account, evidence={"evidence": "own_device_code", "channel": "portal"}
            )

    def _wait_for_banks(self):
        """Leave a B2B mandate that the customer's bank knows, and one that it does not know yet."""
        day = self.today - timedelta(days=5)
        known = self.clerk.give(stories.B2B_CONFIRMED, day, "staff", **self._b2b())
        known.action_note_bank_confirmation()
        sale = stories.B2B_WAITING
        self.clerk.give(sale.customer, day, sale.channel, **self._b2b())
        self.history.collect((sale,), self.history.due_in(1))

    @staticmethod
    def _b2b():
        """Return what is different in B2B mandates: they are signed on paper."""
        return {"scheme": "B2B", "evidence": "signature_scan"}
