from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.risk.const import FORBIDDEN_FACTS
from ..models.risk.signals import SIGNALS, get_change, get_label, get_sentence
from .common import DEBTOR_IBANS
from .retry_common import RetryCommon


class RiskCheckCommon(RetryCommon):
    def _values(self, **values):
        """Return what a customer who has typed everything correctly would have typed."""
        return {
            "partner_id": self.customer.id,
            "iban": DEBTOR_IBANS[0],
            "holder": "Jörg Müßig",
            "amount": 99.9,
            "company_id": self.company.id,
            **values,
        }

    def _run_checks(self, stage="submit", **values):
        checks = self.env["risk.check"]
        return checks._run(checks._make_subject(self._values(**values), stage))

    def _value(self, code, stage="submit", **values):
        found = self._run_checks(stage, **values)
        self.assertIn(code, found)
        return found[code].value

    def _assess(self, order=None, **values):
        """Return an assessment with its marks, as one of an order in the shop leaves it."""
        checks = self.env["risk.check"]
        values = self._values(**values) | ({"order_id": order.id} if order else {})
        subject = checks._make_subject(values, "submit")
        # In sudo mode: assessments are made by the program only.
        assessment = (
            self.env["risk.assessment"]
            .sudo()
            .create(
                {
                    "company_id": subject.company_id,
                    "partner_id": subject.partner_id,
                    "order_id": subject.order_id,
                    "stage": "submit",
                    "state": "green",
                    "date": subject.now,
                }
            )
        )
        marks = self.env["risk.mark"]
        marks._note(assessment, marks._get_marks(subject))
        return assessment


