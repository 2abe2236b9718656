# The rooms on the line package -> mandate -> risk -> debit -> bank; each knows those before it.
from . import guarded
from . import package
from . import mandate
from . import risk
from . import debit
from . import bank
