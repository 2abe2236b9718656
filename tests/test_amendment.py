"""Changed mandates: what may change, what the history says, what the bank is told and when."""

from importlib.resources import files

from lxml import etree
from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import DEBTOR_IBANS, SECOND_CREDITOR_ID, SupportDebitCommon

FIRST = "DE89370400440532013000"
SAME_BANK = "DE82370400440532013999"
OTHER_BANK = "DE02120300000000202051"
THIRD = "AT611904300234573201"
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


class AmendmentCase(SupportDebitCommon):
    """A mandate of an account at Commerzbank, and what changes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate(iban=FIRST)
        schema = files("sepaxml").joinpath("schemas/pain.008.001.08.xsd").read_bytes()
        cls.schema = etree.XMLSchema(etree.fromstring(schema))

    def _account(self, iban, partner=None, holder=None):
        partner = partner or self.customer
        return self.env["res.partner.bank"]._sdd_find_or_create(
            iban, holder or partner.name, partner
        )

    def _amend(self, iban, **evidence):
        return self.mandate.amend_bank_account(self._account(iban), evidence=evidence)

    def _new_debit(self):
        return self._create_debit(mandate=self.mandate).with_env(self.env)

    def _batch(self, *debits):
        """Return the batch of these debits, whose file fits the XSD."""
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(set(batch.debit_ids), set(debits))
        self.schema.assertValid(etree.fromstring(batch.file_content))
        return batch

    def _read(self, batch, debit):
        """Return what the file says of a debit's mandate, read back from the XML."""
        document = etree.fromstring(batch.file_content)
        (found,) = (
            node
            for node in document.iterfind(".//p:DrctDbtTxInf", NAMESPACE)
            if node.findtext("p:PmtId/p:EndToEndId", namespaces=NAMESPACE) == debit.end_to_end_id
        )
        paths = {
            "iban": "p:DbtrAcct/p:Id/p:IBAN",
            "reference": ".//p:MndtId",
            "indicator": ".//p:AmdmntInd",
            "old_reference": ".//p:OrgnlMndtId",
            "old_identifier": ".//p:OrgnlCdtrSchmeId/p:Id/p:PrvtId/p:Othr/p:Id",
            "old_creditor": ".//p:OrgnlCdtrSchmeId/p:Nm",
            "old_iban": ".//p:OrgnlDbtrAcct/p:Id/p:IBAN",
            "smnda": ".//p:OrgnlDbtrAcct/p:Id/p:Othr/p:Id",
        }
        values = {key: found.findtext(path, namespaces=NAMESPACE) for key, path in paths.items()}
        return {key: value for key, value in values.items() if value}

    def _collect(self):
        """Return a debit of the mandate that is at the bank."""
        debit = self._new_debit()
        self._batch(debit).action_submit()
        return debit

    def _next(self):
        """Return what the file of the next debit says."""
        debit = self._new_debit()
        return self._read(self._batch(debit), debit)


