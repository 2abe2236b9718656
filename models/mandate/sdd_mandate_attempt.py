"""How often a thing that strangers can set off may happen: a count that all workers share."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

#: {what: {by what it is counted: (how often, within how many minutes)}}
LIMITS = {
    "code": {"link": (3, 10), "mandate": (6, 60), "ip": (10, 10)},
    "check": {"mandate": (20, 60), "ip": (30, 60)},
    "renew": {"mandate": (3, 60), "ip": (10, 60)},
    # What may be tried out with account numbers in the shop; see `risk.check._get_field_warnings`.
    "iban_seen": {"pair": (1, 60)},
    "iban_doubt": {"session": (3, 60), "ip": (10, 60)},
    "iban": {"session": (20, 60), "ip": (60, 60)},
    "submit": {"session": (15, 60), "ip": (60, 60)},
    # How often a person is asked to look at a decision.
    "contest": {"assessment": (5, 60), "ip": (20, 60)},
}
#: Longer than any of the times above.
KEEP_HOURS = 24


class SddMandateAttempt(models.Model):
    """One thing that was set off from outside, by one of the marks it is counted by."""

    _name = "sdd.mandate.attempt"
    _description = "Attempt at a Mandate"
    _order = "id desc"
    _log_access = False

    # Hashed: what is kept here for a day tells nobody who visited.
    bucket = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    number = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _bucket_unique = models.Constraint(
        "UNIQUE(bucket, number)", "Somebody else tried just now. Please try again."
    )

    @api.model
    def _take(self, what, **marks):
        """Count an attempt, unless there have been too many.

        A refused attempt is not counted: whoever waits is let through again.

        :param str what: a key of `LIMITS`.
        :param marks: {by what it is counted: value}; empty values are not counted.
        :return: whether it may happen.
        :rtype: bool
        """
        now = fields.Datetime.now()
        numbers = self._get_next_numbers(what, marks, now)
        if numbers is None:
            return False
        self._insert(numbers, now)
        return True

    @api.model
    def _take_at_once(self, what, **marks):
        """Count an attempt in a transaction of its own, before something slow is waited for.

        Else everybody else with the same mark, e.g. behind the same connection, waited too. See `_take`
        for parameters and result. A request that is repeated counts again.
        """
        with self.env.registry.cursor() as cr:
            return self.with_env(self.env(cr=cr))._take(what, **marks)

    @api.model
    def _has_room(self, what, **marks):
        """Return whether another attempt would be let through, and count nothing.

        :param str what: a key of `LIMITS`.
        :param marks: {by what it is counted: value}; empty values are not counted.
        :rtype: bool
        """
        return self._get_next_numbers(what, marks, fields.Datetime.now()) is not None

    @api.model
    def _get_next_numbers(self, what, marks, now):
        """Return the numbers that an attempt gets; None when there have been too many.

        :return: {bucket: number of the attempt}
        :rtype: dict[str, int] | None
        """
        buckets = {
            self._get_bucket(what, name, marks[name]): limit
            for name, limit in LIMITS[what].items()
            if marks.get(name)
        }
        numbers = {}
        # In sudo mode: visitors and staff are counted alike, and nobody reads the counts.
        attempts = self.sudo()
        for bucket, (limit, minutes) in buckets.items():
            known = attempts.search([("bucket", "=", bucket)], order="number")
            since = now - timedelta(minutes=minutes)
            if len(known.filtered(lambda attempt, since=since: attempt.date > since)) >= limit:
                return None
            numbers[bucket] = (known[-1:].number or 0) + 1
        return numbers

    @api.model
    def _insert(self, numbers, now):
        """Write attempts so that of two at the same time the second is started anew.

        A conflict with a row that this transaction does not see yet is a serialization failure to
        PostgreSQL, and Odoo repeats the request: then the first attempt is counted.

        :param dict numbers: {bucket: number of the attempt}.
        :param datetime now: UTC.
        """
        self.flush_model()
        for bucket in sorted(numbers):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO sdd_mandate_attempt (bucket, number, date) VALUES (%s, %s, %s)"
                    " ON CONFLICT (bucket, number) DO NOTHING",
                    bucket,
                    numbers[bucket],
                    now,
                )
            )
        self.invalidate_model()

    @api.model
    def _get_bucket(self, what, name, value):
        """Return the keyed hash under which attempts with this mark are counted."""
        # In sudo mode: the secret of the database takes part.
        return hmac(self.env(su=True), "support_debit-attempt", f"{what}:{name}:{value}")

    @api.autovacuum
    def _gc_attempts(self):
        """Forget the attempts that no limit counts any more."""
        before = fields.Datetime.now() - timedelta(hours=KEEP_HOURS)
        self.sudo().search([("date", "<", before)]).unlink()  # In sudo mode: see above.
