"""Damages bank files in every way that a line, a program or a person may damage them.

Pure Python without Odoo. Everything is drawn from one `random.Random`, so that a seed says it all.
"""

import io
import re
import zipfile
from copy import deepcopy

from lxml import etree

#: What is written where a number, a date, a code or a reference stood.
NUMBERS = (
    "",
    "0",
    "0.00",
    "-1.00",
    "-99999999999999999.99",
    "0.001",
    "1E2",
    "1e400",
    "NaN",
    "Infinity",
    "-sNaN",
    "1,50",
    "1.000,50",
    "0x10",
    "١٢٣",
    "9" * 40,
    "9" * 5000,
    "+5",
    " 7 ",
    "1_000",
    "99999999999.99",
    "0.0000000000000000000000001",
)
DATES = (
    "",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "2026-13-01",
    "-2026-01-01",
    "1900-01-01",
    "26-1-1",
    "2026-11-23Z",
    "2026-11-23+14:00",
    "tomorrow",
    "2099-06-15",
    "1e9",
)
TEXTS = (
    "",
    "%",
    "_",
    "\\",
    "'; --",
    "NOTPROVIDED",
    "x" * 10_000,
    "\u202e\u0000".replace("\0", ""),
    "🙂" * 40,
    "ÄÖÜ ß €",
    "null",
    "DE02120300000000202051",
    "\t\n ",
    "<b>&amp;</b>",
    "RJCT",
    "ACCP",
    "AC04",
    "BOOK",
    "PDNG",
    "DBIT",
    "CRDT",
    "true",
    "\ud7ff\ufffd",
    "%(code)s %s {0}",
)
GARBAGE = (b"\0", b"\xff\xfe", b"<", b"&", b"]]>", b"<!DOCTYPE x>", b"<?xml?>", b"\x1a", b":61:")
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "utf-8-sig", "utf-32")


# === BYTES === #


def flip_bytes(rng, data):
    """Change up to eight bytes."""
    content = bytearray(data)
    for _number in range(rng.randint(1, 8)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def truncate(rng, data):
    return data[: rng.randrange(len(data))]


def _span(rng, data):
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.randint(1, 400))


def cut_out(rng, data):
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def repeat_part(rng, data):
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.randint(1, 3) + data[end:]


def insert_garbage(rng, data):
    place = rng.randrange(len(data))
    return data[:place] + rng.choice(GARBAGE) * rng.randint(1, 20) + data[place:]


def other_encoding(rng, data):
    """Write the text in another encoding, with or without saying so."""
    text = data.decode("utf-8", "replace")
    encoding = rng.choice(ENCODINGS)
    if rng.random() < 0.5:
        text = text.replace("UTF-8", encoding.removesuffix("-sig").upper(), 1)
    return text.encode(encoding, "replace")


def change_digits(rng, data):
    """Change some digits of amounts, dates and references."""
    places = [match.start() for match in re.finditer(rb"\d", data)]
    content = bytearray(data)
    for place in rng.sample(places, min(len(places), rng.randint(1, 12))):
        content[place] = 48 + rng.randrange(10)
    return bytes(content)


def glue_together(rng, data):
    """A file that was appended to itself, as some programs do."""
    return data + rng.choice((b"", b"\n", b"\0")) + data


# === XML === #


def _tree(data):
    """Return the root of a file, or None when it is no XML any more."""
    if b"<!DOCTYPE" in data or len(data) > 2_000_000:
        return None
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _leaves(root):
    return [node for node in root.iter() if isinstance(node.tag, str) and not len(node)]


def _inner(root):
    return [node for node in root.iter() if isinstance(node.tag, str) and node is not root]


def _write(root):
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def drop_node(rng, root):
    node = rng.choice(_inner(root))
    node.getparent().remove(node)


def double_node(rng, root):
    node = rng.choice(_inner(root))
    for _number in range(rng.choice((1, 1, 2, 60))):
        node.addnext(deepcopy(node))


def rename_node(rng, root):
    node = rng.choice(_inner(root))
    other = rng.choice(_inner(root))
    node.tag = rng.choice((other.tag, "Unknown", "{urn:other}" + etree.QName(node).localname))


def move_node(rng, root):
    node, target = rng.sample(_inner(root), 2)
    if node not in target.iterancestors():
        target.append(node)


def swap_texts(rng, root):
    """Two elements of one name change their texts: swapped references, amounts, dates."""
    leaves = _leaves(root)
    first = rng.choice(leaves)
    second = rng.choice([node for node in leaves if node.tag == first.tag])
    first.text, second.text = second.text, first.text


def swap_any_texts(rng, root):
    first, second = rng.choices(_leaves(root), k=2)
    first.text, second.text = second.text, first.text


def change_text(rng, root):
    """Write what is not expected where a number, a date or something else stood."""
    node = rng.choice(_leaves(root))
    old = node.text or ""
    if re.fullmatch(r"-?\d+(\.\d+)?", old):
        pool = NUMBERS
    elif re.match(r"\d{4}-\d\d-\d\d", old):
        pool = DATES
    else:
        pool = TEXTS
    node.text = rng.choice(pool if rng.random() < 0.8 else NUMBERS + DATES + TEXTS)


