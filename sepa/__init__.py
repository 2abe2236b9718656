"""SEPA direct debit without a database: accounts, references, dates and bank files.

Nothing in this package imports Odoo and nothing is imported here, so that a caller pays only
for the module it uses. Money is :class:`decimal.Decimal`, days are :class:`datetime.date`, and
what travels between functions is a frozen dataclass.
"""
