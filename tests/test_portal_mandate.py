"""The customer portal: who sees which mandate and debit, and what he can do with it."""

import io
import re
import zipfile

from lxml import html
from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DEBTOR_IBANS, SupportDebitCommon


class PortalCase(SupportDebitCommon, HttpCase):
    """Two customers with a mandate and a debit each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Pages in the website's own language are not redirected to another address.
        site = cls.env["website"].search([("company_id", "=", cls.company.id)], limit=1)
        site.default_lang_id = cls.env["res.lang"]._activate_lang("en_US")
        cls.users = [
            new_test_user(
                cls.env, login, groups="base.group_portal", email=f"{login}@example.com", name=name
            )
            for login, name in (("anna_portal", "Anna Berger"), ("otto_portal", "Otto Klein"))
        ]
        cls.mandates = []
        for user, iban in zip(cls.users, DEBTOR_IBANS, strict=False):
            user.partner_id.write({"country_id": cls.env.ref("base.de").id, "company_id": False})
            cls.mandates.append(cls._create_mandate(user.partner_id, iban))
        cls.mandate, cls.other = cls.mandates
        cls.debit = cls._create_debit(cls.users[0].partner_id, cls.mandate).with_env(cls.env)
        cls.page = f"/my/mandates/{cls.mandate.id}"

    def _get(self, url, **options):
        """Return the answer of a page without following where it leads."""
        return self.url_open(url, allow_redirects=False, **options)

    def _get_text(self, url):
        """Return a page as a person reads it, white space reduced."""
        response = self._get(url)
        self.assertEqual(response.status_code, 200)
        page = html.fromstring(response.text).xpath("//div[@id='wrap']")[0]
        return " ".join(page.text_content().split())

    def _post(self, url, **values):
        """Send a form as its page does."""
        data = {"csrf_token": self._get_csrf(), **values}
        return self.url_open(url, data=data, allow_redirects=False)

    def _get_csrf(self):
        """Return the token of this browser's session."""
        return re.search(r'csrf_token: "([^"]+)"', self.url_open("/web/login?redirect=/").text)[1]


