"""Tables out to French Excel, and in from it."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from extranet.ui import tables

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


def xlsx(*rows) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.parent.save(file := io.BytesIO())
    file.seek(0)
    return file


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def test_export_opens_in_french_excel():
    response = tables.csv_response(
        "communes été.csv", ["Nom", "Population"], [["Trélazé", None], ["a;b", Decimal("1.5")]]
    )
    assert content(response) == '\ufeffNom;Population\r\nTrélazé;\r\n"a;b";1,5\r\n'.encode()
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''communes%20%C3%A9t%C3%A9.csv"


@pytest.mark.parametrize("text", ["=1+1", "+33 2 41", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_export_never_runs_a_formula(text):
    assert (
        content(tables.csv_response("a.csv", ["x"], [[text]])).decode().split("\r\n", 1)[1].lstrip('"').startswith("'")
    )


def test_export_writes_dates_and_numbers_as_such():
    row = [date(2026, 12, 1), datetime(2026, 12, 1, 9, 5), -3, True]
    assert content(tables.csv_response("a.csv", ["a", "b", "c", "d"], [row])).endswith(
        b"01/12/2026;01/12/2026 09:05;-3;oui\r\n"
    )


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
def test_what_is_exported_can_be_imported(rows):
    sent = content(tables.csv_response("a.csv", ["un", "deux"], rows))
    kept = [dict(zip(("un", "deux"), map(tables._cell, row), strict=True)) for row in rows if any(row)]
    assert [row for _, row in tables.read_table(io.BytesIO(sent))] == kept


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_csv_is_read_whatever_the_separator_and_encoding(separator, encoding):
    text = separator.join(["nom", "prénom"]) + "\r\n\r\n" + separator.join(["Guérin", " Anne-Lise "]) + "\r\n"
    assert tables.read_table(io.BytesIO(text.encode(encoding))) == [(3, {"nom": "Guérin", "prénom": "Anne-Lise"})]


def test_line_numbers_are_those_of_the_file_even_after_a_cell_of_two_lines():
    assert tables.read_table(io.BytesIO(b'a;b\n"x\ny";1\nz\n')) == [
        (2, {"a": "x\ny", "b": "1"}),
        (4, {"a": "z", "b": ""}),
    ]


def test_xlsx_keeps_real_dates_and_whole_numbers():
    file = xlsx(
        ["début", "insee", "note"], [datetime(2026, 1, 5), 49007.0, None], [None, None, None], ["", "49015", " x "]
    )
    assert tables.read_table(file) == [
        (2, {"début": date(2026, 1, 5), "insee": 49007, "note": ""}),
        (4, {"début": "", "insee": "49015", "note": "x"}),
    ]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"", tables.EMPTY),
        (b"\n\n;;\n", tables.EMPTY),
        (b"a;a\n1;2\n", tables.TWICE.format("a")),
        (b"\x89PNG\x00\x00", tables.UNREADABLE),
        (b"PK\x03\x04 not a zip", tables.UNREADABLE),
        (b'a;b\n"never closed', f"{tables.UNREADABLE} (ligne 2)"),
        (b"a;" * 201, tables.TOO_WIDE),
        (b"a\n" + b"1\n" * 20_001, tables.TOO_LONG),
        (b"a" * (20 * 1024 * 1024 + 1), tables.TOO_HEAVY),
    ],
)
def test_what_is_no_good_table_is_refused_with_a_clear_message(sent, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 compared whole below
        tables.read_table(io.BytesIO(sent))
    assert str(refusal.value) == message


def test_xlsx_that_hides_a_huge_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    with pytest.raises(ValueError, match="20\u00a0Mo"):
        tables.read_table(xlsx(["a"], ["b"]))
