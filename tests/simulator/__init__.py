"""A seeded world of customers, banks and fraud whose truth the add-on can't see. Never imports odoo.

It drives the shipped policy with the add-on's own checks of IBANs, names and e-mail addresses, and
says what came back, stage by stage. It proves plumbing and trade-offs, not real accuracy: score and
world have one author.
"""
