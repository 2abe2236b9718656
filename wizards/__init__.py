from . import sdd_bank_import
from . import sdd_mandate_evidence_add
from . import sdd_mandate_revoke
