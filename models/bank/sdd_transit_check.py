from odoo import api, fields, models
from odoo.tools import SQL, format_amount, plaintext2html


class SddTransitCheck(models.Model):
    """Whether the account in transit holds what the debits say, file by file.

    One line for each file that is not through, and one for each bank with what stands on the
    account without a file. The day is taken from the context (`sdd_as_of`), today if it is missing.

    What the debits say, each times its amount: it was sent (+1), the statement has shown its credit
    (-1), the bank has announced its return (-1), the statement has shown the return (+1). A return
    that comes with the statement itself never touches the account: the last two cancel out.
    """

    _name = "sdd.transit.check"
    _description = "Check of the Account in Transit"
    _auto = False
    _order = "is_red desc, journal_id, batch_id desc"
    _depends = {
        "account.move.line": [
            "account_id",
            "balance",
            "date",
            "parent_state",
            "sdd_batch_id",
            "sdd_debit_id",
        ],
        "account.move": ["date", "sdd_batch_id"],
        "account.journal": ["company_id", "sdd_transit_account_id"],
        "sdd.debit": [
            "amount",
            "batch_id",
            "return_on_statement",
            "return_statement_date",
            "settlement_date",
            "state",
        ],
        "sdd.batch": ["collection_date", "journal_id", "submitted_date"],
        "sdd.return": ["booking_date", "debit_id"],
    }

    journal_id = fields.Many2one("account.journal", string="Bank", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    batch_id = fields.Many2one("sdd.batch", readonly=True)
    collection_date = fields.Date(string="Due Date", readonly=True)
    balance = fields.Monetary(string="On the account", readonly=True)
    submitted_amount = fields.Monetary(
        string="At the bank", readonly=True, help="Debits that were sent and not credited yet."
    )
    announced_amount = fields.Monetary(
        string="Announced",
        readonly=True,
        help="Debits that came back where the statement lacks the credit or the return still.",
    )
    expected_amount = fields.Monetary(string="The debits say", readonly=True)
    difference = fields.Monetary(readonly=True)
    is_red = fields.Boolean(readonly=True)
    status = fields.Selection(
        [("green", "Agrees"), ("red", "Does not agree")], compute="_compute_status"
    )

    @api.depends("batch_id.name", "journal_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for check in self:
            check.display_name = check.batch_id.name or self.env._("Without a batch")

    @api.depends("is_red")
    def _compute_status(self):
        for check in self:
            check.status = "red" if check.is_red else "green"

    # === QUERY === #

    @api.model
    def _get_as_of(self):
        """Return the day for which the account is looked at."""
        day = fields.Date.to_date(self.env.context.get("sdd_as_of"))
        return day or fields.Date.context_today(self)

    @property
    def _table_query(self):
        day = self._get_as_of()
        return SQL(
            """
            WITH ledger AS (%(ledger)s), said AS (%(debits)s)
            SELECT b.id * 2 AS id, b.id AS batch_id, j.id AS journal_id, j.company_id,
                   b.collection_date, %(figures)s
              FROM sdd_batch b
              JOIN account_journal j ON j.id = b.journal_id
              LEFT JOIN ledger ON ledger.batch_id = b.id
              LEFT JOIN said ON said.batch_id = b.id
             WHERE COALESCE(ledger.balance, 0) <> 0 OR COALESCE(said.submitted, 0) <> 0
                   OR COALESCE(said.announced, 0) <> 0
             UNION ALL
            SELECT j.id * 2 + 1, NULL, j.id, j.company_id, NULL::date, %(figures)s
              FROM account_journal j
              LEFT JOIN ledger ON ledger.batch_id IS NULL AND ledger.journal_id = j.id
              LEFT JOIN said ON FALSE
             WHERE j.sdd_transit_account_id IS NOT NULL AND j.type = 'bank'
            """,
            ledger=self._query_ledger(day),
            debits=self._query_debits(day),
            figures=SQL(
                """
                COALESCE(ledger.balance, 0) AS balance,
                COALESCE(said.submitted, 0) AS submitted_amount,
                COALESCE(said.announced, 0) AS announced_amount,
                COALESCE(said.submitted, 0) + COALESCE(said.announced, 0) AS expected_amount,
                COALESCE(ledger.balance, 0) - COALESCE(said.submitted, 0)
                    - COALESCE(said.announced, 0) AS difference,
                ABS(COALESCE(ledger.balance, 0) - COALESCE(said.submitted, 0)
                    - COALESCE(said.announced, 0)) >= 0.005 AS is_red
                """
            ),
        )

    def _query_ledger(self, day):
        """Return the query for what stands on the accounts, by file, else by bank.

        Where banks share an account, what has no file belongs to the first of them.
        """
        return SQL(
            """
            SELECT l.sdd_batch_id AS batch_id,
                   CASE WHEN l.sdd_batch_id IS NULL THEN owner.journal_id END AS journal_id,
                   SUM(l.balance) AS balance
              FROM account_move_line l
              JOIN (SELECT sdd_transit_account_id AS account_id, MIN(id) AS journal_id
                      FROM account_journal
                     WHERE sdd_transit_account_id IS NOT NULL AND type = 'bank'
                     GROUP BY sdd_transit_account_id) owner ON owner.account_id = l.account_id
             WHERE l.parent_state = 'posted' AND l.date <= %(day)s
             GROUP BY 1, 2
            """,
            day=day,
        )

    def _query_debits(self, day):
        """Return the query for what the debits say, by file.

        Days are those of the entries, as a locked period moves an entry on; amounts are the
        debits' own.
        """
        return SQL(
            """
            SELECT d.batch_id,
                   SUM(CASE WHEN back.day IS NULL OR back.day > %(day)s
                       THEN d.amount * CASE WHEN d.settlement_date <= %(day)s THEN 0 ELSE 1 END
                       ELSE 0 END) AS submitted,
                   SUM(CASE WHEN back.day <= %(day)s
                       THEN d.amount * (CASE WHEN shown.day <= %(day)s THEN 1 ELSE 0 END
                                      - CASE WHEN d.settlement_date <= %(day)s THEN 1 ELSE 0 END)
                       ELSE 0 END) AS announced
              FROM sdd_debit d
              JOIN (SELECT b.id, COALESCE(MIN(m.date), MIN(b.submitted_date)::date) AS day
                      FROM sdd_batch b
                      LEFT JOIN account_move m ON m.sdd_batch_id = b.id
                     WHERE b.submitted_date IS NOT NULL
                     GROUP BY b.id) sent ON sent.id = d.batch_id AND sent.day <= %(day)s
              LEFT JOIN sdd_return r ON r.debit_id = d.id
              LEFT JOIN (SELECT l.sdd_debit_id, MIN(l.date) AS day
                           FROM account_move_line l
                           JOIN account_journal j ON j.sdd_transit_account_id = l.account_id
                          WHERE l.sdd_debit_id IS NOT NULL AND l.parent_state = 'posted'
                          GROUP BY 1) countered ON countered.sdd_debit_id = d.id
              CROSS JOIN LATERAL (
                    SELECT CASE WHEN d.state IN ('rejected', 'returned')
                           THEN COALESCE(countered.day, r.booking_date, d.write_date::date) END AS day
              ) back
              CROSS JOIN LATERAL (
                    SELECT CASE WHEN d.return_on_statement
                           THEN COALESCE(d.return_statement_date, back.day) END AS day
              ) shown
             WHERE d.state IN ('submitted', 'rejected', 'returned')
                   OR (d.state = 'settled' AND d.settlement_date > %(day)s)
             GROUP BY d.batch_id
            """,
            day=day,
        )

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Open the report."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_transit_check"
        )

    def action_view_entries(self):
        """Open the journal items behind a line; those that make the difference where it is known."""
        self.ensure_one()
        lines = self._get_strange_lines() if self.is_red else None
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_moves_all")
        action.update(
            name=self.env._("%s: journal items", self.display_name),
            domain=[("id", "in", lines.ids)] if lines else self._get_line_domain(),
            context={},
        )
        return action

    def action_view_debits(self):
        """Open the debits of this line's file."""
        self.ensure_one()
        return self.batch_id.action_view_debits()

    def action_print(self):
        """Print these lines, all of them when none is chosen."""
        checks = self or self.search([])
        return self.env.ref("support_debit.action_report_sdd_transit_check").report_action(checks)

    # === BUSINESS METHODS === #

    def _get_line_domain(self):
        """Return the domain of the journal items that make this line's balance.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return [
            ("account_id", "=", self.journal_id.sdd_transit_account_id.id),
            ("sdd_batch_id", "=", self.batch_id.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", self._get_as_of()),
        ]

    def _get_strange_lines(self):
        """Return the journal items of this line that no bank file and no hand-over has booked.

        Note: self.ensure_one()

        :rtype: `account.move.line` recordset
        """
        return self.env["account.move.line"].search(
            [
                *self._get_line_domain(),
                ("move_id.sdd_batch_id", "=", False),
                ("sdd_debit_id", "=", False),
                ("statement_line_id.sdd_message_id", "=", False),
            ]
        )

    @api.model
    def _cron_check(self):
        """Put an activity on the banks where account and debits do not agree, once for each."""
        summary = self.env._("The account in transit does not agree with the debits")
        for journal, checks in self.search([("is_red", "=", True)]).grouped("journal_id").items():
            if summary in journal.activity_ids.mapped("summary"):
                continue
            journal.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=journal._sdd_get_responsible().id,
                summary=summary,
                note=plaintext2html("\n".join(check._describe() for check in checks)),
            )

    def _describe(self):
        """Return this line as a sentence.

        Note: self.ensure_one()
        """
        values = {
            name: format_amount(self.env, self[name], self.currency_id)
            for name in ("balance", "expected_amount", "difference")
        }
        return self.env._(
            "%(name)s: the account holds %(balance)s, the debits say %(expected_amount)s, the"
            " difference is %(difference)s.",
            name=self.display_name,
            **values,
        )
