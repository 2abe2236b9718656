from . import sdd_mandate_report
