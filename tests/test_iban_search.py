"""Nobody finds an account number out by searching, grouping or sorting."""

from odoo.fields import Domain
from odoo.tests import tagged

from .bank_details import GROUPED, IBAN, SUPPLIER_IBAN, BankDetailsCommon


@tagged("-at_install", "post_install")
class TestIbanSearch(BankDetailsCommon):
    # === SEARCHING === #

    def test_parts_of_a_number_find_nothing(self):
        places = {
            "res.partner.bank": (self.account, ("acc_number", "sanitized_acc_number")),
            "sdd.mandate": (
                self.mandate,
                ("bank_account_id.acc_number", "bank_account_id.sanitized_acc_number"),
            ),
            "res.partner": (
                self.customer,
                ("bank_ids.acc_number", "bank_ids.sanitized_acc_number"),
            ),
        }
        for model, (record, paths) in places.items():
            seen = self._seen_by(self.clerk, record)
            for path in paths:
                for probe in self._get_probes(path):
                    with self.subTest(model=model, probe=probe):
                        domain = [("id", "=", record.id), probe]
                        self.assertFalse(seen.search(domain))
                        self.assertFalse(seen._read_group(domain, [], ["__count"])[0][0])

    def test_a_refused_condition_says_nothing_either(self):
        """The opposite of a condition is answered the same whatever the number is."""
        seen = self._seen_by(self.clerk)
        for text in ("DE02%", "XX%", "1203", "9999"):
            for operator in ("not like", "not ilike", "not =like"):
                domain = [("id", "=", seen.id), ("acc_number", operator, text)]
                with self.subTest(domain):
                    self.assertEqual(seen.search(domain), seen)
        for wrong in ("DE02500105170137075030", "DE0212030000000020205"):
            domain = [("id", "=", seen.id), ("acc_number", "!=", wrong)]
            self.assertEqual(seen.search(domain), seen)
        self.assertFalse(seen.search([("id", "=", seen.id), ("acc_number", "!=", IBAN)]))

    def test_full_number_is_found(self):
        for user in (self.clerk, self.keeper):
            seen = self._seen_by(user)
            for condition in (
                ("acc_number", "=", IBAN),
                ("acc_number", "=", GROUPED.lower()),
                ("acc_number", "in", ["DE00", IBAN]),
                ("acc_number", "ilike", GROUPED),
                ("sanitized_acc_number", "=", IBAN),
            ):
                with self.subTest(user=user.login, condition=condition):
                    domain = [("id", "=", seen.id), condition]
                    self.assertEqual(seen.search(domain), seen)
            found = seen.env["res.partner"].search(
                [("id", "in", self.accounts.partner_id.ids), ("bank_ids.acc_number", "=", IBAN)]
            )
            self.assertEqual(found.ids, self.customer.ids)

    def test_many_numbers_are_not_tried_at_once(self):
        tried = [
            f"DE{98 - int(f'1203000000002020{n:02d}131400') % 97:02d}1203000000002020{n:02d}"
            for n in range(40, 90)
        ]
        self.assertIn(IBAN, tried)
        seen = self._seen_by(self.clerk)
        self.assertFalse(seen.search([("acc_number", "in", tried)]))
        self.assertTrue(self._seen_by(self.keeper).search([("acc_number", "in", tried)]))

    def test_part_is_found_with_the_right_and_elsewhere(self):
        seen = self._seen_by(self.keeper)
        self.assertEqual(seen.search([("id", "=", seen.id), ("acc_number", "like", "1203")]), seen)
        seen = self._seen_by(self.clerk, self.supplier_account)
        self.assertEqual(seen.search([("id", "=", seen.id), ("acc_number", "like", "6005")]), seen)
        self.assertEqual(
            seen.search([("id", "=", seen.id), ("acc_number", "=", SUPPLIER_IBAN)]), seen
        )

    # === GROUPING AND SORTING === #

    def test_groups_name_no_number(self):
        seen = self._seen_by(self.clerk, self.accounts)
        domain = [("id", "in", seen.ids)]
        for field in ("acc_number", "sanitized_acc_number"):
            groups = seen._read_group(domain, [field], ["__count"])
            self._assert_hidden(groups)
            self.assertEqual(len(groups), 2)
            self._assert_hidden(seen.formatted_read_group(domain, [field], ["__count"]))
            for function in ("min", "max", "array_agg"):
                self._assert_hidden(seen._read_group(domain, [], [f"{field}:{function}"]))
        mandates = self.mandate.with_user(self.clerk)
        self._assert_hidden(mandates._read_group([], ["bank_account_id.acc_number"], ["__count"]))
        opened = seen.formatted_read_group(domain, ["acc_number"], ["__count"])
        found = [seen.search(Domain(group["__extra_domain"]) & Domain(domain)) for group in opened]
        self.assertEqual(sorted(map(len, found)), [1, 1])

    def test_order_gives_nothing_away(self):
        partners = [self._create_customer(f"Holder {number}") for number in range(3)]
        ibans = ("NL91ABNA0417164300", "AT611904300234573201", "DE02500105170137075030")
        mandates = [
            self._create_mandate(partner, iban)
            for partner, iban in zip(partners, ibans, strict=True)
        ]
        accounts = self.env["res.partner.bank"].union(*[m.bank_account_id for m in mandates])
        seen = self._seen_by(self.clerk, accounts)
        for order in ("acc_number, id", "sanitized_acc_number desc, id"):
            found = seen.search([("id", "in", accounts.ids)], order=order)
            self.assertEqual(found.ids, sorted(accounts.ids))
        seen = self._seen_by(self.keeper, accounts)
        found = seen.search([("id", "in", accounts.ids)], order="acc_number")
        self.assertEqual(found.mapped("country_code") and found[0].sanitized_acc_number[:2], "AT")
