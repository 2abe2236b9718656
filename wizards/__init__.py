from . import sdd_bank_import
