import logging

from odoo import api, models

from .bank_desk import BankDesk
from .company import CREDITOR_ID, Company
from .customers import Customers
from .history import History
from .orders import OrderDesk
from .present import Present
from .shop import Shop

_logger = logging.getLogger(__name__)


class SupportDebitDemo(models.AbstractModel):
    """The demo company, made through the same methods as real orders, mandates and debits."""

    _name = "support.debit.demo"
    _description = "Support Debit Demo Data"

    @api.model
    def _load(self):
        """Make the demo company and its history, once; called by the demo data.

        :return: whether something was made.
        :rtype: bool
        """
        if self._is_loaded():
            _logger.info("The demo company exists already, nothing to load.")
            return False
        # In sudo mode: the demo writes in every room.
        demo = self.with_context(tracking_disable=True, lang="en_US", tz="Europe/Berlin").sudo()
        company = Company(demo.env).prepare()
        website = Shop(company).prepare()
        customers = Customers(company)
        partners = customers.create()
        desk = OrderDesk(company, website, partners, customers.ibans)
        history = History(desk, BankDesk(company))
        history.play()
        Present(history).play()
        desk.risk.play(desk)
        return True

    @api.model
    def _is_loaded(self):
        """Return whether a company collects with the demo's creditor identifier already."""
        mandates = self.env["sdd.mandate"].sudo()
        return bool(mandates.search_count([("creditor_identifier", "=", CREDITOR_ID)], limit=1))
