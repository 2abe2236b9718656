from . import test_checkout_tour
from . import test_checkout_requests
from . import test_bank_circle
from . import test_mock_bank
from . import test_confirmation_mail
