"""ARFF and KEEL files: a header that names the attributes, then dense or sparse rows."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from imbweights.core.errors import SourceError
from imbweights.core.existing import is_file
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.text.streaming import first_lines, text_lines
from imbweights.sources.xml_file import XmlError, xml_root

_ATTRIBUTE = re.compile(
    r"@attribute\s+(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^\s{]+))\s*(.*)", re.IGNORECASE
)
_OUTPUTS = re.compile(r"@outputs?\s+(.+)", re.IGNORECASE)
_RELATION = re.compile(r"@relation\s+(.+)", re.IGNORECASE)
_MEKA = re.compile(r"^['\"]?[^:]*:\s*-C\s+(-?\d+)(\s+-split-(percentage|number)\s+\S+)?['\"]?\s*$")
_SPARSE_CELL = re.compile(
    r"\s*(\d+)\s+(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^,\s]+))\s*(?:,|$)"
)
_MISSING = "?"
# A value before its separator; one is put behind the last.
_QUOTED = r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\""
_CELL = {sign: re.compile(rf"\s*(?:(?:{_QUOTED})\s*|([^{sign}]*)){sign}") for sign in (",", "\t")}


@dataclass
class Header:
    """Names of the attributes, the value that a sparse row leaves out of each, the relation's
    name, and KEEL's outputs.
    """

    names: list[str] = field(default_factory=list)
    defaults: list[str] = field(default_factory=list)
    relation: str = ""
    outputs: tuple[str, ...] = ()


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By ``@relation`` or ``@attribute`` on the first line that is no comment."""
    for line in first_lines(file, options):
        if line.strip() and not line.lstrip().startswith("%"):
            return re.match(r"\s*@(relation|attribute)\b", line, re.IGNORECASE) is not None
    return False


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count the label attribute, or the labels of a multi-label set.

    Which attributes are labels is decided by ``--label``; else by a MULAN ``.xml`` of the same
    name beside the file, by MEKA's ``-C`` in the relation, or by KEEL's ``@outputs``; else by a
    usual name. ``?`` is a missing value.

    Sources: https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/ ,
    https://mulan.sourceforge.net/format.html
    """
    with tempfile.TemporaryDirectory(prefix="imbweights-") as folder:
        target = Path(folder) / "rows.csv"
        header = _rewrite(file, options, target)
        return _count(file, header, target, options)


def _rewrite(file: InputFile, options: LabelOptions, target: Path) -> Header:
    """The rows below ``@data`` as plain CSV. Raises ``SourceError`` naming a line that is none."""
    header = Header()
    width = 0
    with (
        text_lines(file, options, copying=True) as lines,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, line in _data_lines(lines, header):
            width = width or len(header.names)
            cells = _sparse(line, header) if line.startswith("{") else _dense(line)
            if cells is None or len(cells) != width:
                found = "" if cells is None else f" ({len(cells)} values for {width} attributes)"
                raise SourceError(
                    f"{file.name}, line {number}: cannot be read{found}: {line[:60]!r}"
                )
            writer.writerow(cells)
    if not width:
        raise SourceError(f"{file.name}: holds no rows below @data")
    return header


def _data_lines(lines: Iterator[tuple[int, str]], header: Header) -> Iterator[tuple[int, str]]:
    in_data = False
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith("%"):
            continue
        if in_data:
            yield number, text
        elif text.lower().startswith("@data"):
            in_data = True
        else:
            _declare(header, text)


def _declare(header: Header, text: str) -> None:
    if match := _ATTRIBUTE.match(text):
        name = next(g for g in match.groups()[:3] if g is not None)
        header.names.append(_unescaped(name))
        values = re.match(r"\{(.*)\}", match[4].strip())
        first = _dense(values[1])[0] if values and values[1].strip() else "0"
        header.defaults.append(first)
    elif match := _OUTPUTS.match(text):
        header.outputs = tuple(name.strip() for name in match[1].split(","))
    elif match := _RELATION.match(text):
        header.relation = match[1].strip()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _dense(line: str) -> list[str]:
    """The values of a row, each plain or in quotes of either sort."""
    separator = "," if "," in line or "\t" not in line else "\t"
    if "'" not in line and '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    cells: list[str] = []
    for match in _CELL[separator].finditer(line + separator):
        quoted = next((g for g in match.groups()[:2] if g is not None), None)
        cells.append(match[3].strip() if quoted is None else _unescaped(quoted))
    return cells


def _sparse(line: str, header: Header) -> list[str] | None:
    """``{index value, index value}``; what is left out has the attribute's first value."""
    inside = line.strip().removeprefix("{").split("}", 1)[0]
    row = list(header.defaults)
    at = 0
    while at < len(inside):
        match = _SPARSE_CELL.match(inside, at)
        if match is None or int(match[1]) >= len(row):
            return None if inside[at:].strip() else row
        row[int(match[1])] = _unescaped(next(g for g in match.groups()[1:] if g is not None))
        at = match.end()
    return row


def _count(file: InputFile, header: Header, target: Path, options: LabelOptions) -> Reading:
    from imbweights.sources.tables.clean import clean_table
    from imbweights.sources.tables.counting import count_table
    from imbweights.sources.tables.duck import connected
    from imbweights.sources.tables.table import LabelColumns

    options = replace(options, missing_values=(*options.missing_values, _MISSING))
    with connected() as connection:
        table = clean_table(connection, target, header.names, file.name, "ARFF")
        named = _labels(file, header) if options.label is None else None
        if named is None:
            return count_table(table, options)
        labels, how = named
        wanted = set(labels)
        columns = tuple(column for column in table.columns if column.name in wanted)
        chosen = LabelColumns(columns=columns, several=len(columns) > 1, by_name=True)
        reading = count_table(table, options, chosen)
    return replace(reading, details=(f"ARFF, {how}",))


def _labels(file: InputFile, header: Header) -> tuple[list[str], str] | None:
    """The label attributes that the set itself names, and where it does."""
    xml = None if file.is_copy or file.remote else file.path.with_suffix(".xml")
    if xml is not None and is_file(xml):
        named = _from_xml(xml, header, file.limits)
        if named:
            return named, f"labels named by {xml.name}"
    meka = _MEKA.match(header.relation)
    if meka:
        n = int(meka[1])
        return (header.names[:n] if n > 0 else header.names[n:]), f"labels named by -C {n}"
    if len(header.outputs) == 1 and header.outputs[0] in header.names:
        return [header.outputs[0]], "label named by @outputs"
    return None


def _from_xml(path: Path, header: Header, limits: Limits) -> list[str]:
    """The labels that a MULAN file names; none when it is another sort of XML."""
    try:
        root = xml_root(path, limits=limits)
    except XmlError as error:
        raise SourceError(f"{path}: {error}") from error
    if root.tag.rpartition("}")[2] != "labels":
        return []
    named = [node.get("name", "") for node in root.iter() if node.tag.rpartition("}")[2] == "label"]
    unknown = [name for name in named if name not in header.names]
    if unknown or not named:
        raise SourceError(
            f"{path}: names the label {unknown[0]!r}, which is no attribute"
            if unknown
            else f"{path}: names no labels",
            hint="name the label attributes with --label",
        )
    return named


SOURCE = Source(recognises=recognises, read=read)
