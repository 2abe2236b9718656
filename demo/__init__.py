from . import support_debit_demo
