"""Tables in and out as French Excel reads and writes them: CSV with `;` and a BOM, or XLSX."""

import csv
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import load_workbook

MOST_ROWS = 20_000
MOST_OCTETS = 20 * 1024 * 1024
MOST_UNPACKED = 10 * MOST_OCTETS  # an XLSX is a zip archive: a small one can hide a huge one
MOST_COLUMNS = 200
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

TOO_LONG = "Ce tableau dépasse 20\u202f000 lignes\u202f: partagez-le en plusieurs fichiers."
TOO_WIDE = "Ce tableau dépasse 200 colonnes\u202f: gardez seulement celles qui sont demandées."
TOO_HEAVY = "Ce fichier dépasse 20\u00a0Mo\u202f: partagez-le en plusieurs fichiers."
UNREADABLE = "Ce fichier n’est pas un tableau lisible\u202f: enregistrez-le au format CSV ou XLSX."
EMPTY = "Ce tableau est vide\u202f: sa première ligne doit nommer les colonnes."
TWICE = "Deux colonnes portent le même nom\u202f: «\u202f{}\u202f»."


def csv_response(filename: str, headers: Iterable, rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """A download that French Excel opens with a double click, sent row by row."""
    response = StreamingHttpResponse(_lines(headers, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response


def _lines(headers: Iterable, rows: Iterable[Iterable]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    for row in itertools.chain([headers], rows):
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([_cell(value) for value in row])
        yield line.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> str:
    """A value as French Excel takes it in. Text that it would run as a formula gets a leading apostrophe (OWASP)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def read_table(file: BinaryIO) -> list[tuple[int, dict[str, object]]]:
    """The rows of a CSV or XLSX file, each with its line number as the reader's spreadsheet shows it.

    Keys are the first line's names, stripped; values are stripped text, or the real dates and numbers of an XLSX; an
    absent cell is "". Blank rows are left out. Raises ValueError, with a message for the member, for what is no
    table and beyond 20 MB, 20,000 rows or 200 columns.
    """
    content = file.read(MOST_OCTETS + 1)
    if len(content) > MOST_OCTETS:
        raise ValueError(TOO_HEAVY)
    rows = _xlsx_rows(content) if content.startswith(b"PK\x03\x04") else _csv_rows(content)
    names: list[str] | None = None
    table = []
    for line, row in rows:
        if len(row) > MOST_COLUMNS:
            raise ValueError(TOO_WIDE)
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in row]
        if not any(cell not in ("", None) for cell in cells):
            continue
        if names is None:
            names = _names(cells)
            continue
        if len(table) == MOST_ROWS:
            raise ValueError(TOO_LONG)
        padded = itertools.chain(cells, itertools.repeat(""))
        named = zip(names, padded, strict=False)  # nameless columns on the right are left out
        table.append((line, {name: "" if cell is None else cell for name, cell in named if name}))
    if names is None:
        raise ValueError(EMPTY)
    return table


def _names(cells: list) -> list[str]:
    names = ["" if cell is None else str(cell) for cell in cells]
    seen: set[str] = set()
    for name in filter(None, names):
        if name in seen:
            raise ValueError(TWICE.format(name))
        seen.add(name)
    return names


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Lines of a CSV; the separator is the one that its first line holds most. Windows-1252 when it is not UTF-8."""
    if b"\x00" in content:
        raise ValueError(UNREADABLE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1  # a quoted cell may hold several lines
    except csv.Error as error:
        raise ValueError(f"{UNREADABLE} (ligne {line})") from error


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise ValueError(TOO_HEAVY)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except ValueError as error:
        raise error if str(error) == TOO_HEAVY else ValueError(UNREADABLE) from error
    except (zipfile.BadZipFile, KeyError, OSError, SyntaxError) as error:  # ParseError is a SyntaxError
        raise ValueError(UNREADABLE) from error
    try:
        if not book.worksheets:
            raise ValueError(EMPTY)
        # Excel keeps a million formatted empty rows at times: one row too many is enough to refuse, none is unpacked.
        for line, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, [_day(cell) for cell in row]
    finally:
        book.close()


def _day(cell: object) -> object:
    """A date without an hour is a date: Excel has moments only."""
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date()
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