@tagged("-at_install", "post_install")
class TestPortalMandate(PortalCase):
    """What the customer reads, and who else may read it."""

    # === ACCESS === #

    def test_own_mandate_is_shown(self):
        self.authenticate("anna_portal", "anna_portal")
        text = self._get_text(self.page)
        for part in (
            self.mandate.name,
            self.mandate.iban_masked,
            self.mandate.creditor_identifier,
            "Anna Berger",
            "Next debit",
            self.debit.invoice_ids.name,
        ):
            self.assertIn(part, text)

    def test_other_mandates_are_not_shown(self):
        self.authenticate("anna_portal", "anna_portal")
        other = f"/my/mandates/{self.other.id}"
        token = self.mandate._portal_ensure_token()
        for url in (
            other,
            f"{other}?access_token={token}",
            f"{other}?access_token=%C3%A9",
            f"{other}?report_type=pdf",
            f"{other}/revoke",
            f"{other}/account",
            "/my/mandates/0",
            "/my/mandates/999999999999999",
        ):
            with self.subTest(url):
                response = self._get(url)
                self.assertEqual(response.status_code, 303)
                self.assertTrue(response.headers["Location"].endswith("/my"))

    def test_post_to_other_mandates(self):
        self.authenticate("anna_portal", "anna_portal")
        for step in ("revoke", "new", "confirm"):
            response = self._post(f"/my/mandates/{self.other.id}/{step}")
            self.assertEqual(response.status_code, 303)
            self.assertTrue(response.headers["Location"].endswith("/my"))
        for step in ("code", "change"):
            answer = self.make_jsonrpc_request(
                f"/my/mandates/{self.other.id}/account/{step}",
                {"iban": DEBTOR_IBANS[2], "accepted": True, "text_hash": "", "code": "123456"},
            )
            self.assertEqual((answer["ok"], answer["url"]), (False, "/my"))
        self.assertEqual(self.other.state, "active")
        self.assertFalse(self.other.confirmation_ids)
        self.assertFalse(self.other.replaced_by_ids)

    def test_mandate_of_another_company_on_the_same_site(self):
        company = self._create_second_company()
        foreign = self._create_mandate(
            self.users[0].partner_id, DEBTOR_IBANS[3], company_id=company.id
        )
        self.authenticate("anna_portal", "anna_portal")
        response = self._get(f"/my/mandates/{foreign.id}")
        self.assertTrue(response.headers["Location"].endswith("/my"))
        self.assertNotIn(foreign.name, self._get_text("/my/mandates"))

    def test_colleagues_see_the_mandates_of_their_company(self):
        company = self._create_customer("Berger GmbH", is_company=True)
        self.users[0].partner_id.parent_id = company
        mandate = self._create_mandate(company, DEBTOR_IBANS[2])
        self.authenticate("anna_portal", "anna_portal")
        self.assertIn(mandate.name, self._get_text("/my/mandates"))
        self.assertIn(mandate.name, self._get_text(f"/my/mandates/{mandate.id}"))

    def test_holder_of_the_link(self):
        """Without an account: read, print and revoke; the account needs a code."""
        self.authenticate(None, None)
        self.assertTrue(self._get(self.page).headers["Location"].endswith("/my"))
        wrong = f"{self.page}?access_token={self.other._portal_ensure_token()}"
        self.assertTrue(self._get(wrong).headers["Location"].endswith("/my"))
        url = self.mandate.get_portal_url()
        self.assertTrue(url.startswith(self.page))
        self.assertIn(self.mandate.iban_masked, self._get_text(url))
        token = self.mandate.access_token
        answer = self.make_jsonrpc_request(
            f"{self.page}/account/change",
            {
                "access_token": token,
                "iban": DEBTOR_IBANS[2],
                "accepted": True,
                "text_hash": self.mandate._get_account_text_hash(),
                "code": "123456",
            },
        )
        self.assertEqual([error["field"] for error in answer["errors"]], ["code"])
        self._post(f"{self.page}/revoke", access_token=token)
        self.assertEqual(self.mandate.state, "revoked")

    def test_staff_only_look(self):
        new_test_user(self.env, "clerk_portal", groups="support_debit.group_manager")
        self.authenticate("clerk_portal", "clerk_portal")
        self.assertIn("signed in as staff", self._get_text(f"{self.page}/revoke"))
        self._post(f"{self.page}/revoke")
        self._post(f"{self.page}/new")
        self.assertEqual(self.mandate.state, "active")
        self.assertFalse(self.mandate.replaced_by_ids)

    def test_no_account_number_in_the_pages(self):
        self.authenticate("anna_portal", "anna_portal")
        account = self.mandate._get_iban()
        for url in ("/my/mandates", "/my/debits", self.page, f"{self.page}/account"):
            source = self._get(url).text.replace(" ", "")
            self.assertNotIn(account, source)
            self.assertNotIn(account[4:], source)

    # === PAGES === #

    def test_pdf(self):
        self.authenticate("anna_portal", "anna_portal")
        for query, disposition in (("", "inline"), ("&download=true", "attachment")):
            response = self._get(f"{self.page}?report_type=pdf{query}")
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
            self.assertTrue(response.headers["Content-Disposition"].startswith(disposition))
            # Tests print no PDF, but the page that would become one.
            self.assertIn(self.mandate.name, response.text)

    def test_empty_lists(self):
        new_test_user(self.env, "empty_portal", groups="base.group_portal")
        self.authenticate("empty_portal", "empty_portal")
        self.assertIn("You have not given a mandate yet", self._get_text("/my/mandates"))
        self.assertIn("Nothing was collected yet", self._get_text("/my/debits"))

    def test_tiles_appear_with_the_first_mandate(self):
        self.authenticate("anna_portal", "anna_portal")
        counters = ["sdd_mandate_count", "sdd_debit_count"]
        answer = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(answer, {"sdd_mandate_count": 1, "sdd_debit_count": 1})

    def test_paging_and_sorting(self):
        for _number in range(21):
            self._create_mandate(self.users[0].partner_id, DEBTOR_IBANS[0])
        self.authenticate("anna_portal", "anna_portal")
        first = self._get("/my/mandates?sortby=name").text
        self.assertEqual(first.count('name="o_sdd_mandate"'), 20)
        second = self._get("/my/mandates/page/2?sortby=name").text
        self.assertEqual(second.count('name="o_sdd_mandate"'), 2)
        self.assertIn(self.mandate.name, first)
        self.assertNotIn(self.mandate.name, second)
        for url in ("/my/mandates?sortby=nothing", "/my/mandates/page/999", "/my/debits/page/0"):
            self.assertEqual(self._get(url).status_code, 200)

    def test_every_state_has_its_words(self):
        texts = {self.mandate._get_portal_state_text()}
        for state in ("draft", "pending", "suspended", "revoked", "expired"):
            self.env.cr.execute(
                "UPDATE sdd_mandate SET state = %s, end_date = %s WHERE id = %s",
                (state, fields.Date.today(), self.mandate.id),
            )
            self.mandate.invalidate_recordset()
            found = self.mandate._get_portal_state()
            self.assertTrue(found["label"] and found["badge"])
            texts.add(found["text"])
        self.assertEqual(len(texts), 6)

    def test_b2b_mandate_waits_for_the_bank(self):
        company = self._create_customer("Berger GmbH", is_company=True)
        self.users[0].partner_id.parent_id = company
        mandate = self._create_mandate(company, DEBTOR_IBANS[2], scheme="B2B")
        self.authenticate("anna_portal", "anna_portal")
        url = f"/my/mandates/{mandate.id}"
        self.assertIn("Please give a copy of this B2B mandate to your bank", self._get_text(url))
        mandate.action_note_bank_confirmation()
        self.assertNotIn("Please give a copy", self._get_text(url))

    def test_packages_are_paid_with_mandates_in_use_only(self):
        subscription = self.debit.invoice_ids._get_support_subscriptions()
        self.assertEqual(self.mandate.sudo()._get_portal_subscriptions(), subscription)
        waiting = self.mandate._create_replacement()
        waiting._start_confirmation()
        self.assertFalse(waiting.sudo()._get_portal_subscriptions())
        self.mandate.action_revoke()
        self.assertFalse(self.mandate.sudo()._get_portal_subscriptions())

    def test_amendments_in_words(self):
        old = self.mandate.iban_masked
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[2], "Anna Berger", self.users[0].partner_id
        )
        self.mandate.amend_bank_account(account, evidence={"evidence": "email_reply"})
        self.mandate._amend_reference("NEW-1")
        texts = [text for _day, text in self.mandate._get_portal_history()]
        new = self.mandate.iban_masked
        spaced = [text.replace("\u00a0", " ") for text in texts]
        self.assertIn(f"The account was changed from {old} to {new}.", spaced)
        self.assertTrue(texts[-1].endswith("to NEW-1."))
        self.authenticate("anna_portal", "anna_portal")
        self.assertIn("The account was changed from", self._get_text(self.page))

    # === DATA === #

    def test_personal_data(self):
        self.authenticate("anna_portal", "anna_portal")
        response = self._post("/my/mandates/data")
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            data = archive.read("data.json").decode()
        self.assertIn(self.mandate.name, data)
        self.assertNotIn(self.other.name, data)
        self.assertEqual(self._get("/my/mandates/data").status_code, 405)
