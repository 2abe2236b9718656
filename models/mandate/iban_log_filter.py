"""Keeps account numbers out of the log, whatever goes wrong.

When the database refuses a row, Odoo logs the statement with its values, and the error names the
key. Nothing that this add-on does can prevent that for every case, so what is logged is masked.
"""

import logging

from ...sepa import iban as sepa_iban

#: Who logs values that came from a user or from the database.
LOGGERS = ("odoo.sql_db", "odoo.http", "odoo.service.model", "odoo.service.server")


class IbanFilter(logging.Filter):
    """Masks every IBAN in a message and its traceback; lets every message through."""

    def filter(self, record):
        """Mask what is in a record.

        :param record: `logging.LogRecord`, changed in place.
        :return: always true.
        """
        text = record.getMessage()
        masked = sepa_iban.mask_in_text(text)
        if masked != text:
            record.msg, record.args = masked, None
        if record.exc_info and not record.exc_text:
            # A formatter that finds this text does not write the traceback itself.
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = sepa_iban.mask_in_text(trace)
        return True


def install():
    """Add the filter to Odoo's loggers, once for each process."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, IbanFilter) for known in logger.filters):
            logger.addFilter(IbanFilter())


install()
