"""What is kept for a short time in a form that only the program can read."""

import base64

from cryptography.fernet import Fernet, InvalidToken


def _make_fernet(env):
    key = env["ir.config_parameter"]._sdd_get_key("bureau")
    return Fernet(base64.urlsafe_b64encode(key))


def encrypt(env, text):
    """Return a text encrypted with this database's key; False for nothing.

    :param env: environment of the database.
    :param str|bytes text: what is hidden.
    :rtype: str | bool
    """
    if not text:
        return False
    data = text if isinstance(text, bytes) else text.encode()
    return _make_fernet(env).encrypt(data).decode()


def decrypt(env, token):
    """Return the text, "" when there is none or its key is not this database's.

    :rtype: str
    """
    if not token:
        return ""
    try:
        return _make_fernet(env).decrypt(token.encode()).decode("utf-8", "replace")
    except InvalidToken:
        return ""
