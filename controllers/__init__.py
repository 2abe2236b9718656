from . import confirmation
from . import mandate_file
from . import payment
from . import portal
from . import portal_account
from . import portal_day
from . import portal_retry
