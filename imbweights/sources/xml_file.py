"""XML from others: no entities, no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imbweights.core.limits import Limits
from imbweights.sources.whole import TooLargeError, refuse_large_file

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


_USUAL = Limits()
# Bytes of memory for each byte of XML.
_MEMORY = 12


class XmlError(Exception):
    """XML that cannot be read, or should not be, with the reason for people."""


def xml_root(path: Path, tag: str | None = None, limits: Limits = _USUAL) -> Element:
    """The root of an XML file. Raises ``XmlError``, also when the root is not called ``tag`` and when
    it would take more memory than ``limits`` allow.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import parse

    try:
        refuse_large_file(path, limits, _MEMORY)
        root: Element | None = parse(path).getroot()
    except TooLargeError as error:
        raise XmlError(str(error)) from error
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise XmlError(f"is no XML that can be read ({error})") from error
    except OSError as error:
        raise XmlError(f"cannot be read ({error.strerror})") from error
    if root is None or (tag is not None and root.tag != tag):
        raise XmlError(f"is XML of another sort (its root is not <{tag}>)")
    return root
