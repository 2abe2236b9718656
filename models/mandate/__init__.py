from . import sdd_mandate_text
from . import sdd_mandate_event
from . import sdd_mandate
from . import res_company
from . import res_partner
from . import res_partner_bank
from . import sale_order
from . import support_subscription