def change_amount(rng, root):
    """Another amount that could be true."""
    nodes = [node for node in _leaves(root) if etree.QName(node).localname in ("Amt", "InstdAmt")]
    if nodes:
        node = rng.choice(nodes)
        node.text = rng.choice(("0.01", "1.00", "99.90", "103.40", "999999999.99", *NUMBERS))
        node.set("Ccy", rng.choice(("EUR", "EUR", "USD", "", "XXX")))


def turn_sign(rng, root):
    signs = [node for node in _leaves(root) if etree.QName(node).localname == "CdtDbtInd"]
    for node in rng.sample(signs, min(len(signs), rng.randint(1, 3))):
        node.text = {"CRDT": "DBIT", "DBIT": "CRDT"}.get(node.text, "CRDT")


def nest(rng, root):
    """Put nested garbage into the file."""
    parent = rng.choice(_inner(root))
    for _number in range(rng.choice((3, 40, 200))):
        parent = etree.SubElement(parent, rng.choice(("Ntry", "TxDtls", "Garbage", "Amt")))
    parent.text = rng.choice(TEXTS)


def other_namespace(rng, root):
    """Call the file another version, another message or nothing at all."""
    name = rng.choice(
        ("pain.002.001.03", "camt.053.001.02", "camt.054.001.08", "camt.052.001.99", "x", "")
    )
    space = name and f"urn:iso:std:iso:20022:tech:xsd:{name}"
    for node in root.iter():
        if isinstance(node.tag, str):
            local = etree.QName(node).localname
            node.tag = f"{{{space}}}{local}" if space else local


# === LINES OF MT940 === #


def drop_line(rng, lines):
    del lines[rng.randrange(len(lines))]


def double_line(rng, lines):
    place = rng.randrange(len(lines))
    lines.insert(rng.randrange(len(lines)), lines[place])


def swap_lines(rng, lines):
    first, second = rng.choices(range(len(lines)), k=2)
    lines[first], lines[second] = lines[second], lines[first]


def change_tag(rng, lines):
    place = rng.randrange(len(lines))
    tag = rng.choice((":20:", ":25:", ":28C:", ":60F:", ":61:", ":62F:", ":86:", ":99X:", ""))
    lines[place] = re.sub(r"^:\w+:", tag, lines[place])


def change_part(rng, lines):
    """Write something strange over a number in a line."""
    place = rng.randrange(len(lines))
    numbers = list(re.finditer(r"\d+(,\d*)?", lines[place]))
    if numbers:
        found = rng.choice(numbers)
        line = lines[place]
        lines[place] = line[: found.start()] + rng.choice(NUMBERS) + line[found.end() :]


BYTE_WAYS = (
    *(flip_bytes, truncate, cut_out, repeat_part, insert_garbage, other_encoding),
    *(change_digits, glue_together),
)
XML_WAYS = (
    *(drop_node, double_node, rename_node, move_node, swap_texts, swap_any_texts),
    *(change_text, change_text, change_amount, turn_sign, nest, other_namespace),
)
LINE_WAYS = (drop_line, double_line, swap_lines, change_tag, change_part)


def _step(rng, data):
    """Return (what was done, the data after one more damage)."""
    if rng.random() < 0.3:
        way = rng.choice(BYTE_WAYS)
        return way.__name__, way(rng, data)
    root = _tree(data)
    if root is not None and len(_inner(root)) > 3:
        way = rng.choice(XML_WAYS)
        way(rng, root)
        return way.__name__, _write(root)
    if data.lstrip().startswith(b":"):
        lines = data.decode("utf-8", "replace").split("\r\n")
        way = rng.choice(LINE_WAYS)
        way(rng, lines)
        return way.__name__, "\r\n".join(lines).encode()
    way = rng.choice(BYTE_WAYS)
    return way.__name__, way(rng, data)


def pack(files, compression=zipfile.ZIP_DEFLATED):
    """Return an archive of {name: content}."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 0, 0, 0)), content, compression)
    return stream.getvalue()


def mutate(rng, samples):
    """Return a damaged file.

    :param random.Random rng: decides everything.
    :param dict samples: {name: content} of valid files.
    :return: (what was done, content).
    :rtype: tuple[str, bytes]
    """
    name, data = rng.choice(sorted(samples.items()))
    done = [name]
    for _number in range(rng.choice((1, 1, 1, 2, 3, 5))):
        if not data:
            break
        what, data = _step(rng, data)
        done.append(what)
    if rng.random() < 0.1:
        other = rng.choice(sorted(samples))
        data = pack({"a.xml": data, rng.choice(("b.xml", "../b", "ü.zip")): samples[other]})
        done.append("pack")
        if rng.random() < 0.4:
            data = flip_bytes(rng, data)
            done.append("flip_bytes")
    return " ".join(done), data
