"""One timeline for each order, invoice and customer: what happened, what is planned."""

from datetime import UTC

from odoo import models
from odoo.tools import format_date, groupby

from . import const

#: A customer's story begins here when it is longer.
MAX_EVENTS = 300


class SddTimeline(models.AbstractModel):
    """Puts the events of several records in order and into words for the screen and the voice."""

    _name = "sdd.timeline"
    _description = "Payment Story"

    def _present(self, events):
        """Return a timeline as the screen shows it, in the user's language and time zone.

        :param list[TimelineEvent] events: in any order.
        :return: {days: [{day, is_planned, events: [{kind, icon, text, model, id}]}], spoken: [str]};
            what happened comes first, in order, then what is planned.
        :rtype: dict
        """
        unique = dict.fromkeys(events)
        ranked = sorted(unique, key=lambda event: (event.is_planned, event.date))[-MAX_EVENTS:]
        readable = self._filter_readable(ranked)

        def local_day(event):
            return event.date.replace(tzinfo=UTC).astimezone(self.env.tz).date()

        days, spoken = [], []
        for (is_planned, day), members in groupby(
            ranked, key=lambda event: (event.is_planned, local_day(event))
        ):
            days.append(
                {
                    "day": format_date(self.env, day, date_format="full"),
                    "is_planned": is_planned,
                    "events": [self._present_event(event, readable) for event in members],
                }
            )
            spoken += [self._speak(day, is_planned, event.text) for event in members]
        return {"days": days, "spoken": spoken}

    def _present_event(self, event, readable):
        """Return one event as the screen shows it."""
        opens = event.record and (event.record._name, event.record.id) in readable
        return {
            "kind": event.kind,
            "icon": const.TIMELINE_KINDS[event.kind],
            "text": event.text,
            "model": event.record._name if opens else False,
            "id": event.record.id if opens else False,
        }

    def _speak(self, day, is_planned, text):
        """Return one event as a sentence that can be read out, with its date in full."""
        spoken_day = format_date(self.env, day, date_format="long")
        if is_planned:
            return self.env._("Planned for %(day)s: %(text)s", day=spoken_day, text=text)
        return self.env._("%(day)s: %(text)s", day=spoken_day, text=text)

    def _filter_readable(self, events):
        """Return which records a click may open: {(model, id)}.

        The story is told in sudo mode, because a salesperson hears of batches and entries that he
        cannot open.
        """
        ids = {}
        for event in events:
            if event.record:
                ids.setdefault(event.record._name, set()).add(event.record.id)
        env = self.env(su=False)
        return {
            (model, record.id)
            for model, wanted in ids.items()
            for record in env[model].browse(wanted)._filtered_access("read")
        }
