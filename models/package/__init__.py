from . import support_country_rule
from . import support_plan
from . import support_subscription
from . import support_subscription_bill
from . import res_partner
from . import product_template
from . import sale_order
from . import account_move
