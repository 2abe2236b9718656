from . import test_checkout_tour
from . import test_bank_circle