@tagged("-at_install", "post_install")
class TestRiskCheck(RiskCheckCommon):
    # === ORDINARY CUSTOMERS === #

    def test_nothing_is_wrong_with_an_ordinary_customer(self):
        found = self._run_checks()
        hits = {code for code, signal in found.items() if signal.status != "ok"}
        self.assertFalse(hits)
        self.assertEqual(found["holder_match"].value, "match")
        self.assertIs(found["is_first_order"].value, True)
        self.assertEqual(found["exposure"].value, 99.9)

    def test_every_signal_stands_in_the_table_and_in_words(self):
        order = self._create_order()
        found = self._run_checks(
            order_id=order.id,
            phone="030 23125123",
            vat="DE136695976",
            birth_date="1990-01-01",
            ip_address="93.184.216.34",
            session="s",
        )
        for code, signal in found.items():
            self.assertIn(code, SIGNALS)
            self.assertTrue(get_sentence(self.env, code, signal.value, signal.params))
        for code in SIGNALS:
            self.assertTrue(get_label(self.env, code))
            self.assertNotIn("%(", get_sentence(self.env, code, 3), code)
            get_change(self.env, code)
        self.assertFalse(FORBIDDEN_FACTS & SIGNALS.keys())
        self.assertIn("unknown_code", get_sentence(self.env, "unknown_code", 1))

    def test_no_iban_in_what_is_passed_on(self):
        found = self._run_checks(iban="DE02120300000000202052")
        self.assertNotIn("2020", repr(dict(found)))

    def test_stages(self):
        self.assertFalse(
            {"debits_paid", "velocity_iban_1h", "duplicate_customers"}
            & self._run_checks("field").keys()
        )
        self.assertNotIn("iban_invalid", self._run_checks("basket", iban=""))

    @mute_logger("odoo.addons.support_debit.models.risk.risk_check")
    def test_a_broken_check_stops_nobody(self):
        checks = self.env.registry["risk.check"]

        def fail(*_args):
            raise RuntimeError("mistake")

        with patch.object(checks, "_check_email", fail):
            found = self._run_checks()
        self.assertEqual(found["email"].status, "unknown")
        self.assertIn("exposure", found)

    # === FAIRNESS === #

    def test_the_country_of_the_account_changes_nothing(self):
        found = {
            iban[:2]: {
                code: (signal.value, signal.status)
                for code, signal in self._run_checks(iban=iban).items()
            }
            for iban in ("DE02120300000000202051", "LT121000011101001000", *DEBTOR_IBANS[3:])
        }
        for country, signals in found.items():
            self.assertEqual(signals, found["DE"], country)

    # === THE ACCOUNT === #

    def test_wrong_iban(self):
        found = self._run_checks(iban="DE02120300000000202052")
        self.assertEqual(
            (found["iban_invalid"].value, found["iban_invalid"].severity), (True, "hard")
        )
        self.assertNotIn("account_customers", found)

    def test_unknown_bank_is_a_soft_finding(self):
        found = self._run_checks(iban="DE23999999990000202051")
        self.assertEqual(found["bank_unknown"].severity, "soft")

    def test_holder(self):
        for holder, expected in (
            ("MUESSIG J.", "match"),
            ("Jörg Müsig", "match"),
            ("Anna Müßig", "partly"),
            ("Hanna Schulze", "different"),
        ):
            self.assertEqual(self._value("holder_match", holder=holder), expected)

    def test_holder_of_a_company(self):
        firm = self._create_customer("Müßig Technik GmbH", is_company=True)
        contact = self._create_customer("Hanna Schulze", parent_id=firm.id)
        for holder in ("Müßig Technik", "Hanna Schulze"):
            value = self._value("holder_match", partner_id=contact.id, holder=holder)
            self.assertEqual(value, "match")

    def test_account_of_others(self):
        self._create_mandate(self._create_customer("Hanna Schulze"))
        found = self._run_checks()
        self.assertEqual(found["account_customers"].value, 1)
        self.assertEqual(found["account_other_names"].value, 1)

    def test_account_of_the_family_has_no_other_name(self):
        self._create_mandate(self._create_customer("Anna Müßig"))
        found = self._run_checks()
        self.assertEqual(found["account_customers"].value, 1)
        self.assertEqual(found["account_other_names"].value, 0)

    def test_own_account_is_known(self):
        self.assertIsNone(self._value("account_days_known"))
        self._create_mandate()
        self.assertEqual(self._value("account_days_known"), 0)
        self.assertEqual(self._value("account_customers"), 0)

    def test_blocked_account(self):
        account = self._create_mandate(self._create_customer("Hanna Schulze")).bank_account_id
        account._sdd_block("Closed.")
        self.assertTrue(self._value("account_blocked"))

    def test_the_companys_own_account(self):
        self.assertTrue(self._value("account_is_ours", iban=self.journal.bank_acc_number))

    # === WHAT THE CUSTOMER ENTERED === #

    def test_entered_data(self):
        for code, values in (
            ("name_implausible", {"name": "asdfgh"}),
            ("address_incomplete", {"city": ""}),
            ("postcode_invalid", {"zip_code": "1234"}),
            ("town_mismatch", {"zip_code": "10115", "city": "Köln"}),
            ("email_invalid", {"email": "no address"}),
            ("email_typo", {"email": "joerg@gmial.com"}),
            ("email_disposable", {"email": "joerg@mail.mailinator.com"}),
            ("phone_invalid", {"phone": "12"}),
            ("vat_invalid", {"vat": "DE123456789"}),
            ("not_of_age", {"birth_date": "2015-01-01"}),
        ):
            self.assertIs(self._value(code, **values), True, code)

    def test_lists_are_the_users(self):
        self.assertFalse(self._value("email_disposable", email="joerg@example.org"))
        domain = self.env["risk.domain"].create({"name": " Someone@Example.ORG "})
        self.assertEqual(domain.name, "example.org")
        self.assertTrue(self._value("email_disposable", email="joerg@example.org"))
        domain.active = False
        self.assertFalse(self._value("email_disposable", email="joerg@example.org"))
        with self._refused("is no domain"):
            self.env["risk.domain"].create({"name": "example"})
        with self._refused("the smaller one first"):
            self.env["risk.town"].create(
                {
                    "name": "Nowhere",
                    "country_id": self.env.ref("base.de").id,
                    "first": "20000",
                    "last": "10000",
                }
            )

    def test_duplicates(self):
        self.customer.phone = "+49 30 23125123"
        for values in (
            {"name": "Joerg Muessig", "email": "customer@example.com"},
            {"name": "Müßig, Jörg", "email": False, "phone": "030/23125123"},
            {"name": "Jörg Müßig", "email": False},
        ):
            twin = self._create_customer(**values)
            duplicates = self.customer._risk_find_duplicates()
            self.assertIn(twin, duplicates)
        self.assertEqual(self.customer.risk_duplicate_count, 3)
        self.assertEqual(self._value("duplicate_customers"), 3)
        action = self.customer.action_view_risk_duplicates()
        self.assertEqual(self.env["res.partner"].search_count(action["domain"]), 4)

    def test_one_mailbox_of_two_people_is_no_duplicate(self):
        self._create_customer("Hanna Schulze", email="customer@example.com")
        self.assertEqual(self._value("duplicate_customers"), 0)

    # === HISTORY === #

    def test_tenure(self):
        order = self._create_order()
        self.assertTrue(self._value("is_first_order", order_id=order.id), "the order at hand")
        invoice = order._sdd_invoice()
        self.assertTrue(self._value("is_first_order", order_id=order.id))
        self.assertTrue(self._value("is_first_order", invoice_id=invoice.id))
        order.date_order = fields.Datetime.now() - timedelta(days=400)
        found = self._run_checks()
        self.assertFalse(found["is_first_order"].value)
        self.assertEqual(found["tenure_days"].value, 400)
        self.assertIsNone(found["first_order_amount"].value)

    def test_renewal_is_no_first_order(self):
        """A renewal says how long the customer has been one; the order of then is another occasion."""
        with freeze_time("2026-01-31 10:00:00"):
            order = self._create_order()
            mandate = self._create_mandate()
            mandate.sudo().order_id = order  # In sudo mode: nobody writes it by hand.
            first = order._sdd_invoice()._queue_sdd_debit(mandate=mandate)
            self.assertTrue(self._run_collection(first)["is_first_order"].value)
        with freeze_time("2027-01-31 10:00:00"):
            debit = order.support_subscription_ids._bill().sdd_debit_ids
            found = self._run_collection(debit)
            self.assertFalse(found["is_first_order"].value)
            self.assertEqual(found["tenure_days"].value, 365)
            # What came later makes nobody an old customer.
            self.assertTrue(self._run_collection(first)["is_first_order"].value)
        subject = self.env["risk.check"]._make_subject(debit, "collection")
        self.assertEqual((subject.order_id, subject.channel), (0, "renewal"))
        self.assertEqual((subject.product_kind, subject.iban), ("base", DEBTOR_IBANS[0]))
        values = {"invoice_id": debit.invoice_ids.id, "mandate_id": mandate.id}
        subject = self.env["risk.check"]._make_subject(values, "submit")
        self.assertEqual(subject.order_id, 0, "paid in the portal")
        subject = self.env["risk.check"]._make_subject(mandate, "submit")
        self.assertEqual(subject.order_id, order.id)

    def _run_collection(self, debit):
        checks = self.env["risk.check"]
        return checks._run(checks._make_subject(debit, "collection"))

    def test_exposure(self):
        debit = self._create_debit()
        self.assertEqual(self._value("exposure"), round(debit.amount + 99.9, 2))
        found = self.env["risk.check"]
        found = found._run(found._make_subject(debit, "collection"))
        self.assertEqual(found["exposure"].value, debit.amount, "the debit at hand counts once")
        self.assertEqual(found["mandate_grade"].value, debit.mandate_id.evidence_grade)
        batch = self._submit_all(debit)
        self._import(self._camt([self._entry_batch(batch)], message_id="S-1"))
        found = self._run_checks()
        self.assertEqual(found["debits_paid"].value, 1)
        self.assertEqual(found["exposure"].value, round(debit.amount + 99.9, 2))
        later = fields.Datetime.now() + timedelta(days=90)
        self.assertEqual(self._value("exposure", now=later), 99.9)

    def test_overdue_invoices(self):
        invoice = self._create_order()._sdd_invoice()
        invoice.invoice_date_due = fields.Date.today() - timedelta(days=5)
        self.assertEqual(self._value("overdue_amount"), invoice.amount_residual)
        invoice._queue_sdd_debit(mandate=self._create_mandate())
        self.assertEqual(self._value("overdue_amount"), 0, "it is being collected")

    def test_returns(self):
        debit = self._create_debit()
        self._reject(debit, "AC04")
        found = self._run_checks()
        self.assertEqual(found["returns_bank_13m"].value, 1)
        self.assertEqual(found["returns_customer_13m"].value, 0)
        self.assertEqual(found["return_share"].value, 1.0)
        self.assertEqual(found["days_since_return"].value, 0)
        self.assertEqual(found["open_returned_amount"].value, debit.amount)
        self.assertEqual(found["account_open_returns"].value, 1)
        self._pay(debit.invoice_ids, debit.amount)
        found = self._run_checks()
        self.assertEqual(found["open_returned_amount"].value, 0)
        self.assertEqual(found["account_open_returns"].value, 0)
        self.assertEqual(found["account_returns_13m"].value, 1)

    def test_returns_of_somebody_else_with_the_account(self):
        other = self._create_customer("Hanna Schulze")
        self._reject(self._create_debit(other, self._create_mandate(other)))
        found = self._run_checks()
        self.assertEqual(found["account_returns_13m"].value, 1)
        self.assertEqual(found["returns_bank_13m"].value, 0)

    def test_disputes_and_own_faults(self):
        self._return_settled(self._create_debit(), "MD06")
        found = self._run_checks()
        self.assertEqual(
            (found["returns_bank_13m"].value, found["returns_customer_13m"].value), (0, 1)
        )
        other = self._create_customer("Hanna Schulze")
        self._reject(
            self._create_debit(other, self._create_mandate(other, DEBTOR_IBANS[1])), "AM05"
        )
        found = self._run_checks(partner_id=other.id, iban=DEBTOR_IBANS[1])
        self.assertIsNone(found["days_since_return"].value, "our own fault says nothing about him")

    def test_the_same_person_under_another_record(self):
        debit = self._create_debit()
        self._reject(debit)
        twin = self._create_customer("Joerg Muessig")
        found = self._run_checks(partner_id=twin.id, iban=DEBTOR_IBANS[1])
        self.assertTrue(found["other_record_owes"].value)
        self.assertEqual(found["returns_bank_13m"].value, 0, "it is not proven that it is his")

    # === HOW OFTEN === #

    def test_velocity(self):
        for number in range(3):
            partner = self._create_customer(f"Customer {number}")
            self._assess(
                self._create_order(partner), partner_id=partner.id, ip_address="93.184.216.34"
            )
        found = self._run_checks(ip_address="93.184.216.34")
        self.assertEqual(found["velocity_iban_1h"].value, 3)
        self.assertEqual(found["iban_customers_30d"].value, 3)
        self.assertEqual(found["ip_customers_24h"].value, 3)
        later = fields.Datetime.now() + timedelta(hours=2)
        found = self._run_checks(ip_address="93.184.216.34", now=later)
        self.assertEqual(found["velocity_iban_1h"].value, 0)
        self.assertEqual(found["velocity_iban_24h"].value, 3)

    def test_an_order_judged_twice_counts_once_and_never_for_itself(self):
        order = self._create_order()
        self._assess(order)
        self._assess(order)
        self.assertEqual(self._value("velocity_iban_1h"), 1)
        self.assertEqual(self._value("velocity_iban_1h", order_id=order.id), 0)

    def test_accounts_tried(self):
        for iban in DEBTOR_IBANS:
            self._assess(session="s", iban=iban)
        self.assertEqual(self._value("accounts_tried_24h", session="s"), len(DEBTOR_IBANS) - 1)

    def test_clock_jump(self):
        self._assess(now=fields.Datetime.now() + timedelta(days=300))
        self.assertEqual(self._value("velocity_iban_30d"), 0)

    def test_other_companies_do_not_count(self):
        other = self._create_second_company()
        self._assess(company_id=other.id)
        self.assertEqual(self._value("velocity_iban_30d"), 0)

    def test_marks_are_forgotten(self):
        self._assess(now=fields.Datetime.now() - timedelta(days=60))
        marks = self.env["risk.mark"].sudo()
        old = marks.search([("date", "<", fields.Datetime.now() - timedelta(days=50))])
        self.assertTrue(old)
        marks._gc_marks()
        self.assertFalse(old.exists())

    def test_ip_networks(self):
        marks = self.env["risk.mark"]
        self.assertEqual(marks._get_network("2a00:1450::1"), marks._get_network("2a00:1450::ffff"))
        self.assertTrue(marks._get_network("2a00:1450::1"))
        self.assertFalse(marks._get_network("127.0.0.1"))
        self.assertFalse(marks._get_network("10.0.0.1"))
        self.assertFalse(marks._get_network("not an address"))

    # === SUBJECTS === #

    def test_subject_of_records(self):
        checks = self.env["risk.check"]
        order = self._create_order()
        subject = checks._make_subject(order, "basket")
        self.assertEqual((subject.product_kind, subject.channel), ("base", "phone"))
        self.assertEqual((subject.name, subject.zip_code), ("Jörg Müßig", "10115"))
        invoice = order._sdd_invoice()
        subject = checks._make_subject(invoice, "basket")
        self.assertEqual((subject.invoice_id, subject.channel), (invoice.id, "portal"))
        self.assertEqual(float(subject.amount), invoice.amount_residual)
        mandate = self._create_mandate()
        subject = checks._make_subject({"order_id": order.id, "mandate_id": mandate.id}, "submit")
        self.assertEqual((subject.iban, subject.order_id), (DEBTOR_IBANS[0], order.id))
        debit = invoice._queue_sdd_debit(mandate=mandate)
        subject = checks._make_subject(debit, "collection")
        self.assertEqual((subject.debit_id, subject.invoice_id), (debit.id, invoice.id))

    def test_account_of_an_order(self):
        """On the telephone the account is that of the mandate with which the order will be debited."""
        checks = self.env["risk.check"]
        order = self._create_order()
        self.assertEqual(checks._make_subject(order, "submit").iban, "")
        known = self._create_mandate(iban=DEBTOR_IBANS[1])
        subject = checks._make_subject(order, "submit")
        self.assertEqual((subject.iban, subject.mandate_id), (DEBTOR_IBANS[1], known.id))
        revoked = self._create_mandate(iban=DEBTOR_IBANS[3])
        mandate = self._create_mandate(holder="Hanna Schulze")
        # In sudo mode: nobody writes by hand with which order a mandate was given.
        (revoked | mandate).sudo().order_id = order
        revoked.action_revoke()
        subject = checks._make_subject(order, "submit")
        self.assertEqual((subject.iban, subject.mandate_id), (DEBTOR_IBANS[0], mandate.id))
        self.assertEqual(subject.holder, "Hanna Schulze")
        self.assertIn("account_blocked", checks._run(subject), "the account is looked at")
        typed = {"order_id": order.id, "iban": DEBTOR_IBANS[2]}
        subject = checks._make_subject(typed, "submit")
        self.assertEqual((subject.iban, subject.mandate_id), (DEBTOR_IBANS[2], 0))
        self.assertEqual(subject.holder, "", "nothing of another account")
        named = {"order_id": order.id, "mandate_id": known.id}
        self.assertEqual(checks._make_subject(named, "submit").iban, DEBTOR_IBANS[1])

    def test_bad_values(self):
        checks = self.env["risk.check"]
        with self.assertRaises(ValueError):
            checks._make_subject({}, "never")
        with self.assertRaises(ValueError):
            checks._make_subject({"nationality": "DE"}, "submit")
        subject = checks._make_subject(
            self._values(amount="a lot", name="x" * 5000, email=["a"], holder="A\0\nB"), "submit"
        )
        self.assertEqual((subject.amount, len(subject.name), subject.holder), (0, 256, "A B"))
        checks._run(subject)

    def test_amounts_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "rate": 2.0, "company_id": self.company.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "pricelist_id": self.env["product.pricelist"]
                .create({"name": "USD", "currency_id": dollar.id})
                .id,
                "order_line": [Command.create({"product_id": self.package.id, "price_unit": 200})],
            }
        )
        subject = self.env["risk.check"]._make_subject(order, "submit")
        self.assertAlmostEqual(float(subject.amount), order.amount_total / 2, 2)

    def test_few_queries(self):
        self._run_checks()
        self.env.flush_all()
        self.env.invalidate_all()
        checks = self.env["risk.check"]
        values = self._values(ip_address="93.184.216.34", session="s", phone="030 23125123")
        subject = checks._make_subject(values, "submit")
        with self.assertQueryCount(8):
            checks._run(subject)
