"""Putting PDF files together: what was signed behind what was printed, and numbers on all pages."""

import io

from odoo.tools.pdf import PdfFileReader, PdfFileWriter
from reportlab.pdfgen import canvas

#: Points from the lower edge of the page to the line with its number.
FOOTER_HEIGHT = 20
FOOTER_SIZE = 7.5


def count_pages(content):
    """Return how many pages a PDF has.

    :param bytes content: the file.
    :return: 0 for a file that is encrypted or cannot be read.
    :rtype: int
    """
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        return 0 if reader.is_encrypted else len(reader.pages)
    except Exception:  # noqa: BLE001 - readers raise whatever they stumble over in a broken file
        return 0


def append(content, others):
    """Return a PDF with the pages of others behind it; what cannot be read is left out.

    :param bytes content: the first file.
    :param others: iterable of bytes.
    :rtype: bytes
    """
    files = [content, *(other for other in others if count_pages(other))]
    if len(files) == 1:
        return content
    writer = PdfFileWriter()
    for file in files:
        for page in PdfFileReader(io.BytesIO(file), strict=False).pages:
            writer.add_page(page)
    return _write(writer)


def number(content, make_text):
    """Return a PDF with a line at the foot of every page.

    :param bytes content: the file.
    :param make_text: function (page from 1, number of pages) that returns the line.
    :rtype: bytes
    """
    pages = PdfFileReader(io.BytesIO(content), strict=False).pages
    packet = io.BytesIO()
    drawing = canvas.Canvas(packet)
    for position, page in enumerate(pages, start=1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        drawing.setPageSize((width, height))
        drawing.setFont("Helvetica", FOOTER_SIZE)
        drawing.setFillGray(0.35)
        drawing.drawCentredString(width / 2, FOOTER_HEIGHT, make_text(position, len(pages)))
        drawing.showPage()
    drawing.save()
    writer = PdfFileWriter()
    for page, footer in zip(pages, PdfFileReader(packet).pages, strict=True):
        page.merge_page(footer)
        writer.add_page(page)
    for page in writer.pages:
        # What was merged is no longer compressed.
        page.compress_content_streams()
    return _write(writer)


def _write(writer):
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
