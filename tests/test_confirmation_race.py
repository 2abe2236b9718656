"""Two requests at once."""

import threading
from unittest.mock import patch

from odoo import api
from odoo.exceptions import LockError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .confirmation_common import ConfirmationCase


@tagged("-at_install", "post_install")
class TestConfirmationRace(ConfirmationCase):
    """Two requests at once, on connections of their own."""

    def _take_at_once(self, key):
        """Count one attempt each in two transactions that began together; return what came of it."""
        database = db_connect(self.env.cr.dbname)
        first, second = database.cursor(), database.cursor()
        results = []
        try:
            envs = [api.Environment(cr, 1, {}) for cr in (first, second)]
            for env in envs:
                env["sdd.mandate.attempt"].search_count([])  # Both see the same state.
            results.append(envs[0]["sdd.mandate.attempt"]._take("code", link=key))
            waiting = threading.Thread(
                target=self._take_or_fail, args=(envs[1], key, results), daemon=True
            )
            waiting.start()
            # Another worker's transaction, not the test's.
            first.commit()  # pylint: disable=invalid-commit
            waiting.join(10)
        finally:
            self._clean_up(first, key)
            second.close()
        return results

    @staticmethod
    def _take_or_fail(env, key, results):
        try:
            results.append(env["sdd.mandate.attempt"]._take("code", link=key))
        except SerializationFailure:
            results.append("again")

    @staticmethod
    def _clean_up(cr, key):
        bucket = api.Environment(cr, 1, {})["sdd.mandate.attempt"]._get_bucket("code", "link", key)
        cr.execute("DELETE FROM sdd_mandate_attempt WHERE bucket = %s", [bucket])
        cr.commit()  # pylint: disable=invalid-commit
        cr.close()

    def test_two_attempts_at_once_are_not_counted_as_one(self):
        with mute_logger("odoo.sql_db"):
            results = self._take_at_once("race-between-two-workers")
        self.assertEqual(results, [True, "again"], "Odoo repeats the second request")

    def test_attempt_at_once_keeps_nobody_waiting(self):
        """An order that waits for a bureau holds up no other order behind the same connection."""
        key = "race-behind-one-connection"
        database = db_connect(self.env.cr.dbname)
        with database.cursor() as first, database.cursor() as second:
            envs = [api.Environment(cr, 1, {}) for cr in (first, second)]
            second.execute("SET lock_timeout = '2s'")
            try:
                # The first one's transaction goes on, as if it waited for an answer.
                taken = [env["risk.check"]._may_submit(session=key) for env in envs]
                self.assertEqual(taken, [True, True])
            finally:
                first.rollback()
                attempts = envs[0]["sdd.mandate.attempt"]
                bucket = attempts._get_bucket("submit", "session", key)
                first.execute("DELETE FROM sdd_mandate_attempt WHERE bucket = %s", [bucket])

    def test_second_submit_waits_for_the_first(self):
        link = self.mandate._create_confirmation(with_code=False)
        form = self._get_form(link)
        with self.patch_lock(link):
            errors = link._accept(form, {})
        self.assertEqual(errors[0]["code"], "busy")
        self.assertIn("wait a moment", errors[0]["message"])
        self.assertEqual(self.mandate.state, "pending")
        self.assertEqual(link._accept(form, {}), [])

    def test_code_and_page_wait_for_a_locked_mandate(self):
        link = self.mandate._create_confirmation()
        nothing = self.env["sdd.mandate"]
        with patch.object(
            self.env.registry["sdd.mandate"], "try_lock_for_update", lambda *_a, **_k: nothing
        ):
            self.assertIn("try again in a moment", link._send_code())
            link._note_opened({})
            self.assertFalse(link.opened_date, "the page is shown all the same")
            link._renew_for_customer()
        self.assertEqual(link.state, "open")

    def patch_lock(self, link):
        """Let the link be locked by another request."""

        def refuse(_self, **_kwargs):
            raise LockError("locked")

        return patch.object(self.env.registry[link._name], "lock_for_update", refuse)
