"""What happens between the steps of a FinTS dialog."""

import base64
import json
import logging

from odoo import fields, models
from odoo.addons.support_debit.const import say
from odoo.addons.support_debit.models.bank import const
from odoo.addons.support_debit.sepa import fints_adapter
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac

_logger = logging.getLogger(__name__)


class SddFintsWizard(models.TransientModel):
    _inherit = "sdd.fints.wizard"

    def _start_setup(self, pin):
        """Ask for TAN mechanisms and media."""
        try:
            session = self.connection_id._get_fints_session(pin)
            mechanisms, media = session.find_ways()
            self._remember(session)
        except fints_adapter.FinTSFailure as failure:
            self._show_failure(failure)
            return
        choices = [("mechanism", code, name) for code, name in mechanisms]
        choices += [("medium", name, name) for name in media]
        self.choice_ids.unlink()
        self.choice_ids = [
            (0, 0, {"kind": kind, "code": code, "name": name}) for kind, code, name in choices
        ]
        by_kind = self.choice_ids.grouped("kind")
        self.write(
            {
                "step": "choose",
                "error": False,
                "mechanism_id": by_kind.get("mechanism", self.choice_ids.browse())[:1].id,
                "medium_id": by_kind.get("medium", self.choice_ids.browse())[:1].id,
            }
        )

    def _start_send(self, pin):
        """Log in, book, send: the attempt is in the database before the bank is called."""
        self.batch_id._check_can_be_sent()
        self.handover_id = self.env["sdd.handover"]._log(self.batch_id)
        self._commit()
        self._log_in(pin)

    def _start_fetch(self, pin):
        """Log in and fetch."""
        if self.journal_id.sdd_connection_id != self.connection_id:
            raise UserError(self.env._("Choose a bank journal that uses this connection."))
        self._log_in(pin)

    def _log_in(self, pin):
        """Open the dialog; do the task unless the bank wants a TAN for the login."""
        self._talk(pin, lambda session: session.login(), phase="login")

    def _go_on(self, pin, tan):
        """Wake the dialog up with the TAN."""
        pause = self._load_pause()
        if self.phase == "login":
            self._talk(pin, lambda session: session.resume_login(pause, tan), phase="login")
        else:
            order = self._get_order()
            self._talk(pin, lambda session: session.resume_order(pause, tan, order), phase="order")

    def _talk(self, pin, call, phase):
        """Do one part of the dialog, and the order behind the login, then note what came of it.

        :param str pin: used here only.
        :param call: function (session) -> `sepa.fints_adapter.Step`.
        :param str phase: login or order.
        """
        session = None
        try:
            session = self.connection_id._get_fints_session(pin)
            step = call(session)
            if phase == "login" and not step.challenge:
                phase = "order"
                self._book()
                step = session.execute(self._get_order())
            self._remember(session)
        except fints_adapter.FinTSFailure as failure:
            self._note_failure(failure, phase)
        else:
            self._note_step(step, phase)
        finally:
            if session and not (self.step == "tan" and self.sudo().sleeping):
                session.close()

    def _book(self):
        """Book the batch and write down that the order goes out now. Nothing is locked afterwards."""
        if self.task != "send":
            return
        try:
            batch = self.batch_id.with_context(sdd_handover_id=self.handover_id.id)
            if batch._check_can_be_sent():
                batch._submit()
            else:
                self.handover_id._finish("started")
        except UserError as error:
            self.env.cr.rollback()
            self.handover_id._finish("failed", str(error))
            self._commit()
            raise
        self._commit()

    def _get_order(self):
        """Return what the bank is asked to do."""
        if self.task == "send":
            return self.batch_id._get_fints_order()
        journal = self.journal_id
        return fints_adapter.fints_client.Statements(
            fints_adapter.Account(
                iban=journal.bank_account_id.sudo().sanitized_acc_number,
                bic=journal.bank_id.bic or None,
            ),
            self.since,
            fields.Date.context_today(self),
        )

    def _commit(self):
        """Make what was written last whatever happens at the bank, and release all locks."""
        self.env["ir.cron"]._commit_progress()

    def _remember(self, session):
        """Keep what the bank has told about itself, which saves questions the next time."""
        self.connection_id.sudo().fints_state = base64.b64encode(session.state)

    # === OUTCOME === #

    def _note_step(self, step, phase):
        """Show the bank's challenge, or that it is done."""
        if step.challenge:
            self._show_challenge(step, phase)
            return
        values = {"step": "done", "error": False, "challenge": False, "challenge_image": False}
        if self.task == "send":
            self.handover_id._finish("delivered", step.text)
            values["result"] = self.env._("The bank has taken the file. %s", step.text)
        else:
            values |= self._import(step)
        self.write(values)
        self.sudo().sleeping = False

    def _show_challenge(self, step, phase):
        """Ask for the TAN and put what is needed to go on away."""
        challenge, pause = step.challenge, step.pause
        if self.handover_id:
            self.handover_id._finish("sent", self.env._("The bank waits for a TAN."))
        again = self.step == "tan" and challenge.decoupled
        self.write(
            {
                "step": "tan",
                "phase": phase,
                "challenge": challenge.text,
                "challenge_image": challenge.image and base64.b64encode(challenge.image[1]),
                "challenge_flicker": challenge.flicker,
                "is_decoupled": challenge.decoupled,
                "error": again and self.env._("The bank still waits for your approval in its app."),
            }
        )
        parts = [pause.client, pause.dialog, pause.challenge]
        packed = json.dumps([base64.b64encode(part).decode() for part in parts])
        self.sudo().sleeping = f"{self._sign(packed)} {packed}"

    def _sign(self, packed):
        """Return the signature without which nothing is unpacked: the dialog is unpickled."""
        return hmac(self.env(su=True), "sdd.fints.wizard", f"{self.id} {packed}")

    def _load_pause(self):
        """Return the dialog that was put to sleep.

        :rtype: sepa.fints_adapter.Pause
        """
        signature, _blank, packed = (self.sudo().sleeping or "").partition(" ")
        if not packed or not consteq(signature, self._sign(packed)):
            raise UserError(self.env._("This dialog is over. Start again."))
        parts = [base64.b64decode(part) for part in json.loads(packed)]
        return fints_adapter.Pause(*parts, decoupled=self.is_decoupled)

    def _note_failure(self, failure, phase):
        """Say what went wrong, and whether the bank may have the order all the same."""
        self._show_failure(failure)
        self.sudo().sleeping = False
        if not self.handover_id:
            return
        outcome = "failed" if failure.is_sure else "unknown"
        self.handover_id._finish(outcome, self.error)
        if outcome == "unknown":
            self.handover_id._ask_a_person()
            self.step = "done"

    def _show_failure(self, failure):
        """Go back to the PIN and show the fault in the user's language."""
        text = say(self.env, const.FINTS_FAILURES[failure.code], {"text": failure.text})
        _logger.warning("FinTS %s: %s", self.connection_id.name, failure.code)
        self.write(
            {"step": "pin", "error": text.strip(), "challenge": False, "challenge_image": False}
        )

    def _import(self, step):
        """Import the fetched files.

        :return: values for this dialog.
        :rtype: dict
        """
        connection = self.connection_id
        messages = (
            self.env["sdd.bank.message"]
            .with_company(connection.company_id)
            .with_context(sdd_is_only_source=True)
        )
        stamp = fields.Datetime.now().strftime("%Y%m%d%H%M%S")
        for number, content in enumerate(step.files, 1):
            name = f"FinTS-{stamp}-{number}"
            messages |= messages.import_file(self.journal_id, name, content)
        # In sudo mode: accountants fetch, but do not set connections up.
        connection.sudo().fints_fetched_until = fields.Date.context_today(self)
        connection._note_fetch(False)
        text = self.env._("%s files fetched.", len(step.files))
        return {"result": text, "message_ids": [(6, 0, messages.ids)]}
