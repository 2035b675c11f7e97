"""Makes the demo's files from the sources beside this script: `python build.py`, with LibreOffice on the PATH.

The site never runs it: what it makes is committed. See README.md.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from weasyprint import HTML

HERE = Path(__file__).resolve().parent
OUT = HERE.parent
sys.path.insert(0, str(HERE.parents[3]))
from demo.content import french  # noqa: E402  the site's folder is not a package: it goes on the path first

PDF = (
    "compte-rendu-2012-11-06",
    "lettre-de-mission-achats",
    "note-revision-des-prix",
    "scenarios-rythmes-scolaires",
    "synthese-table-ronde-ingenierie",
)
OFFICE = {
    "convention-cadre-de-pret": "odt",
    "fiche-etat-des-lieux": "odt",
    "convention-constitutive-de-groupement": "docx",
}

HEAD = Font(name="Calibri", bold=True, color="FFFFFF")
FILL = PatternFill("solid", fgColor="14486E")
INPUT = PatternFill("solid", fgColor="FCF3EB")
LINE = Border(bottom=Side(style="thin", color="B9C5CF"))
EURO = '# ##0.00 "€"'.replace("# ##0", "#,##0")


def page(name: str, style: str) -> str:
    body = french((HERE / f"{name}.html").read_text(encoding="utf-8"))
    title = body.partition("<h1>")[2].partition("</h1>")[0]
    head = f'<meta charset="utf-8"><title>{title}</title>{style}'
    return f'<!DOCTYPE html><html lang="fr"><head>{head}</head><body>{body}</body></html>'


def make_pdf(name: str) -> None:
    style = f"<style>{(HERE / 'imprime.css').read_text(encoding='utf-8')}</style>"
    HTML(string=page(name, style)).write_pdf(OUT / f"{name}.pdf", pdf_variant="pdf/ua-1")


def soffice(source: Path, target: str, filter_in: str = "") -> None:
    """Converts with LibreOffice, in a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless"]
        command += [f"--infilter={filter_in}"] if filter_in else []
        command += ["--convert-to", target, "--outdir", str(OUT), str(source)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  fixed arguments


def make_office(name: str, kind: str) -> None:
    """The Writer filter, not Writer/Web: it gives a paged document that opens in print view."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{name}.html"
        style = f"<style>{(HERE / 'bureau.css').read_text(encoding='utf-8')}</style>"
        source.write_text(page(name, style), encoding="utf-8")
        target = {"odt": "odt:writer8", "docx": "docx:MS Word 2007 XML"}[kind]
        soffice(source, target, "HTML (StarWriter)")


def write_heads(sheet, row: int, heads: list[str], widths: list[int]) -> None:
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = sheet.cell(row, column, french(head))
        cell.font, cell.fill = HEAD, FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(row + 1, 2)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def save(book: Workbook, name: str) -> None:
    """Through LibreOffice, so that every formula has its value for readers that do not calculate."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{name}.xlsx"
        book.save(source)
        soffice(source, "xlsx:Calc MS Excel 2007 XML")


def make_inventory() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Inventaire"
    with (HERE / "inventaire-materiel.csv").open(encoding="utf-8", newline="") as source:
        lines = list(csv.reader(source, delimiter=";"))
    write_heads(sheet, 1, [*lines[0], "Valeur totale"], [26, 34, 10, 13, 52, 24, 18, 15])
    for row, line in enumerate(lines[1:], 2):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(row, column, int(text) if column in (3, 4) else french(text))
            cell.border, cell.alignment = LINE, Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 8, f"=C{row}*D{row}").border = LINE
        sheet.cell(row, 4).number_format = sheet.cell(row, 8).number_format = EURO
    last = len(lines)
    sheet.auto_filter.ref = f"A1:H{last}"
    sheet.cell(last + 2, 1, "Ensemble").font = Font(name="Calibri", bold=True)
    sheet.cell(last + 2, 3, f"=SUM(C2:C{last})").font = Font(name="Calibri", bold=True)
    total = sheet.cell(last + 2, 8, f"=SUM(H2:H{last})")
    total.font, total.number_format = Font(name="Calibri", bold=True), EURO
    save(book, "inventaire-materiel")


COMMUNES = (  # name, population, agents, acts
    ("Trélazé", 16333, 310, 186),
    ("Saint-Barthélemy-d'Anjou", 9720, 168, 142),
    ("Montreuil-Juigné", 7808, 121, 118),
    ("Bouchemaine", 6580, 92, 214),
    ("Beaucouzé", 5732, 104, 133),
    ("Écouflant", 4749, 58, 97),
    ("Briollay", 3225, 34, 74),
    ("Feneu", 2212, 26, 61),
    ("Savennières", 1349, 10, 29),
    ("Béhuard", 115, 2, 4),
)
SCENARIOS = (  # name, weights of population, agents, acts, fixed share
    ("A. Population", 100, 0, 0, 0),
    ("B. Agents et population", 50, 50, 0, 0),
    ("C. Actes et part fixe", 0, 0, 90, 10),
    ("D. Les quatre critères", 40, 20, 30, 10),
)


