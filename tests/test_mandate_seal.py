"""Whoever changes a mandate or its history in the database is found out."""

from datetime import datetime

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.mandate.const import STATE_OF_EVENT, TRANSITIONS
from .common import DEBTOR_IBANS, SupportDebitCommon

CODES = ["signature_scan", "own_device_code", "phone_code", "verbal_recording"]


@tagged("post_install", "-at_install")
class TestMandateSeal(SupportDebitCommon):
    def _mandate(self):
        mandate = self._create_mandate()
        mandate._add_evidence("own_device_code", {"ip_address": "192.0.2.1"})
        mandate.action_suspend()
        mandate.action_activate()
        self.env.flush_all()
        return mandate

    def _attack(self, query, *params):
        """Change the database behind the program's back; return a savepoint that undoes it."""
        savepoint = self.env.cr.savepoint()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()
        return savepoint

    def _undo(self, savepoint):
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def test_changes_in_the_history_are_found(self):
        mandate = self._mandate()
        events = mandate.event_ids
        attacks = {
            "kind = 'given'": events[2],
            "date = date + interval '1 s'": events[0],
            "data = '{\"a\": 1}'": events[3],
            "data = NULL": events[3],
            "data = NULL, salt = NULL, erased_date = now()": events[3],
            "salt = 'x'": events[1],
            "evidence_code = 'signature_scan'": events[1],
            "user_id = 1": events[2],
            "hash = repeat('0', 64)": events[2],
            "data_digest = repeat('0', 64)": events[2],
            "scheme = NULL": events[2],
            "previous_hash = NULL": events[4],
        }
        self.assertIsNone(mandate._verify())
        for change, event in attacks.items():
            with self.subTest(change):
                savepoint = self._attack(
                    f"UPDATE sdd_mandate_event SET {change} WHERE id = %s", event.id
                )
                broken, text = mandate._verify()
                self.assertEqual(broken, event, "the first broken event is named")
                self.assertIn(f"Event {event.number} ", text)
                self._undo(savepoint)
        self.assertIsNone(mandate._verify())

    def test_missing_events_are_found(self):
        mandate = self._mandate()
        events = mandate.event_ids
        for number, event in enumerate(events):
            with self.subTest(number):
                savepoint = self._attack("DELETE FROM sdd_mandate_event WHERE id = %s", event.id)
                broken, text = mandate._verify()
                self.assertEqual(broken, events[number + 1 : number + 2])
                self.assertIn("missing", text)
                self._undo(savepoint)
        self._attack("DELETE FROM sdd_mandate_event WHERE mandate_id = %s", mandate.id)
        self.assertTrue(mandate._verify())

    def test_changes_of_the_mandate_are_found(self):
        mandate = self._mandate()
        other = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], "Somebody", self.customer
        )
        attacks = {
            "state": "expired",
            "name": "OTHER-1",
            "holder": "Somebody",
            "bank_account_id": other.id,
            "signature_date": "2020-01-01",
            "creditor_identifier": "AT61ZZZ01234567890",
            "scheme": "B2B",
            "text_hash": "0" * 64,
        }
        for column, value in attacks.items():
            with self.subTest(column):
                savepoint = self._attack(
                    f"UPDATE sdd_mandate SET {column} = %s WHERE id = %s", value, mandate.id
                )
                found = mandate._verify()
                self.assertTrue(found)
                self.assertTrue(found[1])
                self._undo(savepoint)
        savepoint = self._attack(
            "UPDATE res_partner_bank SET sanitized_acc_number = %s WHERE id = %s",
            DEBTOR_IBANS[2],
            mandate.bank_account_id.id,
        )
        self.assertIn("What was agreed", mandate._verify()[1])
        self._undo(savepoint)

    def test_whole_new_history_is_found(self):
        """Who recomputes all hashes still lacks the key of the seal."""
        mandate = self._mandate()
        event = mandate.event_ids[-1]
        self._attack("DELETE FROM sdd_mandate_event WHERE id = %s", event.id)
        self._attack("UPDATE sdd_mandate SET state = 'suspended' WHERE id = %s", mandate.id)
        broken, text = mandate._verify()
        self.assertFalse(broken)
        self.assertIn("after event 5", text)

    def test_verify_says_what_it_found(self):
        mandates = self._mandate() | self._mandate()
        result = mandates.action_verify()["params"]
        self.assertEqual((result["type"], result["sticky"]), ("success", False))
        self.assertIn("2 mandates checked", result["message"])
        self._attack(
            "UPDATE sdd_mandate_event SET kind = 'given' WHERE id = %s", mandates[1].event_ids[1].id
        )
        result = mandates.action_verify()["params"]
        self.assertEqual((result["type"], result["sticky"]), ("danger", True))
        self.assertIn(mandates[1].name, result["message"])
        self.assertNotIn(mandates[0].name, result["message"])

    def test_job_raises_the_alarm_once(self):
        mandate = self._mandate()
        self._attack(
            "UPDATE sdd_mandate_event SET kind = 'given' WHERE id = %s", mandate.event_ids[1].id
        )
        with self._without_commits():
            for _run in range(2):
                self.env["sdd.mandate"]._cron_verify()
        alarms = mandate.activity_ids.filtered(lambda a: "was changed" in a.summary)
        self.assertEqual(len(alarms), 1)
        self.assertIn("Event 2", alarms.note)

    # === ERASURE === #

    def test_erased_evidence_leaves_the_chain_whole(self):
        mandate = self._mandate()
        events = mandate.event_ids
        events._erase("The customer asked for it.")
        self.assertFalse(any(event.data for event in events))
        self.assertEqual(mandate.event_ids[-1].kind, "erased")
        self.assertIsNone(mandate._verify())
        self.assertEqual(mandate.evidence_grade, "B", "the grade stays")
        count = len(mandate.event_ids)
        events._erase("Again")
        self.assertEqual(len(mandate.event_ids), count, "twice changes nothing")

    def test_erasure_without_a_record_is_tampering(self):
        mandate = self._mandate()
        mandate.event_ids[:2]._erase("Asked for")
        self.assertIsNone(mandate._verify())
        self.env.flush_all()
        self._attack(
            "UPDATE sdd_mandate_event SET data = NULL, salt = NULL, erased_date = now()"
            " WHERE id = %s",
            mandate.event_ids[3].id,
        )
        self.assertEqual(mandate._verify()[0], mandate.event_ids[3])

    # === CLOCKS === #

    def test_clock_that_was_set_back(self):
        mandate = self._mandate()
        last = mandate.event_ids[-1].date
        with freeze_time(datetime(2020, 1, 1)):
            mandate._add_evidence("phone_code")
        self.assertEqual(mandate.event_ids[-1].date, last, "never before the event before it")
        self.assertIsNone(mandate._verify())

    # === ANY ORDER OF STEPS === #

    @settings(
        max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(
        steps=st.lists(st.sampled_from([*TRANSITIONS, *CODES, "erase"]), min_size=1, max_size=12)
    )
    def _try_steps(self, steps):
        savepoint = self.env.cr.savepoint()
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[0], self.customer.name, self.customer
        )
        mandate = self.env["sdd.mandate"].create(
            {"partner_id": self.customer.id, "bank_account_id": account.id}
        )
        for step in steps:
            self._take_step(mandate, step)
            self.assertIsNone(mandate._verify())
        self._undo(savepoint)

    def _take_step(self, mandate, step):
        """Try one step, and check that it went through exactly when it may."""
        old, count = mandate.state, len(mandate.event_ids)
        ended = old in ("revoked", "expired")
        if step == "erase":
            mandate.event_ids[:1]._erase("Test")
            self.assertEqual(mandate.state, old)
            return
        allowed = not ended if step in CODES else step in TRANSITIONS[old]
        action = mandate._add_evidence if step in CODES else mandate._move_to
        if allowed:
            action(step)
            self.assertEqual(mandate.state, old if step in CODES else step)
        else:
            with self.assertRaises(UserError):
                action(step)
            self.assertEqual(mandate.state, old)
        self.assertEqual(len(mandate.event_ids), count + allowed)

    def test_any_sequence_of_steps(self):
        self._try_steps()

    def test_every_state_is_named_by_an_event(self):
        self.assertEqual(set(STATE_OF_EVENT.values()), set(TRANSITIONS))
