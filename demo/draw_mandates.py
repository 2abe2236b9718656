"""Scans of signed mandates and drawn signatures for the demo, drawn by code.

Nobody has signed anything: the strokes follow from the customer's name, so that every load draws
the same. Odoo itself brings the fonts, for its own signature pad.
"""

import io
import math
import random
import textwrap
from functools import cache

from odoo.tools import file_path
from PIL import Image, ImageDraw, ImageFilter, ImageFont

#: An A4 page at 120 dots per inch.
PAGE = (992, 1403)
PAPER = (250, 248, 242)
PRINT = (40, 40, 44)
LINE = (150, 150, 155)
INK = (28, 48, 120)
MARGIN = 90
FONTS = "web/static/fonts/sign/"
PRINT_FONT = "NotoSans-Reg.ttf"
HAND_FONTS = ("ShadowsIntoLight-Regular.ttf", "ReenieBeanie-Regular.ttf")


@cache
def find_font(name, size):
    """Return one of Odoo's fonts.

    :param str name: a file in its folder of fonts.
    :param int size: pixels.
    """
    return ImageFont.truetype(file_path(FONTS + name), size)


class Scan:
    """A form filled in and signed by hand, as it comes out of a scanner.

    :param dict texts: `title`, `creditor` (lines), `body` (paragraphs) and `fields` (label: value).
    :param str name: who signs; it decides how the page lies and how the hand writes.
    """

    def __init__(self, texts, name):
        self.texts = texts
        self.name = name
        self.random = random.Random(name)
        self.hand = self.random.choice(HAND_FONTS)
        self.image = Image.new("RGB", PAGE, PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.top = MARGIN

    def render(self):
        """Return the page as a PDF with one picture.

        :rtype: bytes
        """
        self._print_head()
        self._print_body()
        for label, value in self.texts["fields"].items():
            self._fill_in(label, value)
        self._sign()
        page = self._lay_on_glass()
        file = io.BytesIO()
        page.save(file, "PDF", resolution=120, quality=60, title="Scan")
        return file.getvalue()

    def _print_head(self):
        """Print the title and the creditor."""
        self._print(self.texts["title"], 30)
        self.top += 20
        for line in self.texts["creditor"]:
            self._print(line, 17)
        self.top += 24

    def _print_body(self):
        """Print the text that the customer agrees to."""
        for paragraph in self.texts["body"]:
            for line in textwrap.wrap(paragraph, 92):
                self._print(line, 16)
            self.top += 14

    def _print(self, text, size):
        """Print one line."""
        self.draw.text((MARGIN, self.top), text, PRINT, find_font(PRINT_FONT, size))
        self.top += round(size * 1.45)

    def _fill_in(self, label, value):
        """Print a field and write into it by hand."""
        self.top += 30
        baseline = self.top + 26
        self.draw.line((MARGIN, baseline, PAGE[0] - MARGIN, baseline), LINE, 1)
        self.draw.text((MARGIN, baseline + 4), label, LINE, find_font(PRINT_FONT, 12))
        left = MARGIN + 12.0
        for letter in value:
            left += self._write_letter(letter, left, baseline)
        self.top = baseline + 16

    def _write_letter(self, letter, left, baseline):
        """Write one letter, never twice the same, and return how wide it is."""
        font = find_font(self.hand, self.random.choice((33, 34, 35)))
        width = font.getlength(letter)
        glyph = Image.new("L", (round(width) + 24, 64), 0)
        ImageDraw.Draw(glyph).text((12, 44), letter, 245, font, anchor="ls")
        glyph = glyph.transform(glyph.size, Image.AFFINE, (1, 0.08, -3.5, 0, 1, 0), Image.BILINEAR)
        glyph = glyph.rotate(self.random.uniform(-3, 3), Image.BILINEAR)
        drop = self.random.uniform(-2.5, 2.5)
        self.image.paste(INK, (round(left) - 12, round(baseline - 50 + drop)), glyph)
        return width + self.random.uniform(0.4, 2.4)

    def _sign(self):
        """Sign at the bottom."""
        self.top += 40
        signature = draw_signature(self.name, (420, 130), background=None)
        self.image.paste(signature, (MARGIN + 20, self.top), signature)
        baseline = self.top + 120
        self.draw.line((MARGIN, baseline, MARGIN + 480, baseline), LINE, 1)
        label = self.texts["signature"]
        self.draw.text((MARGIN, baseline + 4), label, LINE, find_font(PRINT_FONT, 12))

    def _lay_on_glass(self):
        """Turn the page a little, blur it and let the paper's grain show, as scanners do."""
        angle = self.random.choice((-1, 1)) * self.random.uniform(0.4, 1.1)
        page = self.image.rotate(angle, Image.BICUBIC, fillcolor=(226, 226, 224))
        page = page.filter(ImageFilter.GaussianBlur(0.6))
        grain = Image.effect_noise(PAGE, 14).convert("RGB")
        page = Image.blend(page, grain, 0.06)
        edge = ImageDraw.Draw(page)
        edge.line((0, PAGE[1] - 2, PAGE[0], PAGE[1] - 5), (170, 170, 168), 3)
        return page


def draw_signature(name, size=(600, 200), background=(255, 255, 255)):
    """Return a signature: a flowing line that follows from the name.

    :param str name: who signs.
    :param tuple size: width and height in pixels.
    :param background: colour, or None for a transparent ground.
    :rtype: `PIL.Image.Image`
    """
    hand = random.Random(name)
    width, height = (value * 2 for value in size)
    mode = "RGBA"
    image = Image.new(mode, (width, height), (*(background or INK), 255 if background else 0))
    draw = ImageDraw.Draw(image)
    loops = min(max(len(name) // 2, 4), 9)
    points = []
    for step in range(loops * 24):
        turn = step / 24 * 2 * math.pi
        part = step / (loops * 24)
        if step % 24 == 0:
            tall = hand.uniform(0.12, 0.24) * (1.9 if step == 0 else 1)
            wide = hand.uniform(0.02, 0.05)
        x = 0.08 + 0.8 * part + wide * math.sin(turn)
        y = 0.55 - tall * math.cos(turn) * (1 - 0.4 * part) - 0.08 * part
        points.append((x * width, y * height))
    thickness = max(3, width // 220)
    draw.line(points, (*INK, 255), thickness, joint="curve")
    flourish = [
        (width * (0.05 + 0.85 * t), height * (0.86 - 0.1 * math.sin(t * 3.1)))
        for t in (step / 20 for step in range(21))
    ]
    draw.line(flourish, (*INK, 255), thickness, joint="curve")
    return image.resize(size, Image.LANCZOS)


def signature_png(name):
    """Return a drawn signature as a PNG file.

    :rtype: bytes
    """
    file = io.BytesIO()
    draw_signature(name).save(file, "PNG", optimize=True)
    return file.getvalue()
