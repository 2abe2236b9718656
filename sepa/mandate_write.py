"""Writes files of mandates that :mod:`mandate_file` reads: exports and templates.

A text that a spreadsheet would take for a formula gets an apostrophe in front, which the reader
takes away again.
"""

import csv
import io
from datetime import date

from . import mandate_columns
from .mandate_values import escape

_CODE_PAGE = "utf-8-sig"  # Excel knows a file for UTF-8 by its mark only.
_MIN_WIDTH, _MAX_WIDTH = 12, 40


def write_csv(rows, language="en", keys=mandate_columns.WRITTEN):
    """Return a CSV file (UTF-8 with mark, semicolons, dates as YYYY-MM-DD).

    :param rows: iterable of `{key of a column: text, date, truth value or None}`.
    :param str language: language of the headers: en, de, nl or fr.
    :param keys: the columns, in their order.
    :rtype: bytes
    """
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([mandate_columns.BY_KEY[key].name(language) for key in keys])
    for row in rows:
        writer.writerow([_text(row.get(key)) for key in keys])
    return output.getvalue().encode(_CODE_PAGE)


def write_xlsx(rows, language="en", keys=mandate_columns.WRITTEN, explanation=(), titles=()):
    """Return an XLSX file, with a second sheet of explanations if there are any.

    :param rows: iterable of `{key of a column: text, date, truth value or None}`.
    :param str language: language of the headers.
    :param keys: the columns, in their order.
    :param explanation: rows of texts for the second sheet, its headers first.
    :param titles: names of the sheets.
    :rtype: bytes
    """
    import openpyxl

    titles = [*titles, *("Mandates", "Explanation")[len(titles) :]]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(titles[0][:31])
    headers = [mandate_columns.BY_KEY[key].name(language) for key in keys]
    _prepare(sheet, headers)
    sheet.append(_make_headers(sheet, headers))
    for row in rows:
        sheet.append([_make_cell(sheet, row.get(key)) for key in keys])
    if explanation:
        _write_explanation(book.create_sheet(titles[1][:31]), explanation)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _text(value):
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return escape(str(value))


def _prepare(sheet, headers):
    """Give a sheet fixed headers and columns that are wide enough."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers, 1):
        width = min(max(len(str(header)) + 2, _MIN_WIDTH), _MAX_WIDTH)
        sheet.column_dimensions[get_column_letter(place)].width = width


def _make_headers(sheet, headers):
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = [WriteOnlyCell(sheet, header) for header in headers]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _make_cell(sheet, value):
    """Return a cell of text, or of a date that Excel knows for one."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    text = _text(value)
    if not text:
        return None
    cell = WriteOnlyCell(sheet, text)
    # Never a formula and never a number: Excel would take away leading zeros.
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _write_explanation(sheet, rows):
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    headers, *body = rows
    _prepare(sheet, headers)
    for letter, width in zip("ABCD", (30, 12, 70, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(_make_headers(sheet, headers))
    for texts in body:
        cells = [WriteOnlyCell(sheet, text) for text in texts]
        for cell in cells:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)
