"""What the tests of confirmation links share: a link, a browser without an account, codes."""

import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import HttpCase

from .common import DEBTOR_IBANS, SupportDebitCommon

CODE = "123456"
WRONG_CODE = "654321"


class ConfirmationCase(SupportDebitCommon):
    """A customer who is asked to confirm a mandate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"lang": "en_US", "email": "joerg.muessig@example.com"})
        cls.links = cls.env["sdd.mandate.confirmation"]
        cls.mandate = cls._create_draft()

    @classmethod
    def _create_draft(cls, iban=DEBTOR_IBANS[0], **values):
        """Return a mandate that nobody has confirmed; without an account if `iban` is empty."""
        accounts = cls.env["res.partner.bank"]
        if iban and "bank_account_id" not in values:
            accounts = accounts._sdd_find_or_create(iban, cls.customer.name, cls.customer)
        return cls.env["sdd.mandate"].create(
            {
                "partner_id": cls.customer.id,
                "bank_account_id": accounts.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @contextmanager
    def _draws(self, code=CODE):
        """Let every code that is drawn be this one: codes in clear are nowhere to be read."""
        with patch.object(
            self.env.registry["sdd.mandate.confirmation"], "_draw_code", lambda _self: code
        ):
            yield

    def _send_code(self, link, code=CODE):
        """Send a known code for a link; return what the customer is told."""
        with self._draws(code):
            return link._send_code()

    def _get_form(self, link, **values):
        """Return what the customer's browser would send."""
        return {"accepted": True, "fingerprint": link._get_fingerprint(), **values}

    def _accept(self, link, **values):
        """Send the form; return the errors as {field: message}."""
        errors = link._accept(
            self._get_form(link, **values), {"ip_address": "192.0.2.7", "user_agent": "Test"}
        )
        return {error["field"]: error["message"] for error in errors}

    def _get_kinds(self, mandate=None):
        return (mandate or self.mandate).event_ids.sorted("number").mapped("kind")

    def _get_mails(self):
        return self.env["mail.mail"].sudo().search([], order="id")


class ConfirmationPageCase(ConfirmationCase, HttpCase):
    """The holder of a link in his browser, without an account."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.paths = {}

    def _get_link(self, **values):
        """Return a new link without a code."""
        return self.mandate._create_confirmation(**{"with_code": False, **values})

    def _get_path(self, link):
        """Return the path of a link; the first time in the transaction that made it."""
        if link.id not in self.paths:
            self.paths[link.id] = "/sdd/confirm/" + link.url.rpartition("/")[2]
        return self.paths[link.id]

    def _open(self, link):
        """Open a link as the customer does; return the page's response."""
        return self.url_open(self._get_path(link))

    def _read_hidden(self, page, name):
        """Return the value of a hidden field, or fail."""
        found = re.search(rf'name="{name}" value="([^"]+)"', page.text)
        self.assertTrue(found, f"{name} is not in the page")
        return found[1]

    def _submit(self, page, link, as_json=True, **values):
        """Send the page's form; return the answer of the server."""
        data = {
            "csrf_token": self._read_hidden(page, "csrf_token"),
            "fingerprint": self._read_hidden(page, "fingerprint"),
            "sdd_accepted": "on",
            **values,
        }
        headers = {"Accept": "application/json"} if as_json else {}
        return self.url_open(
            f"/sdd/confirm/page/{link.id}",
            data={name: value for name, value in data.items() if value},
            headers=headers,
        )

    def _post(self, path, page, as_json=True, **data):
        """Send another of the page's buttons; return the answer of the server."""
        data["csrf_token"] = self._read_hidden(page, "csrf_token")
        headers = {"Accept": "application/json"} if as_json else {}
        return self.url_open(path, data=data, headers=headers)
