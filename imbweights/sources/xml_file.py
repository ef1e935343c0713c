"""XML from others: no entities, no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class XmlError(Exception):
    """XML that cannot be read, or should not be, with the reason for people."""


def xml_root(path: Path, tag: str | None = None) -> Element:
    """The root of an XML file. Raises ``XmlError``, also when the root is not called ``tag``."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import parse

    try:
        root: Element | None = parse(path).getroot()
    except (ParseError, DefusedXmlException) as error:
        raise XmlError(f"is no XML that can be read ({error})") from error
    except OSError as error:
        raise XmlError(f"cannot be read ({error.strerror})") from error
    if root is None or (tag is not None and root.tag != tag):
        raise XmlError(f"is XML of another sort (its root is not <{tag}>)")
    return root
