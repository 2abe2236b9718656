"""Tables of the mandate room."""

#: Every allowed change of a mandate's state. Nothing leaves `revoked` or `expired`.
TRANSITIONS = {
    "draft": {"pending", "active", "revoked"},
    "pending": {"active", "revoked", "expired"},
    "active": {"suspended", "revoked", "expired"},
    "suspended": {"active", "revoked", "expired"},
    "revoked": set(),
    "expired": set(),
}

#: A mandate lapses this many months after its last collection was presented: EPC016-06 4.1.
DORMANT_MONTHS = 36

#: Version of the way in which events are hashed, part of the hashed text.
HASH_SCHEME = "sdd-event-1"
