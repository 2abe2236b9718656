from . import sdd_reason
from . import sdd_bank_connection
from . import account_journal
from . import sdd_bank_message
from . import sdd_return
from . import account_bank_statement_line
from . import sdd_batch
from . import sdd_debit
