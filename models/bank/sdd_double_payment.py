"""Money that comes another way while a debit for it is at the bank: a person must look."""

from odoo import api, models
from odoo.tools import format_amount


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    @api.model
    def _find_paid_twice(self, company, payments):
        """Return the debits at the bank that payments of another kind may double.

        A payment of the same amount counts when it is from the same customer or names the invoice.

        :param company: `res.company` record.
        :param list payments: of (partner, amount, text).
        :rtype: `sdd.debit` recordset (sudo)
        """
        found = {}
        for partner, amount, text in payments:
            partners, texts = found.setdefault(company.currency_id.round(amount), (set(), []))
            partners.add(partner.commercial_partner_id.id)
            texts.append((text or "").lower())
        # In sudo mode: whoever enters payments need not see debits.
        candidates = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "submitted"),
                ("amount", "in", list(found)),
            ]
        )
        joined = {amount: (ids, "\n".join(texts)) for amount, (ids, texts) in found.items()}
        return candidates.filtered(
            lambda debit: debit._is_named_by(
                *joined.get(company.currency_id.round(debit.amount), (set(), ""))
            )
        )

    def _is_named_by(self, partner_ids, text):
        """Return whether payments of its amount seem to be for what this debit collects.

        Note: self.ensure_one()

        :param set partner_ids: commercial entities that paid.
        :param str text: what stands on the payments, in lower case.
        """
        names = [name for name in self.invoice_ids.mapped("name") if name]
        return self.partner_id.id in partner_ids or any(name.lower() in text for name in names)

    def _warn_of_double_payment(self):
        """Put these debits on the accountant's list, each once."""
        for debit in self:
            user = debit.journal_id._sdd_get_responsible()
            debit = debit.with_context(lang=user.lang)
            summary = debit.env._("Double payment possible")
            if summary in debit.activity_ids.mapped("summary"):
                continue
            debit.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=summary,
                note=debit.env._(
                    "%(amount)s came from %(customer)s another way while the same amount is being"
                    " collected by direct debit. When both have been credited, give one back.",
                    amount=format_amount(debit.env, debit.amount, debit.currency_id),
                    customer=debit.partner_id.name,
                ),
            )


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to look for transfers that a debit at the bank collects, too."""
        lines = super().create(vals_list)
        others = self.browse(
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if line.amount > 0 and not self._books_debits(vals)
        )
        for company, found in others.grouped("company_id").items():
            payments = [(line.partner_id, line.amount, line.payment_ref) for line in found]
            self.env["sdd.debit"]._find_paid_twice(company, payments)._warn_of_double_payment()
        return lines

    @api.model
    def _books_debits(self, vals):
        """Return whether the values of a line say that it credits debits."""
        items = [command[2] for command in vals.get("line_ids") or [] if len(command) == 3]
        return any(item.get("sdd_batch_id") or item.get("sdd_debit_id") for item in items if item)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        """Override to look for payments that a debit at the bank collects, too."""
        res = super().action_post()
        incoming = self.filtered(
            lambda p: p.payment_type == "inbound" and p.partner_type == "customer"
        )
        for company, payments in incoming.grouped("company_id").items():
            found = [(p.partner_id, p.amount, p.memo) for p in payments]
            self.env["sdd.debit"]._find_paid_twice(company, found)._warn_of_double_payment()
        return res
