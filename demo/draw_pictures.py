"""Draw the pictures of the demo shop: `python demo/draw_pictures.py static/img/demo`.

Flat shapes only, drawn four times too large and scaled down, so that edges are smooth. Run it
again after a change; the pictures themselves are committed.
"""

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = 800
SCALE = 4
NAVY = "#17324d"
BLUE = "#2f6f9f"
SKY = "#dcebf5"
ICE = "#b9d7ea"
MINT = "#d9f0e6"
GREEN = "#2f9e77"
SAND = "#fdf0d8"
AMBER = "#f2a93b"
ROSE = "#fbe1dd"
CORAL = "#e2614e"
LILAC = "#e8e3f6"
VIOLET = "#6a55b8"
WHITE = "#ffffff"
GREY = "#8aa0b4"
CLEAR = (255, 255, 255, 0)


class Canvas:
    """A square on which lengths are given in pixels of the finished picture."""

    def __init__(self, background, width=SIZE, height=SIZE):
        self.size = (width, height)
        self.image = Image.new("RGBA", (width * SCALE, height * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, left, top, right, bottom, fill, radius=0):
        """Draw a rectangle with rounded corners."""
        edges = [value * SCALE for value in (left, top, right, bottom)]
        self.draw.rounded_rectangle(edges, radius * SCALE, fill)

    def disc(self, x, y, radius, fill):
        """Draw a filled circle."""
        edges = [value * SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(edges, fill)

    def shape(self, points, fill):
        """Draw a filled polygon."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def line(self, points, fill, width):
        """Draw a line with round ends and joints."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill, width * SCALE, joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def arc(self, x, y, radius, start, end, fill, width):
        """Draw a piece of a circle, degrees clockwise from three o'clock."""
        edges = [value * SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.arc(edges, start, end, fill, width * SCALE)

    def save(self, path):
        """Write the picture in its final size."""
        self.image.resize(self.size, Image.LANCZOS).save(path, optimize=True)


def monitor(canvas, screen):
    """Draw a computer screen on its foot."""
    canvas.box(355, 540, 445, 630, GREY)
    canvas.box(280, 612, 520, 642, NAVY, 15)
    canvas.box(150, 210, 650, 560, NAVY, 34)
    canvas.box(176, 236, 624, 534, screen, 16)


def shield(canvas, x, y, height, fill):
    """Draw a shield around a point."""
    half = height / 2
    width = height * 0.42
    sides = [
        (x + width * math.cos(t) ** 0.8, y + half * math.sin(t))
        for t in [math.radians(degree) for degree in range(0, 90, 5)]
    ]
    right = [(x + width, y - half * 0.75), *sides]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    canvas.shape([(x, y - half), *right, (x, y + half), *left], fill)


def tick(canvas, x, y, size, fill, width):
    """Draw a check mark around a point."""
    points = [(x - size, y), (x - size * 0.25, y + size * 0.7), (x + size, y - size * 0.7)]
    canvas.line(points, fill, width)


def star(x, y, radius):
    """Return the corners of a star with five points."""
    corners = []
    for corner in range(10):
        length = radius if corner % 2 == 0 else radius * 0.42
        angle = math.radians(-90 + 36 * corner)
        corners.append((x + length * math.cos(angle), y + length * math.sin(angle)))
    return corners


def draw_base():
    """PC base support: a protected computer and a headset."""
    canvas = Canvas(SKY)
    canvas.disc(400, 390, 320, ICE)
    monitor(canvas, WHITE)
    shield(canvas, 400, 385, 230, GREEN)
    tick(canvas, 402, 380, 52, WHITE, 24)
    canvas.arc(620, 590, 92, 180, 360, CORAL, 20)
    canvas.box(508, 578, 556, 668, CORAL, 20)
    canvas.box(684, 578, 732, 668, CORAL, 20)
    canvas.arc(640, 650, 70, 20, 95, CORAL, 12)
    canvas.box(590, 704, 640, 730, NAVY, 13)
    return canvas


def draw_incident():
    """Single incident: a computer with a fault and a spanner."""
    canvas = Canvas(ROSE)
    canvas.disc(400, 390, 320, "#f6c9c2")
    monitor(canvas, WHITE)
    canvas.shape([(400, 262), (520, 480), (280, 480)], AMBER)
    canvas.box(388, 330, 412, 412, NAVY, 12)
    canvas.disc(400, 444, 15, NAVY)
    spanner = Canvas(CLEAR)
    spanner.line([(560, 700), (670, 590)], BLUE, 46)
    spanner.disc(690, 570, 66, BLUE)
    spanner.shape([(672, 560), (726, 476), (784, 534), (700, 588)], CLEAR)
    spanner.disc(560, 700, 10, WHITE)
    canvas.image.alpha_composite(spanner.image)
    return canvas


def draw_hour():
    """Extra hour: a clock with a plus."""
    canvas = Canvas(SAND)
    canvas.disc(400, 400, 320, "#fbdfae")
    canvas.disc(400, 400, 240, NAVY)
    canvas.disc(400, 400, 208, WHITE)
    for hour in range(12):
        angle = math.radians(30 * hour)
        inner, outer = (150, 180) if hour % 3 == 0 else (166, 180)
        points = [
            (400 + length * math.cos(angle), 400 + length * math.sin(angle))
            for length in (inner, outer)
        ]
        canvas.line(points, GREY, 12)
    canvas.line([(400, 400), (400, 270)], NAVY, 20)
    canvas.line([(400, 400), (480, 450)], NAVY, 20)
    canvas.disc(400, 400, 22, CORAL)
    canvas.disc(610, 590, 96, GREEN)
    canvas.line([(560, 590), (660, 590)], WHITE, 26)
    canvas.line([(610, 540), (610, 640)], WHITE, 26)
    return canvas


def draw_premium():
    """Premium upgrade: a shield with a star and an arrow upwards."""
    canvas = Canvas(LILAC)
    canvas.disc(400, 390, 320, "#d3caf0")
    shield(canvas, 400, 400, 470, VIOLET)
    shield(canvas, 400, 398, 400, "#8674cf")
    canvas.shape(star(400, 380, 120), AMBER)
    canvas.disc(622, 590, 96, GREEN)
    canvas.line([(622, 640), (622, 545)], WHITE, 24)
    canvas.line([(580, 585), (622, 543), (664, 585)], WHITE, 24)
    return canvas


def draw_mark(canvas, left, top, size):
    """Draw the company's mark: a compass needle in a square, `size` pixels wide."""
    centre_x, centre_y = left + size / 2, top + size / 2
    canvas.box(left, top, left + size, top + size, BLUE, size * 0.22)
    canvas.shape(
        [(centre_x, top + size * 0.12), (centre_x + size * 0.15, centre_y), (centre_x, centre_y)],
        WHITE,
    )
    canvas.shape(
        [(centre_x, top + size * 0.12), (centre_x - size * 0.15, centre_y), (centre_x, centre_y)],
        ICE,
    )
    canvas.shape(
        [
            (centre_x, top + size * 0.88),
            (centre_x + size * 0.15, centre_y),
            (centre_x - size * 0.15, centre_y),
        ],
        AMBER,
    )


def draw_logo():
    """The company's logo with its name, on a transparent ground."""
    canvas = Canvas(CLEAR, 640, 140)
    draw_mark(canvas, 6, 6, 128)
    for text, top, size, colour in (
        ("Fernhilfe Nord", 20, 66, NAVY),
        ("Hilfe am Computer", 92, 30, BLUE),
    ):
        font = ImageFont.load_default(size * SCALE)
        canvas.draw.text((158 * SCALE, top * SCALE), text, colour, font, anchor="lt")
    return canvas


def draw_icon():
    """The company's mark alone, for the browser's tab."""
    canvas = Canvas(CLEAR, 128, 128)
    draw_mark(canvas, 2, 2, 124)
    return canvas


PICTURES = {
    "pc_base.png": draw_base,
    "incident.png": draw_incident,
    "hour.png": draw_hour,
    "premium.png": draw_premium,
    "logo.png": draw_logo,
    "icon.png": draw_icon,
}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        draw().save(Path(sys.argv[1]) / name)
