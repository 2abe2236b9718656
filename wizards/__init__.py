from . import sdd_bank_import
from . import sdd_iban_reveal
from . import sdd_mandate_evidence_add
from . import sdd_mandate_link
from . import sdd_mandate_revoke