@tagged("-at_install", "post_install")
class TestAmendmentNotice(AmendmentCase):
    """What the bank reads in the file, and how often."""

    def test_same_bank(self):
        """Within a bank the old IBAN is named."""
        self._collect()
        self._amend(SAME_BANK)
        self.assertEqual(
            self._next(),
            {
                "iban": SAME_BANK,
                "reference": self.mandate.name,
                "indicator": "true",
                "old_iban": FIRST,
            },
        )

    def test_other_bank(self):
        """Another bank reads that the account is new, and not the old IBAN."""
        self._collect()
        self._amend(OTHER_BANK)
        self.assertEqual(
            self._next(),
            {
                "iban": OTHER_BANK,
                "reference": self.mandate.name,
                "indicator": "true",
                "smnda": "SMNDA",
            },
        )

    def test_once_only(self):
        """Of several debits one tells the bank, also of several in one file."""
        self._collect()
        self._amend(OTHER_BANK)
        first, second = self._new_debit(), self._new_debit()
        batch = self._batch(first, second)
        self.assertEqual(self._read(batch, first)["smnda"], "SMNDA")
        self.assertNotIn("indicator", self._read(batch, second))
        batch.action_submit()
        self.assertNotIn("indicator", self._next())

    def test_again_after_reject(self):
        """A debit that was rejected before settlement has told the bank nothing."""
        self._collect()
        self._amend(OTHER_BANK)
        debit = self._collect()
        self.assertFalse(self.mandate.has_waiting_amendment)
        debit._reopen("rejected", "AC04", fields.Date.today(), "test")
        self.assertTrue(self.mandate.has_waiting_amendment)
        self.assertEqual(self._next()["smnda"], "SMNDA")

    def test_not_again_after_return(self):
        """A debit that came back after settlement has told the bank."""
        self._collect()
        self._amend(OTHER_BANK)
        debit = self._collect()
        debit._settle(fields.Date.today())
        debit._reopen("returned", "MS03", fields.Date.today(), "test")
        self.assertFalse(self.mandate.has_waiting_amendment)
        self.assertNotIn("indicator", self._next())

    def test_again_when_the_file_never_left(self):
        """A dissolved batch has told nobody anything."""
        self._collect()
        self._amend(OTHER_BANK)
        debit = self._new_debit()
        batch = self._batch(debit)
        self.assertFalse(self.mandate.has_waiting_amendment)
        batch.action_dissolve()
        self.assertFalse(debit.amendment_event_ids)
        self.assertTrue(self.mandate.has_waiting_amendment)
        self.assertEqual(self._read(self._batch(debit), debit)["smnda"], "SMNDA")

    def test_several_changes_are_one(self):
        """The bank reads the account that it has seen last, not the one in between."""
        self._collect()
        self._amend(OTHER_BANK)
        self._amend(SAME_BANK)
        self.mandate._amend_reference("NEW-1")
        self.mandate._amend_reference("NEW-2")
        old = self.mandate.event_ids.filtered(lambda e: (e.data or {}).get("old_reference"))
        self.assertEqual(
            self._next(),
            {
                "iban": SAME_BANK,
                "reference": "NEW-2",
                "indicator": "true",
                "old_iban": FIRST,
                "old_reference": old.sorted("number")[0].data["old_reference"],
            },
        )

    def test_back_to_the_original(self):
        """A change that was taken back is none."""
        self._collect()
        self._amend(OTHER_BANK)
        self._amend(FIRST)
        self.assertFalse(self.mandate.has_waiting_amendment)
        self.assertFalse(self.mandate.waiting_amendment_text)
        self.assertNotIn("indicator", self._next())

    def test_nothing_collected_yet(self):
        """A bank that never saw the mandate learns of no change; nor when the first debit failed."""
        self._amend(OTHER_BANK)
        self.assertFalse(self.mandate.has_waiting_amendment)
        debit = self._new_debit()
        batch = self._batch(debit)
        self.assertEqual(
            self._read(batch, debit), {"iban": OTHER_BANK, "reference": self.mandate.name}
        )
        batch.action_submit()
        debit._reopen("rejected", "AC04", fields.Date.today(), "test")
        self._amend(SAME_BANK)
        self.assertNotIn("indicator", self._next())

    def test_collected_elsewhere(self):
        """With an imported mandate another system has collected: the bank knows the old reference."""
        self.mandate.sudo().write({"channel": "import", "last_collection_date": "2026-02-02"})
        old = self.mandate.name
        self.mandate._amend_reference("MIGRATED-1")
        self.assertEqual(self._next()["old_reference"], old)

    def test_later_change_was_accepted(self):
        """A rejected change is moot once the bank has accepted a later one of the same kind."""
        self._collect()
        self._amend(OTHER_BANK)
        rejected = self._collect()
        self._amend(THIRD)
        accepted = self._collect()
        self.assertEqual(accepted.amendment_event_ids.data["new_iban"], self.mandate.iban_masked)
        rejected._reopen("rejected", "AC04", fields.Date.today(), "test")
        self.assertFalse(self.mandate.has_waiting_amendment)

    def test_rejected_while_the_next_waits_in_a_file(self):
        """A file with a later change is out of date when the change before it was rejected."""
        self._collect()
        self._amend(OTHER_BANK)
        rejected = self._collect()
        self._amend(THIRD)
        debit = self._new_debit()
        batch = self._batch(debit)
        rejected._reopen("rejected", "AC04", fields.Date.today(), "test")
        with self._refused("What the bank must be told of mandate .* changed"):
            batch.action_submit()
        batch.action_generate()
        self.assertEqual(len(debit.amendment_event_ids), 2)
        batch.action_submit()

    def test_overwritten_account(self):
        """When somebody has overwritten the old account's number, the bank is told no wrong one."""
        self._collect()
        old = self.mandate.bank_account_id
        self._amend(SAME_BANK)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner_bank SET sanitized_acc_number = %s WHERE id = %s",
            (OTHER_BANK, old.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._next()["smnda"], "SMNDA")

    def test_creditor(self):
        """Identifier and name of the creditor; another business code is no change."""
        self._collect()
        old_identifier, old_name = self.mandate.creditor_identifier, self.mandate.creditor_name
        self.mandate._amend_creditor(identifier="DE98TLA09999999999")
        self.assertFalse(self.mandate.has_waiting_amendment)
        self.company.sdd_creditor_identifier = SECOND_CREDITOR_ID
        self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID, name="Neue Firma GmbH")
        self.assertIn("Neue Firma GmbH", self.mandate.waiting_amendment_text)
        debit = self._new_debit()
        batch = self._batch(debit)
        self.assertEqual(batch.creditor_identifier, SECOND_CREDITOR_ID)
        said = self._read(batch, debit)
        self.assertEqual(said["old_identifier"], old_identifier)
        self.assertEqual(said["old_creditor"], old_name)

    def test_waiting_list(self):
        """The mandate says what goes to the bank next, in words, and is found by it."""
        self._collect()
        mandates = self.env["sdd.mandate"]
        self.assertNotIn(self.mandate, mandates.search([("has_waiting_amendment", "=", True)]))
        self._amend(OTHER_BANK)
        self.assertIn(self.mandate, mandates.search([("has_waiting_amendment", "=", True)]))
        self.assertNotIn(self.mandate, mandates.search([("has_waiting_amendment", "=", False)]))
        self.assertEqual(
            self.mandate.waiting_amendment_text, f"New account: {self.mandate.iban_masked}"
        )
        self.assertNotIn(OTHER_BANK, self.mandate.waiting_amendment_text.replace(" ", ""))


