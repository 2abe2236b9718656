"""Scans of signed mandates, many at once: each goes to the mandate that its name says."""

import hashlib
import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import NamedTuple

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

#: What a scanner makes; anything else is no scan of a paper.
TYPES = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPG"}
MAX_FILE = 15 * 1024 * 1024
MAX_TOTAL = 500 * 1024 * 1024
MAX_FILES = 2000
_MAX_RATIO = 200
#: What references are compared without: file names cannot hold all of their characters.
_NOISE = re.compile(r"[^A-Z0-9]+")
#: Files that systems put into archives by themselves.
_RUBBISH = ("__MACOSX", ".DS_Store", "Thumbs.db")


class ScanFile(NamedTuple):
    """A file: its name without folders, its bytes, and a code of what is wrong with it, if anything."""

    name: str
    content: bytes
    problem: str = ""


def unpack(name, content):
    """Yield the files in a ZIP, or the one file that is none; never writes to a disk.

    :param str name: the file's name.
    :param bytes content: the file.
    """
    if not content.startswith(b"PK"):
        yield _check(name, content)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = [m for m in package.infolist() if not m.is_dir()]
            if len(members) > MAX_FILES or sum(m.file_size for m in members) > MAX_TOTAL:
                yield ScanFile(name, b"", "too_many")
                return
            for member in members:
                if not any(part in member.filename for part in _RUBBISH):
                    yield _read_member(package, member)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        yield ScanFile(name, b"", "broken")


def _read_member(package, member):
    name = PurePosixPath(member.filename.replace("\\", "/")).name
    if member.flag_bits & 1:
        return ScanFile(name, b"", "password")
    if member.file_size > MAX_FILE:
        return ScanFile(name, b"", "too_big")
    if member.file_size > _MAX_RATIO * max(member.compress_size, 1):
        return ScanFile(name, b"", "broken")
    try:
        with package.open(member) as part:
            # One byte more than is said: an archive that lies about its sizes is found out.
            content = part.read(member.file_size + 1)
    except Exception:  # noqa: BLE001 - zlib, bz2 and lzma have errors of their own
        return ScanFile(name, b"", "broken")
    if len(content) > member.file_size:
        return ScanFile(name, b"", "broken")
    return _check(name, content)


def _check(name, content):
    """Return the file with what is wrong with its size or type; the contents decide, not the name."""
    if not content:
        return ScanFile(name, b"", "empty")
    if len(content) > MAX_FILE:
        return ScanFile(name, b"", "too_big")
    if guess_mimetype(content[:8192]) not in TYPES:
        return ScanFile(name, b"", "type")
    return ScanFile(name, content)


def fold(text):
    """Return a reference or a file's name with only its letters and digits, in capitals."""
    return _NOISE.sub("", text.upper())


