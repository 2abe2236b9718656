"""What strangers, customers and staff of other companies reach: their own, and by no way more."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DEBTOR_IBANS, SupportDebitCommon

MODELS = ("sdd.mandate", "sdd.debit", "support.subscription")
#: Models that no customer reads at all.
CLOSED = (
    "sdd.mandate.event",
    "sdd.mandate.text",
    "sdd.batch",
    "sdd.bank.message",
    "sdd.bank.connection",
    "sdd.return",
)


@tagged("-at_install", "post_install")
class TestPortalAccess(SupportDebitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            new_test_user(cls.env, login, groups="base.group_portal", email=f"{login}@example.com")
            for login in ("portal_one", "portal_two")
        ]
        cls.records = []
        for user, iban in zip(cls.users, DEBTOR_IBANS, strict=False):
            user.partner_id.write({"country_id": cls.env.ref("base.de").id, "company_id": False})
            mandate = cls._create_mandate(user.partner_id, iban)
            debit = cls._create_debit(user.partner_id, mandate).with_env(cls.env)
            subscription = debit.invoice_ids._get_support_subscriptions().with_env(cls.env)
            cls.records.append(dict(zip(MODELS, (mandate, debit, subscription), strict=True)))

    # === CUSTOMERS, BY THE ORM === #

    def test_customers_see_their_own(self):
        for user, records in zip(self.users, self.records, strict=True):
            for model, record in records.items():
                with self.subTest(user=user.login, model=model):
                    found = self.env[model].with_user(user).search([])
                    self.assertEqual(found.ids, record.ids)
                    self.assertTrue(found.display_name)

    def test_customers_do_not_see_others(self):
        user, others = self.users[0], self.records[1]
        for model, record in others.items():
            seen = record.with_user(user)
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    seen.read(["state"])
                self.assertFalse(self.env[model].with_user(user).search([("id", "=", record.id)]))

    def test_customers_change_nothing(self):
        user, own = self.users[0], self.records[0]
        for model, record in own.items():
            seen = record.with_user(user)
            for call in (
                lambda seen=seen: seen.write({"partner_id": user.partner_id.id}),
                lambda seen=seen: seen.unlink(),
                lambda seen=seen: seen.copy(),
                lambda seen=seen: seen.create({}),
            ):
                # An AccessError is one, too.
                with self.subTest(model=model), self.assertRaises(UserError):
                    call()
        for name in ("action_revoke", "action_suspend"):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(own["sdd.mandate"].with_user(user), name)()
        with self.assertRaises(AccessError):
            own["sdd.debit"].with_user(user).action_cancel()

    def test_closed_models(self):
        for model in CLOSED:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.users[0]).search([])

    def test_account_number_is_masked_for_customers(self):
        seen = self.records[0]["sdd.mandate"].with_user(self.users[0])
        self.assertNotIn(DEBTOR_IBANS[0], seen.iban_masked.replace(" ", ""))
        with self.assertRaises(AccessError):
            self.env["res.partner.bank"].with_user(self.users[0]).search([]).read(["acc_number"])

    # === CUSTOMERS AND STRANGERS, BY HTTP === #

    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": {}},
        )

    def test_other_customers_records_over_http(self):
        self.authenticate("portal_one", "portal_one")
        for model, record in self.records[1].items():
            for method, args in (
                ("read", [record.ids, ["display_name", "state"]]),
                ("write", [record.ids, {"state": "active"}]),
                ("action_view_order", [record.ids]),
                ("unlink", [record.ids]),
            ):
                with (
                    self.subTest(model=model, method=method),
                    self.assertRaises(JsonRpcException) as caught,
                    mute_logger("odoo.http"),
                ):
                    self._call(model, method, *args)
                self.assertNotIn(str(record.display_name), str(caught.exception))
        own = self.records[0]["sdd.mandate"]
        self.assertEqual(self._call("sdd.mandate", "read", own.ids, ["name"])[0]["name"], own.name)

    def test_private_methods_over_http(self):
        self.authenticate("portal_one", "portal_one")
        record = self.records[0]["sdd.mandate"]
        for method in ("_move_to", "_get_iban", "_write_state", "_log_event", "_create_given"):
            with (
                self.subTest(method),
                self.assertRaises(JsonRpcException),
                mute_logger("odoo.http"),
            ):
                self._call("sdd.mandate", method, record.ids)

    def test_buttons_of_the_staff_over_http(self):
        """A public method that works in sudo mode asks for rights first."""
        own = self.records[0]
        debit = own["sdd.debit"]
        debit.action_hold()
        debit.action_cancel()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        message = self._import("no file at all")
        self.assertEqual((len(batch), message.state), (1, "failed"))
        connection = self.env["sdd.bank.connection"].create(
            {"name": "Folder", "kind": "folder", "company_id": self.company.id}
        )
        order = own["support.subscription"].order_id
        order.sudo().sdd_mail_state = "failed"
        calls = {
            debit.invoice_ids: ("action_queue_sdd_debit",),
            debit: ("action_hold", "action_release", "action_cancel"),
            own["sdd.mandate"]: ("action_activate", "action_suspend", "action_revoke"),
            own["support.subscription"]: ("action_activate", "action_suspend", "action_cancel"),
            batch: (
                "action_submit",
                "action_generate",
                "action_hand_over_again",
                "action_confirm_delivered",
            ),
            message: ("action_read_again", "action_mark_done"),
            connection: ("action_fetch",),
            order: ("action_sdd_send_confirmation",),
        }
        self.authenticate("portal_one", "portal_one")
        for record, methods in calls.items():
            before = record.sudo().read()
            for method in methods:
                with (
                    self.subTest(model=record._name, method=method),
                    mute_logger("odoo.http"),
                    # An impossible change of state may be refused before rights are looked at.
                    self.assertRaisesRegex(JsonRpcException, "AccessError|UserError"),
                ):
                    self._call(record._name, method, record.ids)
            record.invalidate_recordset()
            self.assertEqual(record.sudo().read(), before)
        self.assertEqual(debit.invoice_ids.sdd_debit_ids, debit)

    def test_strangers_reach_nothing(self):
        self.authenticate(None, None)
        for model, record in self.records[0].items():
            with (
                self.subTest(model),
                self.assertRaises(JsonRpcException),
                mute_logger("odoo.http"),
            ):
                self._call(model, "read", record.ids, ["state"])

    def test_malformed_calls_of_the_payment_form(self):
        """Whatever comes, it is refused in words and nothing is written."""
        self.authenticate(None, None)
        mandates = self.env["sdd.mandate"].search_count([])
        calls = (
            {},
            {"reference": "S00001"},
            {"reference": ["x"], "access_token": {"a": 1}},
            {"reference": "%", "access_token": "é"},
            {"reference": None, "access_token": None, "iban": 5, "holder": [], "accepted": "yes"},
            {"reference": "x" * 100000, "access_token": "x", "unknown": True},
        )
        for params in calls:
            with (
                self.subTest(list(params)),
                self.assertRaises(JsonRpcException) as caught,
                mute_logger("odoo.http"),
            ):
                self.make_jsonrpc_request("/payment/sdd/submit", params)
            self.assertIn("ValidationError", str(caught.exception))
        self.assertEqual(self.env["sdd.mandate"].search_count([]), mandates)

    def test_live_check_takes_anything(self):
        self.authenticate(None, None)
        for iban in ("", "DE", "x" * 100000, "\u0000", "😀", None, 5, ["DE02"], {"a": 1}):
            with self.subTest(iban):
                answer = self.make_jsonrpc_request("/payment/sdd/check_iban", {"iban": iban})
                self.assertFalse(answer["valid"])
        answer = self.make_jsonrpc_request(
            "/payment/sdd/check_iban", {"iban": "de02 1203 0000 0000 2020 51"}
        )
        self.assertTrue(answer["valid"] and answer["complete"])
        self.assertEqual(answer["formatted"], "DE02 1203 0000 0000 2020 51")

    # === STAFF === #

    def test_staff_of_another_company(self):
        company = self._create_second_company()
        clerk = new_test_user(
            self.env,
            "clerk",
            groups="support_debit.group_manager,account.group_account_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        message = self._import(self._camt([]))
        records = [*self.records[0].values(), batch, message]
        records.append(self.records[0]["sdd.mandate"].event_ids)
        for record in records:
            with self.subTest(record._name):
                seen = self.env[record._name].with_user(clerk).search([("id", "in", record.ids)])
                self.assertFalse(seen)
                with self.assertRaises(AccessError):
                    record.with_user(clerk).with_company(company).read(["display_name"])
        self.assertFalse(self.env["sdd.batch"].with_user(clerk)._create_due_batches())
