from odoo import api, models
from odoo.exceptions import UserError


class SupportGuarded(models.AbstractModel):
    """Records whose state follows a table and whose contents are fixed once they count.

    A form shows such fields as read-only, but a call from outside may write any field that its user
    may write. What the program itself does in sudo mode is not looked at.
    """

    _name = "support.guarded"
    _description = "Record with Fixed Contents"

    #: Every allowed change of the state: `{state: states that may follow}`.
    _transitions = {}
    #: Fields that no user writes, in no state; `_write_state` does.
    _guarded_fields = frozenset({"state"})
    #: Fields that stay as they are as soon as the state is none of `_open_states`.
    _fixed_fields = frozenset()
    _open_states = frozenset({"draft"})

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                defaults = self.default_get(list(self._guarded_fields & vals.keys()))
                self._refuse_guarded(
                    name
                    for name in self._guarded_fields & vals.keys()
                    if vals[name] != defaults.get(name, False)
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            for record in self:
                fixed = self._guarded_fields
                if record.state not in self._open_states:
                    fixed |= self._fixed_fields
                self._refuse_guarded(
                    name for name in fixed & vals.keys() if record._is_other_value(name, vals[name])
                )
        return super().write(vals)

    def _move_to(self, state, **values):
        """Change the state along `_transitions`, refuse everything else.

        What a run does to many records stands in their fields; only single steps, those that a
        person takes, go to the chatter.

        :param str state: the new state.
        :param values: what is written with it.
        :raise UserError: when the change is not allowed.
        :raise AccessError: when the user may not write the records.
        """
        for record in self:
            if state not in self._transitions[record.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(name)s is “%(old)s” and cannot become “%(new)s”.",
                        name=record.display_name,
                        old=labels[record.state],
                        new=labels[state],
                    )
                )
        self.with_context(tracking_disable=len(self) > 1)._write_state({"state": state, **values})

    def _write_state(self, vals):
        """Write a change of state that has been checked, for a user who may write the records.

        :param dict vals: the state and what belongs to it.
        :raise AccessError: when the user may not write the records.
        """
        self.check_access("write")
        self.sudo().write(vals)

    def _is_other_value(self, name, value):
        """Return whether writing `value` would change the field.

        Note: self.ensure_one()
        """
        field = self._fields[name]
        new = field.convert_to_record(field.convert_to_cache(value, self), self)
        return new != self[name]

    @api.model
    def _refuse_guarded(self, names):
        """Raise a UserError when there are any such fields.

        :param names: iterable of field names.
        """
        if labels := [self._fields[name]._description_string(self.env) for name in sorted(names)]:
            raise UserError(
                self.env._("This cannot be changed by hand: %(fields)s.", fields=", ".join(labels))
            )
