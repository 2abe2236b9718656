import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .const import HASH_SCHEME


class SddMandateEvent(models.Model):
    """What happened to a mandate, with its evidence. Written once, chained by hash."""

    _name = "sdd.mandate.event"
    _description = "Mandate Event"
    _order = "mandate_id, number"
    _log_access = False

    mandate_id = fields.Many2one(
        "sdd.mandate", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(related="mandate_id.company_id", store=True)
    number = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(string="When (UTC)", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("created", "Created"),
            ("given", "Given by the customer"),
            ("activated", "Active"),
            ("pending", "Waits for confirmation"),
            ("suspended", "Suspended"),
            ("revoked", "Revoked"),
            ("expired", "Expired"),
            ("amended", "Amended"),
        ],
        required=True,
        readonly=True,
    )
    # A user who is deleted would leave an event whose hash no longer matches.
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    data = fields.Json(string="Evidence", readonly=True)
    data_text = fields.Text(string="Details", compute="_compute_data_text")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE(mandate_id, number)",
        "Somebody else changed the mandate just now. Please try again.",
    )

    @api.depends("data")
    def _compute_data_text(self):
        for event in self:
            event.data_text = "\n".join(
                f"{key}: {value}" for key, value in (event.data or {}).items()
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Number, date and chain the events; the caller gives mandate, kind and data only."""
        heads = self._get_heads({vals["mandate_id"] for vals in vals_list})
        now = fields.Datetime.now()
        for vals in vals_list:
            number, previous = heads.get(vals["mandate_id"], (0, ""))
            vals.update(
                number=number + 1, date=now, user_id=self.env.uid, previous_hash=previous or False
            )
            vals["hash"] = self._compute_hash(vals)
            heads[vals["mandate_id"]] = (vals["number"], vals["hash"])
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("What happened to a mandate cannot be changed afterwards."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened to a mandate cannot be deleted."))

    @api.model
    def _get_heads(self, mandate_ids):
        """Lock the mandates and return the last number and hash of each: `{id: (number, hash)}`."""
        mandates = self.env["sdd.mandate"].browse(mandate_ids)
        mandates.lock_for_update()
        last = self.search([("mandate_id", "in", list(mandate_ids))], order="mandate_id, number")
        return {event.mandate_id.id: (event.number, event.hash) for event in last}

    @api.model
    def _compute_hash(self, vals):
        """Return the hash that binds an event to the one before it (SHA-256, hexadecimal)."""
        payload = json.dumps(
            [
                HASH_SCHEME,
                vals["mandate_id"],
                vals["number"],
                fields.Datetime.to_string(vals["date"]),
                vals["kind"],
                vals["user_id"],
                vals.get("data") or {},
                vals["previous_hash"] or "",
            ],
            sort_keys=True,
            ensure_ascii=False,
            default=str,
        )
        return hashlib.sha256(payload.encode()).hexdigest()

    def _find_broken(self):
        """Return the first event of these whose hash no longer matches, or an empty recordset."""
        previous = {}
        for event in self.sorted(lambda e: (e.mandate_id.id, e.number)):
            vals = {
                "mandate_id": event.mandate_id.id,
                "number": event.number,
                "date": event.date,
                "kind": event.kind,
                "user_id": event.user_id.id,
                "data": event.data,
                "previous_hash": event.previous_hash,
            }
            number, last_hash = previous.get(event.mandate_id.id, (0, ""))
            intact = (
                event.number == number + 1
                and (event.previous_hash or "") == last_hash
                and event.hash == self._compute_hash(vals)
            )
            if not intact:
                return event
            previous[event.mandate_id.id] = (event.number, event.hash)
        return self.browse()
