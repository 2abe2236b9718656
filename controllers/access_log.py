"""Keep the secret part of confirmation links out of the server's access log."""

import logging
import re

SECRET_PATH = re.compile(r"(/sdd/confirm/)(?!(?:page|code|renew|pdf)/)[^\s?#/\"]+")


class ConfirmationLogFilter(logging.Filter):
    """Replaces the token of a confirmation link in a line of the access log.

    The link must carry it in its path, because programs that show e-mails and text messages cut
    off or drop everything else. A proxy in front of Odoo writes a log of its own.
    """

    def filter(self, record):
        """Mask the line; nothing is left out.

        :param record: what the HTTP server logs: the request is one of its arguments.
        :return: True
        """
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(mask_token(argument) for argument in record.args)
        record.msg = mask_token(record.msg)
        return True


def mask_token(text):
    """Return a text without tokens of confirmation links; other values as they are."""
    return SECRET_PATH.sub(r"\1•••", text) if isinstance(text, str) else text


def install():
    """Let the access log be masked, once per process."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, ConfirmationLogFilter) for known in logger.filters):
        logger.addFilter(ConfirmationLogFilter())
