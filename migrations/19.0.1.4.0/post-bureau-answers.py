"""Earlier answers of bureaus that still count say no more "unknown" of what was never delivered."""


def migrate(cr, version):
    """Leave out of earlier answers what they did not say: it could mean another colour from now on.

    :param cr: the database cursor.
    :param str version: the version that the database comes from.
    """
    if not version:
        return
    cr.execute(
        """
        UPDATE risk_provider_call
           SET values = jsonb_strip_nulls(values)
         WHERE outcome = 'ok'
           AND valid_until > now() AT TIME ZONE 'UTC'
        """
    )
