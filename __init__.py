# Part of support_debit. See LICENSE file for full copyright and licensing details.

from . import controllers, demo, models, report, wizards
from .hooks import post_init_hook, uninstall_hook

__all__ = ["controllers", "demo", "models", "post_init_hook", "report", "uninstall_hook", "wizards"]
