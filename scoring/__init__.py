"""Pure computation about risk: scorecards, decisions, monitoring figures. Never imports odoo."""
