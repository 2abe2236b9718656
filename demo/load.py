"""Load the demo company into a database without demo data.

usage: bin/odoo shell -d DATABASE --no-http < demo/load.py

Reads the files that the manifest lists under `demo`, as Odoo does with --with-demo, and commits.
A second run changes nothing.
"""

from odoo.modules.module import Manifest
from odoo.tools import convert_file


def load(env):
    """Load the demo files in their order; commits."""
    env = env(su=True)
    if env["support.debit.demo"]._is_loaded():
        return
    for file_name in Manifest.for_addon("support_debit")["demo"]:
        convert_file(env, "support_debit", file_name, {}, mode="init", noupdate=True)
    env.cr.commit()


load(env)  # noqa: F821  (given by odoo shell)