@tagged("-at_install", "post_install")
class TestAmendmentRules(AmendmentCase):
    """Which changes are refused, and what a change leaves behind."""

    def test_event(self):
        """The history holds masks, records and keyed hashes, and no account number."""
        event = self._amend(SAME_BANK, evidence="email_reply", note=f"please use {SAME_BANK}")
        self.assertEqual(event.kind, "amended")
        self.assertEqual(event.data["change"], "account")
        self.assertEqual(event.data["new_account_id"], self.mandate.bank_account_id.id)
        self.assertEqual(event.data["new_iban"][-4:], SAME_BANK[-4:])
        self.assertNotEqual(event.data["old_iban_hash"], event.data["new_iban_hash"])
        text = str(event.data).replace(" ", "")
        self.assertNotIn(SAME_BANK, text)
        self.assertNotIn(FIRST, text)
        self.assertIsNone(self.mandate._verify())

    def test_grade_counts_anew(self):
        """Who confirmed one account has not confirmed another."""
        self.mandate._add_evidence("own_device_tick")
        self.assertEqual(self.mandate.evidence_grade, "B")
        self._amend(SAME_BANK)
        self.assertEqual(self.mandate.evidence_grade, "D")
        self._amend(OTHER_BANK, evidence="own_device_code")
        self.assertEqual(self.mandate.evidence_grade, "B")
        self.mandate._amend_reference("OTHER-REF")
        self.assertEqual(self.mandate.evidence_grade, "B")

    def test_refused_accounts(self):
        """Each account that cannot be debited with the mandate has its own sentence."""
        other = self._create_customer("Somebody Else")
        accounts = self.env["res.partner.bank"]
        bad = accounts.create({"acc_number": "12345678", "partner_id": self.customer.id})
        cases = {
            "is the account of mandate": self._account(FIRST),
            "must give a new mandate": self._account(OTHER_BANK, other),
            "was given by Jörg Müßig": self._account(SAME_BANK, holder="Petra Müßig"),
            "is not a country code|holds|cannot": bad,
        }
        for message, account in cases.items():
            with self.subTest(message), self._refused(message):
                self.mandate.amend_bank_account(account)
        with self._refused("no kind of evidence"):
            self._amend(OTHER_BANK, evidence="hearsay")

    def test_spellings_of_the_holder(self):
        """How a bank writes the name does not matter; another first name does."""
        for name in ("MUESSIG, JOERG", "jörg müßig", "Joerg  Muessig"):
            self.assertTrue(self.mandate._is_holder(name), name)
        for name in ("Petra Müßig", "Jörg", "Müßig GmbH"):
            self.assertFalse(self.mandate._is_holder(name), name)

    def test_states(self):
        """A mandate that has ended changes no more, one that is suspended may."""
        self.mandate.action_suspend()
        self._amend(OTHER_BANK)
        self.assertEqual(self.mandate.state, "suspended")
        self.mandate.action_revoke()
        for change in (
            lambda: self._amend(THIRD),
            lambda: self.mandate._amend_reference("X-1"),
            lambda: self.mandate._amend_creditor(name="X"),
        ):
            with self._refused("ended"):
                change()

    def test_references(self):
        """A reference is unique in capitals and small letters, and one that banks take."""
        other = self._create_mandate(iban=DEBTOR_IBANS[1], name="ABC-1")
        for reference, message in (
            ("abc-1", "Another mandate has the reference"),
            ("Straße", "cannot be a mandate reference"),
            ("/X", "cannot be a mandate reference"),
            (self.mandate.name, "already"),
        ):
            with self.subTest(reference), self._refused(message):
                self.mandate._amend_reference(reference)
        other._amend_reference("abc-1")
        self.assertEqual(other.name, "abc-1")

    def test_creditor_refused(self):
        """A wrong identifier, and a reference that is in use under the new one."""
        with self._refused("has 18 characters"):
            self.mandate._amend_creditor(identifier="DE98ZZZ9999999999")
        self._create_mandate(
            iban=DEBTOR_IBANS[1],
            name=self.mandate.name.lower(),
            creditor_identifier=SECOND_CREDITOR_ID,
        )
        with self._refused("in use under"):
            self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID)

    def test_many_creditors_at_once(self):
        """Each mandate that says something else gets an event of its own; the others none."""
        mandates = self.mandate | self._create_mandate(
            self._create_customer("Second"), DEBTOR_IBANS[1]
        )
        mandates[1].sudo().creditor_name = "Old Name Ltd"
        events = mandates._amend_creditor(name=self.company.name)
        self.assertEqual(events.mandate_id, mandates[1])
        self.assertEqual(events.data["old_creditor"], "Old Name Ltd")
        self.assertEqual(len(mandates._amend_creditor(identifier=SECOND_CREDITOR_ID)), 2)
        self.assertEqual([mandate._verify() for mandate in mandates], [None, None])

    def test_rights(self):
        """Portal users amend nothing by calling the method; support staff do."""
        account = self._account(OTHER_BANK)
        portal = new_test_user(self.env, login="amend_portal", groups="base.group_portal")
        with self._refused("", Exception):
            self.mandate.with_user(portal).amend_bank_account(account)
        staff = new_test_user(
            self.env, login="amend_staff", groups="support_debit.group_support_user"
        )
        self.mandate.with_user(staff).amend_bank_account(account.with_user(staff))
        self.assertEqual(self.mandate.bank_account_id, account)
        self.assertEqual(self.mandate.event_ids.sorted("number")[-1].user_id, staff)

    def test_b2b_is_confirmed_again(self):
        """Another account of a B2B mandate is confirmed to the bank anew before it is debited."""
        company = self._create_customer("Firma GmbH", is_company=True)
        mandate = self._create_mandate(company, DEBTOR_IBANS[1], scheme="B2B")
        mandate.action_note_bank_confirmation()
        mandate.amend_bank_account(self._account(OTHER_BANK, company))
        self.assertFalse(mandate.bank_confirmed_date)
        self.assertTrue(mandate.waits_for_bank)


