from . import risk_assessment_report
from . import ir_actions_report
from . import sdd_mandate_report
from . import sdd_proof_pack
from . import sdd_proof_pack_history
from . import sdd_proof_pack_money
from . import sdd_transit_check
from . import sdd_prenotification
