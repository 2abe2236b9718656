import hashlib
import hmac
import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .const import BINDING_EVENTS, HASH_SCHEME, HASH_SCHEME_1


class SddMandateEvent(models.Model):
    """What happened to a mandate, with its evidence. Written once, chained by hash.

    The chain binds a digest of the evidence, not the evidence itself: what personal data law
    wants erased can go (`_erase`), and every hash still holds.
    """

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
            ("evidence", "Evidence added"),
            ("pending", "Waits for confirmation"),
            ("activated", "Active"),
            ("suspended", "Suspended"),
            ("revoked", "Revoked"),
            ("expired", "Expired"),
            ("amended", "Amended"),
            ("bank_confirmed", "Confirmed to the customer's bank"),
            ("link_sent", "Confirmation link sent"),
            ("link_opened", "Confirmation link opened"),
            ("link_revoked", "Confirmation link withdrawn"),
            ("code_sent", "One-time code sent"),
            ("code_refused", "Wrong code"),
            ("reminded", "Customer reminded"),
            ("replaced", "Replaced by another mandate"),
            ("imported", "Imported"),
            ("used", "Used for an order"),
            ("erased", "Personal data erased"),
        ],
        required=True,
        readonly=True,
    )
    # A user who is deleted would leave an event whose hash no longer matches.
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    evidence_code = fields.Char(
        string="Kind of Evidence", readonly=True, help="Code of a kind of evidence, if it is one."
    )
    data = fields.Json(string="Evidence", readonly=True)
    salt = fields.Char(readonly=True, groups="base.group_system")
    data_digest = fields.Char(string="SHA-256 of the evidence", readonly=True)
    erased_date = fields.Datetime(string="Evidence erased on (UTC)", readonly=True)
    scheme = fields.Char(readonly=True, help="How the hash was made; empty for the first way.")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE(mandate_id, number)",
        "Somebody else changed the mandate just now. Please try again.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number, date and chain the events; the caller gives mandate, kind and data only."""
        mandates = self.env["sdd.mandate"].browse({vals["mandate_id"] for vals in vals_list})
        heads = self._get_heads(mandates)
        now = fields.Datetime.now()
        for vals in vals_list:
            mandate = mandates.browse(vals["mandate_id"])
            number, previous, last_date = heads.get(mandate.id, (0, "", now))
            vals.update(self._complete(vals, mandate))
            # A server whose clock was set back must not turn the order of events around.
            vals.update(number=number + 1, date=max(now, last_date), previous_hash=previous or None)
            vals["hash"] = self._compute_hash(vals)
            heads[mandate.id] = (vals["number"], vals["hash"], vals["date"])
        events = super().create(vals_list)
        mandates._seal({mandate: heads[mandate.id] for mandate in mandates})
        return events

    def write(self, vals):
        raise UserError(self.env._("What happened to a mandate cannot be changed afterwards."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened to a mandate cannot be deleted."))

    # === BUSINESS METHODS === #

    @api.model
    def _complete(self, vals, mandate):
        """Return what the program itself says about an event.

        :param dict vals: kind and data.
        :param mandate: its `sdd.mandate` record.
        :rtype: dict
        """
        data = dict(vals.get("data") or {})
        if vals["kind"] in BINDING_EVENTS:
            data["agreed"] = mandate._get_agreed_digest()
        salt = secrets.token_hex(16)
        return {
            "data": data,
            "salt": salt,
            "data_digest": self._compute_digest(data, salt),
            "evidence_code": data.get("evidence"),
            "user_id": self.env.uid,
            "scheme": HASH_SCHEME,
        }

    @api.model
    def _get_heads(self, mandates):
        """Lock the mandates and return the last event of each: `{id: (number, hash, date)}`."""
        mandates.lock_for_update()
        self.flush_model()
        query = SQL(
            """SELECT DISTINCT ON (mandate_id) mandate_id, number, hash, date
                 FROM sdd_mandate_event WHERE mandate_id IN %s
             ORDER BY mandate_id, number DESC""",
            tuple(mandates.ids),
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)} if mandates else {}

    @staticmethod
    def _compute_digest(data, salt):
        """Return the SHA-256 of an event's evidence; the salt makes it impossible to guess."""
        text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()

    @api.model
    def _compute_hash(self, vals):
        """Return the hash that binds an event to the one before it (SHA-256, hexadecimal)."""
        content = [vals["data_digest"], vals["evidence_code"] or ""]
        if not vals["scheme"]:
            content = [vals.get("data") or {}]
        payload = json.dumps(
            [
                vals["scheme"] or HASH_SCHEME_1,
                vals["mandate_id"],
                vals["number"],
                fields.Datetime.to_string(vals["date"]),
                vals["kind"],
                vals["user_id"],
                *content,
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
        # In sudo mode: the salt is nobody's business, and every reader may check the chain.
        for event in self.sudo().sorted(lambda e: (e.mandate_id.id, e.number)):
            number, last_hash = previous.get(event.mandate_id.id, (0, ""))
            if not (
                event.number == number + 1
                and (event.previous_hash or "") == last_hash
                and event._is_intact()
            ):
                return self.browse(event.id)
            previous[event.mandate_id.id] = (event.number, event.hash)
        return self.browse()

    def _is_intact(self):
        """Return whether this event still says what was hashed (sudo).

        Note: self.ensure_one()
        """
        self.ensure_one()
        vals = {
            "mandate_id": self.mandate_id.id,
            "number": self.number,
            "date": self.date,
            "kind": self.kind,
            "user_id": self.user_id.id,
            "evidence_code": self.evidence_code,
            "data": self.data,
            "data_digest": self.data_digest,
            "scheme": self.scheme,
            "previous_hash": self.previous_hash,
        }
        if not hmac.compare_digest(self.hash or "", self._compute_hash(vals)):
            return False
        if self.erased_date:
            # Only what an event further on names may have been erased.
            return not self.data and self._is_erasure_logged()
        return not self.scheme or self.data_digest == self._compute_digest(
            self.data or {}, self.salt
        )

    def _is_erasure_logged(self):
        """Return whether an event of the same mandate says that this one's data was erased."""
        return any(
            self.number in ((event.data or {}).get("events") or [])
            for event in self.mandate_id.event_ids
            if event.kind == "erased"
        )

    def _erase(self, reason):
        """Erase the evidence of these events; the chain goes on to hold.

        :param str reason: why it may go, kept in an event of its own.
        """
        # In sudo mode: the events of a mandate are written by the program only.
        events = self.sudo().filtered(
            lambda e: e.scheme and not e.erased_date and e.kind != "erased" and e.data
        )
        values = {"data": False, "salt": False, "erased_date": fields.Datetime.now()}
        super(SddMandateEvent, events).write(values)  # pylint: disable=super-method-mismatch
        for mandate, erased in events.grouped("mandate_id").items():
            mandate._log_event("erased", {"reason": reason, "events": erased.mapped("number")})
