from . import confirmation
from . import payment
from . import portal
from . import portal_account
