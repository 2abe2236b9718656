"""camt.029: the bank's answer to a request to call debits back."""

from ...sepa import camt029
from ...sepa import iban as sepa_iban
from .file_import import FileImport


class CancellationImport(FileImport):
    """Takes debits back that the bank has cancelled."""

    def run(self):
        result = camt029.read(self.content)
        self.message.reference = result.message_id
        self.add_reader_findings(result.findings)
        requests = self._find_requests(result)
        if not requests:
            reference = result.case_id or result.original_message_id or result.message_id
            self.add_finding("unknown_request", reference=reference or "?")
        for request in requests:
            self.message.journal_id = request.journal_id
            self.batches |= request.batch_id
            answers = self._collect_answers(request, result)
            self.debits |= request._note_answers(answers, self.message)
            request._note_answered()
        self.finish(returned_count=self.message.returned_count + len(self.debits))

    def _find_requests(self, result):
        """Return the open requests that the bank answers, by their own id, else by the file's."""
        names = {text.rpartition("-")[0] for text in result.request_ids} | result.request_ids
        names |= {result.case_id} - {None}
        # In sudo mode like the message: whoever reads the bank's files need not see requests.
        requests = self.env["sdd.cancellation"].sudo()
        domain = [("company_id", "=", self.company.id), ("state", "=", "sent")]
        found = requests.search([*domain, ("name", "in", list(names))])
        if found or not result.original_message_id:
            return found
        return requests.search([*domain, ("batch_id.name", "=", result.original_message_id)])

    def _collect_answers(self, request, result):
        """Return `{line: (outcome, text)}` of what the bank has decided."""
        own = {item.end_to_end_id: item for item in result.answers if item.end_to_end_id}
        blocks = {
            item.payment_information_id: item for item in result.answers if not item.end_to_end_id
        }
        answers = {}
        for line in request.line_ids.filtered(lambda line: line.outcome == "pending"):
            item = own.get(line.debit_id.end_to_end_id)
            above = blocks.get(line.debit_id.payment_information_id) or blocks.get(None)
            if own and not item and not above:
                # The bank speaks of others only.
                continue
            outcome = (item and item.outcome) or (above and above.outcome) or result.outcome
            reason = (item and item.reason) or (above and above.reason)
            if outcome not in ("accepted", "refused"):
                continue
            if outcome == "refused" and reason and reason.code in camt029.TOO_LATE:
                outcome = "too_late"
            text = sepa_iban.mask_in_text((reason and (reason.code or reason.text)) or "")
            answers[line] = (outcome, text)
        return answers
