from . import confirmation
from . import payment
from . import portal