def fill_data(sheet) -> tuple[int, int]:
    """The sheet "Données": the total, the weights, the communes. Returns the first and last rows of communes."""
    sheet["A1"], sheet["B1"] = "Coût annuel à répartir", 29500
    sheet["B1"].number_format, sheet["B1"].fill = EURO, INPUT
    sheet["A2"] = french("Les cellules colorées se modifient ; le reste est calculé.")
    write_heads(
        sheet,
        4,
        ["Scénario", "Population (%)", "Agents (%)", "Actes (%)", "Part fixe (%)", "Somme"],
        [30, 16, 14, 14, 14, 12],
    )
    for row, scenario in enumerate(SCENARIOS, 5):
        for column, value in enumerate(scenario, 1):
            sheet.cell(row, column, value).fill = INPUT
        sheet.cell(row, 6, f'=IF(SUM(B{row}:E{row})=100,"100 %","à corriger")')
    first, last = 12, 11 + len(COMMUNES)
    for column, head in enumerate(("Commune", "Population", "Agents", "Actes (moyenne sur trois ans)"), 1):
        cell = sheet.cell(11, column, head)
        cell.font, cell.fill, cell.alignment = HEAD, FILL, Alignment(wrap_text=True)
    for row, commune in enumerate(COMMUNES, first):
        for column, value in enumerate(commune, 1):
            cell = sheet.cell(row, column, french(value) if column == 1 else value)
            cell.border, cell.fill = LINE, INPUT
    sheet.freeze_panes = None
    return first, last


def fill_scenario(book: Workbook, number: int, first: int, last: int) -> str:
    """One sheet a scenario: exact share, floor to the cent, remainder, rank, final share (largest remainder)."""
    name = f"Scénario {'ABCD'[number]}"
    sheet = book.create_sheet(name)
    sheet["A1"] = f"='Données'!A{5 + number}"
    sheet["A1"].font = Font(name="Calibri", bold=True, size=13)
    write_heads(
        sheet,
        3,
        ["Commune", "Part exacte", "Arrondi inférieur", "Reste", "Rang du reste", "Part due"],
        [30, 16, 16, 14, 14, 16],
    )
    weights, count = 5 + number, last - first + 1
    end = 3 + count
    for offset in range(count):
        row, data = 4 + offset, first + offset
        shares = "+".join(
            f"'Données'!${weight}${weights}/100*'Données'!{column}{data}/SUM('Données'!{column}${first}:{column}${last})"
            for weight, column in (("B", "B"), ("C", "C"), ("D", "D"))
        )
        sheet.cell(row, 1, f"='Données'!A{data}")
        sheet.cell(row, 2, f"=ROUND('Données'!$B$1*({shares}+'Données'!$E${weights}/100/{count}),8)")
        sheet.cell(row, 3, f"=ROUNDDOWN(B{row},2)")
        sheet.cell(row, 4, f"=ROUND(B{row}-C{row},8)")
        sheet.cell(row, 5, f"=RANK(D{row},D$4:D${end})+COUNTIF(D$4:D{row},D{row})-1")
        sheet.cell(row, 6, f"=C{row}+IF(E{row}<=ROUND(('Données'!$B$1-SUM(C$4:C${end}))*100,0),0.01,0)")
        for column in (2, 3, 6):
            sheet.cell(row, column).number_format = EURO
        sheet.cell(row, 4).number_format = "0.00000000"
    for column in (1, 2, 6):
        value = "Ensemble" if column == 1 else f"=SUM({get_column_letter(column)}4:{get_column_letter(column)}{end})"
        cell = sheet.cell(end + 1, column, value)
        cell.font, cell.number_format = Font(name="Calibri", bold=True), EURO
    return name


def make_simulator() -> None:
    book = Workbook()
    data = book.active
    data.title = "Données"
    first, last = fill_data(data)
    names = [fill_scenario(book, number, first, last) for number in range(len(SCENARIOS))]
    summary = book.create_sheet("Comparaison")
    write_heads(summary, 1, ["Commune", *names, "Écart le plus grand"], [30, 16, 16, 16, 16, 18])
    for offset in range(last - first + 2):
        row = 2 + offset
        summary.cell(row, 1, f"='{names[0]}'!A{4 + offset}").border = LINE
        for column, name in enumerate(names, 2):
            cell = summary.cell(row, column, f"='{name}'!F{4 + offset}")
            cell.number_format, cell.border = EURO, LINE
        spread = summary.cell(row, 6, f"=MAX(B{row}:E{row})-MIN(B{row}:E{row})")
        spread.number_format, spread.border = EURO, LINE
    book.active = book.index(summary)
    save(book, "simulateur-cles-de-repartition")


if __name__ == "__main__":
    for pdf in PDF:
        make_pdf(pdf)
    for document, kind in OFFICE.items():
        make_office(document, kind)
    make_inventory()
    make_simulator()