class SddMandateScan(models.TransientModel):
    """Matches scans with mandates, shows what it found, and attaches them."""

    _name = "sdd.mandate.scan"
    _description = "Import Scans of Mandates"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Scans or ZIP Files")
    line_ids = fields.One2many("sdd.mandate.scan.line", "wizard_id", readonly=True)
    state = fields.Selection(
        [("choose", "Choose files"), ("checked", "Checked"), ("done", "Attached")],
        default="choose",
        required=True,
    )
    good_count = fields.Integer(compute="_compute_counts")
    bad_count = fields.Integer(compute="_compute_counts")

    def _compute_counts(self):
        for wizard in self:
            wizard.good_count = len(wizard.line_ids.filtered("mandate_id"))
            wizard.bad_count = len(wizard.line_ids) - wizard.good_count

    # === ACTION METHODS === #

    def action_check(self):
        """Show which file goes to which mandate; nothing is attached yet."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Please choose at least one file."))
        lines = self._match(self._get_files())
        # In sudo mode: lines are the program's own.
        self.sudo().write(
            {"state": "checked", "line_ids": [Command.clear(), *map(Command.create, lines)]}
        )
        return self._reopen()

    def action_attach(self):
        """Attach the scans to their mandates, as evidence of grade A."""
        self.ensure_one()
        mandates = {line.number: line.mandate_id for line in self.line_ids if line.mandate_id}
        if not mandates:
            raise UserError(self.env._("None of the files fits a mandate."))
        for number, file in enumerate(self._get_files()):
            if mandate := mandates.get(number):
                data = mandate._store_evidence_file(file.name, file.content)
                add = mandate._confirm if mandate.bank_account_id else mandate._add_evidence
                add("signature_scan", data)
        # In sudo mode: what was uploaded here has served its purpose; nothing else is touched.
        self.sudo().attachment_ids.filtered(
            lambda a: a.res_model == self._name and a.create_uid == self.env.user
        ).unlink()
        self.state = "done"
        return self._reopen()

    # === BUSINESS METHODS === #

    def _get_files(self):
        """Return the files in what was uploaded."""
        files = []
        for attachment in self.attachment_ids:
            files.extend(unpack(attachment.name, attachment.raw or b""))
        if len(files) > MAX_FILES or sum(len(file.content) for file in files) > MAX_TOTAL:
            raise UserError(
                self.env._(
                    "These are more than %(files)s files or %(size)s MB. Take fewer at a time.",
                    files=MAX_FILES,
                    size=MAX_TOTAL // 1024**2,
                )
            )
        return files

    def _match(self, files):
        """Return the values of a line for each file.

        :param list files: `ScanFile` records.
        :rtype: list[dict]
        """
        finder = self._get_finder()
        known = self._find_known(files)
        seen, lines = {}, []
        for number, file in enumerate(files):
            digest = hashlib.sha256(file.content).hexdigest()
            mandates = finder(file.name)
            problem = file.problem
            if not problem and digest in seen:
                problem = "twice"
            seen.setdefault(digest, number)
            if not problem and not mandates:
                problem = "nothing"
            if not problem and len(mandates) > 1:
                problem = "several"
            if not problem and (mandates.id, digest) in known:
                problem = "known"
            if not problem and mandates.state in ("revoked", "expired"):
                problem = "ended"
            lines.append(
                {
                    "number": number,
                    "name": file.name,
                    "mandate_id": False if problem else mandates.id,
                    "message": self._describe(problem, mandates),
                    "problem": bool(problem),
                }
            )
        return lines

    def _get_finder(self):
        """Return a function that finds the mandates whose reference is in a file's name."""
        mandates = self.env["sdd.mandate"].search_fetch(
            [("company_id", "=", self.company_id.id)], ["name", "state"]
        )
        by_name, lengths = {}, set()
        for mandate in mandates:
            folded = fold(mandate.name)
            if folded:
                by_name[folded] = by_name.get(folded, mandates.browse()) | mandate
                lengths.add(len(folded))

        def find(name):
            text = fold(PurePosixPath(name).stem)
            if text in by_name:
                return by_name[text]
            # The reference as a whole word of the name; the longest counts.
            words = _split_name(name)
            hits = [by_name[word] for word in words if word in by_name]
            return max(hits, key=lambda m: len(fold(m[:1].name)), default=mandates.browse())

        return find

    def _find_known(self, files):
        """Return which scans are attached already: (mandate's id, SHA-256)."""
        # In sudo mode: the history is not everybody's.
        events = (
            self.env["sdd.mandate.event"]
            .sudo()
            .search_fetch(
                [
                    ("evidence_code", "=", "signature_scan"),
                    ("company_id", "=", self.company_id.id),
                ],
                ["mandate_id", "data"],
            )
        )
        return {(e.mandate_id.id, (e.data or {}).get("sha256")) for e in events} if files else set()

    def _describe(self, problem, mandates):
        """Return what to do about a file, "" if all is well."""
        texts = {
            "": "",
            "empty": self.env._("The file is empty. Scan it again."),
            "too_big": self.env._(
                "Larger than %s MB. Scan it with fewer dots per inch.", MAX_FILE // 1024**2
            ),
            "type": self.env._("This is neither PDF nor JPG nor PNG. Save it as one of them."),
            "broken": self.env._("The archive is damaged here. Pack it again."),
            "password": self.env._("Protected by a password. Pack it without one."),
            "too_many": self.env._(
                "There is too much in this archive. Take fewer files at a time."
            ),
            "twice": self.env._("The same scan is there twice; the first one is taken."),
            "nothing": self.env._(
                "No mandate has this reference. Name the file like the mandate reference."
            ),
            "several": self.env._(
                "This fits several mandates: %s. Put the whole reference into the name.",
                ", ".join(mandates[:3].mapped("name")),
            ),
            "known": self.env._("This scan is attached to %s already.", mandates[:1].name),
            "ended": self.env._("Mandate %s has ended; nothing is added to it.", mandates[:1].name),
        }
        return texts[problem]

    def _reopen(self):
        """Return the action that shows this dialog again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Scans of Mandates"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


def _split_name(name):
    """Return every run of neighbouring words of a file's name, folded.

    "Mandat M-17 Müller.pdf" has among them "M17".
    """
    words = [word for word in _NOISE.split(PurePosixPath(name).stem.upper()) if word][:20]
    return {
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    }


class SddMandateScanLine(models.TransientModel):
    """One file and where it goes."""

    _name = "sdd.mandate.scan.line"
    _description = "Scan of a Mandate"
    _order = "problem desc, number"

    wizard_id = fields.Many2one("sdd.mandate.scan", required=True, ondelete="cascade")
    number = fields.Integer(readonly=True)
    name = fields.Char(string="File", readonly=True)
    mandate_id = fields.Many2one("sdd.mandate", readonly=True, ondelete="cascade")
    holder = fields.Char(related="mandate_id.holder")
    message = fields.Char(string="Finding", readonly=True)
    problem = fields.Boolean(readonly=True)
