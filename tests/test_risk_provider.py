"""Bureaus over real HTTP: answers, odd answers, time, costs, pauses, and what is kept of it all."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.risk import bureau_http, vault
from ..scoring.model import Signal
from .bureau_common import CODES, BureauCommon

UNKNOWN = dict.fromkeys(CODES, ("unknown", None))


@tagged("-at_install", "post_install")
class TestRiskProvider(BureauCommon):
    # === ANSWERS === #

    def test_answer(self):
        """What the bureau says becomes signals, each question a line with its cost."""
        found = self._ask("Eva Red")
        self.assertEqual(found["bureau_colour"], ("hit", "red"))
        self.assertEqual(found["bureau_pd"], ("hit", 0.25))
        self.assertEqual(found["bureau_account_blocked"], ("ok", False))
        call = self._calls()
        self.assertEqual((call.outcome, call.cost, call.http_status), ("ok", 0.5, 200))
        self.assertEqual(
            (call.partner_id, call.text_id.text), (self.customer, "We ask our bureau about you.")
        )
        self.assertGreater(call.latency_ms, 0)
        self.assertIn("Red", call.values_text)

    def test_ways_to_fail(self):
        """Whatever comes back, the order goes on with `unknown`."""
        self.provider.write({"failures": 0, "timeout_ms": 5000})
        for name, outcome in (
            ("Broken", "error"),
            ("Busy", "refused"),
            ("Refused", "refused"),
            ("Garbage", "malformed"),
            ("Huge", "malformed"),
            ("Empty", "malformed"),
            ("Odd", "unknown"),
            ("Moved", "error"),
            ("Hangup", "error"),
            ("Nobody", "unknown"),
        ):
            with self.subTest(name):
                self.assertEqual(self._ask(f"Eva {name}"), UNKNOWN)
                self.assertEqual(self._calls()[-1].outcome, outcome)

    def test_time(self):
        """The customer waits no longer than allowed, for a slow answer and for one that drips."""
        self.provider.write({"timeout_ms": 400, "failures": 0})
        for name in ("Slow", "Drip"):
            started = time.monotonic()
            self.assertEqual(self._ask(f"Eva {name}"), UNKNOWN)
            self.assertLess(time.monotonic() - started, 2.5)
            self.assertEqual(self._calls()[-1].outcome, "timeout")
        self.assertEqual(self._calls()[-1].cost, 0.5, "who was too slow may have charged")

    def test_nobody_there(self):
        """A bureau that is not reached costs nothing."""
        self.provider.url = "http://127.0.0.1:9/"
        self.assertEqual(self._ask(), UNKNOWN)
        self.assertEqual((self._calls().outcome, self._calls().cost), ("error", 0.0))

    # === WHEN IT IS ASKED === #

    def test_worth(self):
        """It is asked only about orders worth its price that are not decided already."""
        self.provider.write({"price": 1.0, "hit_rate": 0.02, "customer_kind": "consumer"})
        self.assertEqual(self.provider.worth_amount, 50.0)
        hard = {"iban_invalid": Signal("iban_invalid", True, "hit", "hard")}
        paid = {"debits_paid": Signal("debits_paid", 3)}
        for values in (
            {"amount": 49},
            {"known": hard},
            {"known": paid},
            {"is_company": True},
            {"stage": "collection"},
        ):
            with self.subTest(values):
                self.assertEqual(self._ask(**values), {})
        self.assertFalse(self._calls())
        self.assertTrue(self._ask(known={"debits_paid": Signal("debits_paid", 2)}))

    def test_needed(self):
        """Without what the bureau needs to know, nothing is asked."""
        self.assertEqual(self._ask(""), {})
        self.assertFalse(self._calls())

    def test_off_and_trial(self):
        """Off is off; on trial it is asked and noted, and counts for nothing."""
        self.provider.action_switch_off()
        self.assertEqual(self._ask(), {})
        self.provider.action_trial()
        self.assertEqual(self._ask(), {})
        self.assertEqual(self._calls().mapped("is_trial"), [True])

    def test_several(self):
        """The worst answer counts; after a decisive one nobody else is asked."""
        other = self._create_provider(name="Second", sequence=20)
        self._ask("Eva Red")
        self.assertEqual(self._calls().provider_id, self.provider)
        self.provider.url = "http://127.0.0.1:9/"
        self.assertEqual(self._ask("Eva Yellow")["bureau_colour"], ("hit", "yellow"))
        self.assertEqual(self._calls()[-1].provider_id, other)

    # === EARLIER ANSWERS === #

    def test_cache(self):
        """The same question is asked once while its answer counts, whatever the order amounts to."""
        first = self._ask("Eva Yellow")
        self.assertEqual(self._ask("Eva Yellow", amount=500), first)
        self.assertEqual(self._outcomes(), ["ok", "cached"])
        self.assertEqual((self._calls()[-1].cost, self._calls()[-1].saved), (0.0, 0.5))
        self.assertNotEqual(self._ask("Eva Green"), first)
        self._calls().sudo().valid_until = fields.Datetime.now() - timedelta(seconds=1)
        self._ask("Eva Yellow")
        self.assertEqual(self._count_asked(), {"Yellow": 2, "Green": 1})

    def test_cache_after_change(self):
        """Whoever changes how an answer is read gets a new one."""
        self._ask("Eva Yellow")
        self.provider.result_ids[0].table = "G=green; Y=red; R=red"
        self.assertEqual(self._ask("Eva Yellow")["bureau_colour"], ("hit", "red"))

    def test_failure_is_not_kept(self):
        """What brought no answer is asked again."""
        self._ask("Eva Broken")
        self._ask("Eva Broken")
        self.assertEqual(self._outcomes(), ["error", "error"])

    def test_double_click(self):
        """The same question a moment later waits for the first one's answer, and costs nothing."""
        self._ask("Eva Yellow")
        call = self._calls().sudo()
        values = call.values
        call.write({"outcome": "asked", "values": False, "valid_until": False})

        def answer(_seconds):
            call.write({"outcome": "ok", "values": values})
            self.env.flush_all()

        with patch.object(time, "sleep", answer):
            self.assertEqual(self._ask("Eva Yellow")["bureau_colour"], ("hit", "yellow"))
        self.assertEqual(self._outcomes(), ["ok"])
        self.assertEqual(self._count_asked(), {"Yellow": 1})

    # === LIMITS === #

    @mute_logger("odoo.addons.support_debit.models.risk.bureau_http")
    def test_pause(self):
        """After failures in a row it is left alone, then tried again; a person may do so at once."""
        self.provider.write({"failures": 2, "pause_minutes": 5})
        for number in range(4):
            self.assertEqual(self._ask(f"Eva{number} Broken"), UNKNOWN)
        self.assertEqual(self._outcomes(), ["error", "error", "paused", "paused"])
        self.assertEqual(self.provider.health, "paused")
        self._age_calls(minutes=6)
        self._ask("Eva Broken")
        self.assertEqual(self._outcomes()[-1], "error")
        self._ask("Eva Green")
        self.assertEqual(self._outcomes()[-1], "paused")
        self._age_calls(seconds=1)
        self.provider.action_retry()
        self.assertTrue(self._ask("Eva Green"))
        self.assertEqual(self._outcomes()[-1], "ok")

    def test_cap(self):
        """Nothing is asked beyond the cost limit of 24 hours; a manager is told once."""
        self.provider.write({"daily_cap": 1.2})
        for number in range(4):
            self._ask(f"Eva{number} Green")
        self.assertEqual(self._outcomes(), ["ok", "ok", "cap", "cap"])
        self.assertEqual((self.provider.health, len(self.provider.activity_ids)), ("cap", 1))
        self._age_calls(hours=25)
        self.assertTrue(self._ask("Eva Blue")["bureau_colour"])
        self.assertEqual(self._outcomes()[-1], "ok")

    def test_script(self):
        """A visitor who tries out names does so at nobody's expense for long."""
        self.provider.asker_limit = 3
        for number in range(5):
            self._ask(f"Eva{number} Green", session="abc")
        other = self._create_customer("Eva Green")
        self._ask("Eva Green", session="other", partner_id=other.id)
        self.assertEqual(self._outcomes(), ["ok", "ok", "ok", "limit", "limit", "ok"])

    def test_script_without_cookies(self):
        """A new session is no new customer and no new internet connection."""
        self.provider.asker_limit = 1
        self._ask("Eva Green", session="one")
        self._ask("Adam Green", session="two")
        self.assertEqual(self._outcomes(), ["ok", "limit"])
        for number in range(11):
            partner = self._create_customer(f"Guest {number}")
            origin = {"session": f"s{number}", "ip_address": "93.184.216.34"}
            self._ask(f"Guest{number} Green", partner_id=partner.id, **origin)
        self.assertEqual(self._outcomes()[2:], ["ok"] * 10 + ["limit"])

    def test_consent(self):
        """Where the law needs it, nobody is asked about without consent, nor after it was withdrawn."""
        self.provider.legal_basis = "consent"
        notice = self.env["risk.provider"]._get_notices(self.company)
        self.assertEqual(
            [(n["id"], n["needs_consent"]) for n in notice], [(self.provider.id, True)]
        )
        self.assertEqual(self._ask(), UNKNOWN)
        self._agree()
        self._agree()
        consent = self.env["risk.consent"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(len(consent), 1)
        self.assertNotEqual(self._ask(), UNKNOWN)
        self.provider.notice = "Another wording."
        self._agree()
        consents = self.env["risk.consent"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(consents.text_id.mapped("number"), [2, 1])
        consents.action_revoke()
        self.assertEqual(self._ask("Eva Green"), UNKNOWN)
        self.assertEqual(self._outcomes(), ["consent", "ok", "consent"])
        self.assertEqual(consent.text_id.text, "We ask our bureau about you.")

    def _agree(self):
        self.env.flush_all()
        self.provider._give_consent(self.customer, [self.provider.id])
        self.env.invalidate_all()

    def test_clock(self):
        """A clock that was set back neither pauses for ever nor forgets costs."""
        self.provider.write({"failures": 2, "daily_cap": 1.2})
        self._ask("Eva Slow1")
        self._ask("Eva Slow2")
        self._age_calls(days=-3)
        self._ask("Eva Green")
        self.assertEqual(self._outcomes()[-1], "cap")

    # === WHAT IS KEPT === #

    def test_raw(self):
        """The bureau's words are encrypted, read by managers only, noted down, and deleted."""
        self._ask("Eva Red")
        call = self._calls()
        self.env.cr.execute("SELECT c::text FROM risk_provider_call c WHERE id = %s", call.ids)
        row = self.env.cr.fetchone()[0]
        self.assertNotIn("percent", row.replace("bureau_", ""))
        self.assertNotIn("120300", row)
        self.assertIn('"percent": 25.0', vault.decrypt(self.env, call.sudo().raw_token))
        action = call.action_show_raw()
        wizard = self.env["risk.provider.answer"].with_context(**action["context"]).create({})
        self.assertIn('"percent": 25.0', wizard.text)
        self.assertIn("read the answer", self.provider.message_ids[0].body)
        call.sudo().date = fields.Datetime.now() - timedelta(days=31)
        self._run_forget()
        self.assertFalse(call.has_raw)
        with self.assertRaises(UserError):
            call.action_show_raw()
        call.sudo().date = fields.Datetime.now() - timedelta(days=500)
        self._run_forget()
        self.assertFalse(call.exists())

    def _run_forget(self):
        self.env.flush_all()
        with patch.object(
            self.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: float("inf")
        ):
            self.env["risk.provider.call"]._cron_forget()
        self.env.invalidate_all()

    def test_rights(self):
        """The key is never read again; staff see bureaus, not questions."""
        self.assertFalse(self.provider.secret)
        self.assertTrue(self.provider.has_secret)
        with self.assertRaises(AccessError):
            self.provider.with_user(self.env.user).read(["secret_token"])
        self._ask()
        staff = new_test_user(self.env, "sam", groups="support_debit.group_support_user")
        self.assertTrue(self.provider.with_user(staff).name)
        for action in (
            lambda: self._calls().with_user(staff).mapped("outcome"),
            lambda: self.provider.with_user(staff).read(["secret"]),
            lambda: self.provider.with_user(staff).action_use(),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_report(self):
        """A customer learns who was asked about him, and what was answered."""
        self._ask("Eva Red")
        (line,) = self.env["risk.provider.call"]._get_customer_lines(self.customer)
        self.assertEqual((line["bureau"], line["wording"]), ("Our bureau", self.provider.notice))
        self.assertIn("Red", line["answer"])
        with self.assertRaises(UserError):
            self.provider.unlink()

    def test_page_keeps_the_answer(self):
        """Who enters another person's name learns whom we asked, not what was answered."""
        self._ask("Eva Red")
        assessment = (
            self.env["risk.assessment"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "stage": "submit",
                    "state": "red",
                }
            )
        )
        (line,) = assessment._get_report_data()["bureaus"]
        self.assertIn("Red", line["answer"])
        (line,) = assessment._get_report_data(hides_others=True)["bureaus"]
        self.assertEqual(line["bureau"], "Our bureau")
        self.assertIn("when you have shown", line["answer"])

    # === SET-UP === #

    def test_set_up_wrongly(self):
        """Mistakes in the form are told where they are made."""
        for values in (
            {"url": "http://bureau.example/"},
            {"url": "https://me:secret@bureau.example/"},
            {"url": "ftp://127.0.0.1/"},
            {"notice": ""},
            {"ok_values": ""},
            {"field_ids": [(5, 0, 0)]},
            {"field_ids": [(0, 0, {"fact": "email", "path": "person"})]},
            {"field_ids": [(0, 0, {"fact": "email", "path": "person..mail"})]},
            {"result_ids": [(0, 0, {"path": "x", "signal": "bureau_colour", "table": "G=grün"})]},
            {"result_ids": [(0, 0, {"path": "x", "signal": "bureau_colour", "table": "G"})]},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.provider.write(values)

    def test_allowed(self):
        """Customers' data goes over HTTPS, or stays on this machine."""
        allowed = ("https://a.example/x", "http://127.0.0.1:8091/", "http://localhost/")
        refused = (
            "",
            "a.example",
            "http://a.example",
            "https://",
            "https://u:p@a.example",
            "https://[",
        )
        self.assertTrue(all(map(bureau_http.is_allowed, allowed)))
        self.assertFalse(any(map(bureau_http.is_allowed, refused)))

    def test_payone(self):
        """PAYONE's two interfaces, against the played one."""
        payone = {
            "url": f"{self.bureau_url}/post-gateway/",
            "payone_merchant": "1",
            "payone_portal": "2",
            "payone_account": "3",
            "field_ids": False,
            "result_ids": False,
        }
        self.provider.mode = "off"
        self._create_provider(kind="payone_score", **payone)
        self._create_provider(kind="payone_account", **payone)
        found = self._ask("Eva Yellow", iban="DE02100100100006820166")
        self.assertEqual(found["bureau_colour"], ("hit", "yellow"))
        self.assertEqual(found["bureau_person"], ("ok", "known"))
        self.assertEqual(found["bureau_account_blocked"], ("hit", True))
        self.assertEqual(self._ask("Eva Yellow", street="", iban=""), {})

    def test_try(self):
        """The dialog shows what went out, what came back, and what else could be read."""
        wizard = self.env["risk.provider.try"].create(
            {"provider_id": self.provider.id, "name": "Eva Red", "iban": "DE02120300000000202051"}
        )
        wizard.action_ask()
        self.assertEqual(wizard.outcome, "ok")
        self.assertIn("result.negative", wizard.result)
        self.assertIn('"person.lastName": "Red"', wizard.sent)
        self.env.flush_all()
        self.env.cr.execute("SELECT w::text FROM risk_provider_try w WHERE id = %s", wizard.ids)
        self.assertNotIn("12030000", self.env.cr.fetchone()[0])
        self.assertTrue(self._calls().is_trial)
        wizard.write({"name": "Eva Refused"})
        wizard.action_ask()
        self.assertEqual(wizard.outcome, "refused")
        self.assertIn("401", wizard.advice)
        wizard.write({"name": "", "iban": ""})
        with self.assertRaises(UserError):
            wizard.action_ask()

    def test_no_bureau_no_query(self):
        """A company without bureaus pays nothing for the possibility."""
        self.provider.mode = "off"
        self._ask()
        subject = self._subject()
        with self.assertQueryCount(0):
            self.assertEqual(self.env["risk.provider"]._ask(subject, {}), [])