@tagged("-at_install", "post_install")
class TestAmendmentInFile(AmendmentCase):
    """A mandate that changes while a file with it lies in the house, or after it has left."""

    def test_account_changed_after_generation(self):
        """The old file is refused and says why; made again it has the new account."""
        self._collect()
        debit = self._new_debit()
        batch = self._batch(debit)
        self._amend(OTHER_BANK)
        with self._refused(f"{debit.end_to_end_id}: The account of mandate .* the old one"):
            batch.action_submit()
        self.assertEqual(batch.state, "generated")
        batch.action_generate()
        said = self._read(batch, debit)
        self.assertEqual((said["iban"], said["smnda"]), (OTHER_BANK, "SMNDA"))
        batch.action_submit()
        self.assertEqual(debit.state, "submitted")

    def test_reference_changed_after_generation(self):
        """So with the reference."""
        batch = self._batch(self._new_debit())
        self.mandate._amend_reference("NEW-REF")
        with self._refused("The mandate reference changed from .* to NEW-REF"):
            batch.action_submit()

    def test_creditor_changed_after_generation(self):
        """A debit of another creditor identifier leaves the batch for one of its own."""
        other = self._create_mandate(self._create_customer("Second"), DEBTOR_IBANS[1])
        debit, stays = self._new_debit(), self._create_debit(other.partner_id, other)
        batch = self._batch(debit, stays)
        bank = self.journal.copy({"sdd_creditor_identifier": SECOND_CREDITOR_ID})
        bank.bank_account_id = self.journal.bank_account_id
        self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID)
        with self._refused("names the creditor identifier AT61.* collects under DE98"):
            batch.action_submit()
        batch.action_generate()
        self.assertEqual(batch.debit_ids, stays)
        self.assertEqual((debit.state, debit.journal_id), ("queued", bank))
        other_batch = self.env["sdd.batch"]._create_due_batches(bank)
        self.assertEqual(other_batch.debit_ids, debit)
        self.assertEqual(other_batch.creditor_identifier, SECOND_CREDITOR_ID)

    def test_no_bank_for_the_new_creditor(self):
        """A debit whose new creditor identifier no bank has is held and says so."""
        debit = self._new_debit()
        batch = self._batch(debit)
        self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID)
        batch.action_generate()
        self.assertFalse(batch.exists())
        self.assertEqual(self.env["sdd.batch"]._create_due_batches(self.journal).ids, [])
        self.assertEqual((debit.state, debit.hold_code), ("held", "creditor"))

    def test_sent_debits_keep_their_account(self):
        """What was sent stays what was sent, in the list and when the bank names the mandate."""
        sent = self._collect()
        old, old_name = self.mandate.iban_masked, self.mandate.name
        self._amend(OTHER_BANK)
        self.mandate._amend_reference("RENAMED-1")
        waiting = self._new_debit()
        self.assertEqual(sent.iban_masked, old)
        self.assertEqual(waiting.iban_masked, self.mandate.iban_masked)
        self.assertEqual(sent.file_reference, old_name)
        self._batch(waiting).action_submit()
        self.assertNotEqual(waiting.iban_masked, old)
