"""Who may open what in the back office: every menu, every form and every smart button, by group."""

import re

from lxml import etree
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import SupportDebitCommon

USER = "support_debit.group_support_user"
ACCOUNTANT = "support_debit.group_accountant"
MANAGER = "support_debit.group_manager"
SALES = "sales_team.group_sale_salesman"
INVOICING = "account.group_account_invoice"


@tagged("-at_install", "post_install")
class TestBackendAccess(SupportDebitCommon):
    """A debit that was returned and one that waits, seen by users who have one group only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(2)
        cls.debit = cls.debits[0]
        cls.order = cls.debit.invoice_ids.line_ids.sale_line_ids.order_id
        cls.order.user_id = False  # Salespeople see their own orders and those of nobody.
        cls.debit.mandate_id.sudo().order_id = cls.order
        cls.debits[1].action_hold()

    def setUp(self):
        super().setUp()
        batch = self._submit(self.debit)
        self._import(self._camt([self._entry_batch(batch)]))
        self.message = self._import(
            self._camt(
                [self._entry_return(self.debit, fee=3.5)],
                opening=batch.amount_total,
                message_id="S-2",
            )
        )
        self.assertEqual(self.debit.state, "returned")
        self.batch = batch

    # === HELPERS === #

    def _user(self, *groups):
        """Return a user who has these groups and no other of ours."""
        login = "only-" + "-".join(group.rpartition(".")[2] for group in groups)
        return self.env["res.users"].search([("login", "=", login)]) or new_test_user(
            self.env,
            login=login,
            groups=",".join(groups),
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _actions_in_menu(self, user):
        """Return the window actions below the app's menu that this user sees."""
        menus = self.env["ir.ui.menu"].sudo()
        visible = menus.browse(menus.with_user(user)._visible_menu_ids())
        root = self.env.ref("support_debit.menu_root")
        return [
            menu.action
            for menu in visible
            if menu.action
            and menu.parent_path.startswith(root.parent_path)
            and menu.parent_id in visible
            and root in visible
        ]

    def _open(self, user, action, views=None):
        """Load the views of an action and the records of each, as the browser does."""
        if action["type"] == "ir.actions.client":
            self.assertTrue(self.env["sdd.dashboard"].with_user(user).get_figures()["now"])
            return None
        model = self.env[action["res_model"]].with_user(user)
        domain = (
            safe_eval(action["domain"]) if isinstance(action["domain"], str) else action["domain"]
        )
        modes = views or action["view_mode"].split(",")
        loaded = model.get_views([(False, mode) for mode in modes] + [(False, "search")])
        for mode in set(modes) & {"list", "kanban", "calendar"}:
            spec = self._specification(model, loaded["views"][mode]["arch"])
            model.web_search_read(domain or [], spec, limit=80)
        if set(modes) & {"graph", "pivot"}:
            arch = etree.fromstring(
                loaded["views"]["graph" if "graph" in modes else "pivot"]["arch"]
            )
            groupby = [
                f"{node.get('name')}:{node.get('interval')}"
                if node.get("interval")
                else node.get("name")
                for node in arch.iter("field")
                if node.get("type") != "measure"
            ]
            model.formatted_read_group(domain or [], groupby, ["__count"])
        if model._name.startswith(("sdd.", "support.")):
            for node in etree.fromstring(loaded["views"]["search"]["arch"]).iter("filter"):
                self._apply_filter(model, node)
        return model.search(domain or [])

    def _apply_filter(self, model, node):
        """Use one filter or group-by of a search view."""
        if node.get("domain"):
            model.search(safe_eval(node.get("domain"), {"uid": model.env.uid}), limit=1)
        elif "group_by" in (node.get("context") or ""):
            field = safe_eval(node.get("context"), {"uid": model.env.uid})["group_by"]
            model.formatted_read_group([], [field], ["__count"])

    def _specification(self, model, arch):
        """Return what the browser asks for: the fields of a view, names of related records."""
        spec = {}
        for node in etree.fromstring(arch).iter("field"):
            field = model._fields[node.get("name")]
            spec[field.name] = {"fields": {"display_name": {}}} if field.relational else {}
        return spec

    def _press_smart_buttons(self, user, record):
        """Press each button of the form's button box that the user sees, and open what it gives."""
        record = record.with_user(user)
        Form(record)
        arch = etree.fromstring(record.get_views([(False, "form")])["views"]["form"]["arch"])
        pressed = []
        for button in arch.xpath("//div[@name='button_box']/button[@type='object']"):
            name = button.get("name")
            if not self._is_ours(record, name) or self._is_hidden(record, button):
                continue
            action = getattr(record, name)()
            pressed.append(name)
            if action.get("res_id"):
                Form(self.env[action["res_model"]].with_user(user).browse(action["res_id"]))
            elif "domain" in action:
                self._open(user, action, ["list"])
        return pressed

    @staticmethod
    def _is_hidden(record, button):
        """Return whether a button's condition hides it for this record."""
        condition = button.get("invisible") or "False"
        names = set(re.findall(r"[a-z_]+", condition)) & set(record._fields)
        values = {
            name: record[name].ids if record._fields[name].relational else record[name]
            for name in names
        }
        return safe_eval(condition, values)

    @staticmethod
    def _is_ours(record, method):
        """Return whether this add-on defines a method."""
        return any(
            method in vars(cls) and cls.__module__.startswith("odoo.addons.support_debit.")
            for cls in type(record).mro()
        )

    # === TESTS === #

    def test_every_menu_opens(self):
        for groups in [(USER,), (ACCOUNTANT,), (ACCOUNTANT, INVOICING), (MANAGER,), (USER, SALES)]:
            user = self._user(*groups)
            actions = self._actions_in_menu(user)
            self.assertGreaterEqual(len(actions), 7, groups)
            for action in actions:
                with self.subTest(groups=groups, action=action.name):
                    self._open(user, action.read()[0])

    def test_menus_by_group(self):
        def names(*groups):
            return {
                action.xml_id.partition(".")[2]
                for action in self._actions_in_menu(self._user(*groups))
            }

        self.assertNotIn("action_sdd_bank_message", names(USER))
        self.assertNotIn("action_support_plan", names(USER))
        self.assertIn("action_sdd_bank_message", names(ACCOUNTANT))
        self.assertNotIn("action_support_plan", names(ACCOUNTANT))
        self.assertIn("action_support_plan", names(MANAGER))
        self.assertNotIn("action_support_debit_settings", names(MANAGER))
        self.assertFalse(names(SALES))

    def test_every_form_opens(self):
        own = {
            "support.subscription": self.order.support_subscription_ids,
            "sdd.mandate": self.debit.mandate_id,
            "sdd.debit": self.debit,
            "sdd.batch": self.batch,
            "sdd.return": self.debit.return_ids,
        }
        for groups, records in [
            ((USER,), own),
            ((ACCOUNTANT,), {**own, "sdd.bank.message": self.message}),
            ((MANAGER,), {**own, "support.plan": self.plan}),
            (
                (SALES,),
                {name: own[name] for name in ("support.subscription", "sdd.mandate", "sdd.debit")},
            ),
            (
                (INVOICING,),
                {
                    "sdd.debit": self.debit,
                    "sdd.batch": self.batch,
                    "sdd.bank.message": self.message,
                },
            ),
        ]:
            user = self._user(*groups)
            for name, record in records.items():
                with self.subTest(groups=groups, model=name):
                    self._press_smart_buttons(user, record)

    def test_documents_of_others_open(self):
        for groups, record, expected in [
            ((USER,), self.debit.partner_id, "action_view_sdd_mandates"),
            ((SALES,), self.debit.partner_id, "action_view_support_subscriptions"),
            ((SALES,), self.order, "action_view_sdd_debits"),
            ((INVOICING,), self.debit.invoice_ids, "action_view_sdd_debits"),
            ((INVOICING,), self.batch.move_ids[:1], "action_view_sdd_batch"),
            ((SALES,), self.package.product_tmpl_id, "action_view_support_subscriptions"),
            ((INVOICING,), self.debit.partner_id, None),
        ]:
            with self.subTest(groups=groups, record=record):
                pressed = self._press_smart_buttons(self._user(*groups), record)
                if expected:
                    self.assertIn(expected, pressed)

    def test_no_account_number_in_clear(self):
        """The lists and forms of mandates and debits show the mask, whoever looks."""
        number = self.debit.mandate_id._get_iban()
        user = self._user(USER)
        for record in (self.debit, self.debit.mandate_id, self.order.support_subscription_ids):
            model = record.with_user(user)
            for mode in ("list", "kanban"):
                spec = self._specification(
                    model, model.get_views([(False, mode)])["views"][mode]["arch"]
                )
                self.assertNotIn(
                    number[-10:], str(record.with_user(user).web_read(spec)).replace(" ", "")
                )
        arch = etree.fromstring(
            model.env["sdd.mandate"].get_views([(False, "form")])["views"]["form"]["arch"]
        )
        node = arch.xpath("//field[@name='bank_account_id']")[0]
        self.assertEqual(node.get("invisible"), "state != 'draft'")

    def test_invoicing_collects_an_open_invoice(self):
        invoice = self.debit.invoice_ids.with_user(self._user(INVOICING))
        self.assertFalse(invoice.sdd_can_be_debited)
        # Another attempt was planned when the debit came back.
        self.debit.next_debit_ids.action_cancel()
        self.assertTrue(invoice.sdd_can_be_debited)
        action = invoice.action_queue_sdd_debit()
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(invoice.sdd_can_be_debited)
        self.assertEqual(invoice.sdd_debit_count, 3)

    def test_accountant_makes_and_submits_a_batch(self):
        self.debits[1].action_release()
        batches = self.env["sdd.batch"].with_user(self._user(ACCOUNTANT))
        batch = batches.browse(batches.action_create_batches()["res_id"])
        self.assertEqual(batch.debit_ids, self.debits[1])
        self.assertIn(str(batch.id), batch.action_download()["url"])
        batch.action_submit()
        self.assertEqual(batch.state, "submitted")
        self.assertEqual(batch.entry_count, 1)

    def test_dissolve_queues_the_debits_again(self):
        self.debits[1].action_release()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_dissolve()
        self.assertFalse(batch.exists())
        self.assertEqual(self.debits[1].state, "queued")

    def test_setup_hint(self):
        companies = self.env["res.company"].with_user(self._user(USER)).with_company(self.company)
        self.company.sdd_creditor_identifier = False
        hint = companies.sdd_get_setup_hint()
        self.assertTrue(any("creditor identifier" in text for text in hint["missing"]))
        self.assertFalse(hint["can_configure"])
        outsider = self.env["res.company"].with_user(self._user(SALES)).with_company(self.company)
        self.assertFalse(outsider.sdd_get_setup_hint()["missing"])
