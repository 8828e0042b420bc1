"""Frozen reports with all kinds of blocks, in English and Arabic."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.reports.domain.document import (
    Cell,
    CellKind,
    Fact,
    Items,
    ReportColumn,
    ReportDocument,
    ReportHeading,
    ReportParagraph,
    Row,
    Section,
    Series,
    SignatureLines,
    Table,
    Tile,
    Tiles,
    TrendBlock,
    TrendPoint,
)

COUNTRIES = {
    "en": ("Azerbaijan", "Bangladesh", "Bosnia and Herzegovina", "Bulgaria", "France", "Hungary", "Iraq"),
    "ar": ("أذربيجان", "بنغلاديش", "البوسنة والهرسك", "بلغاريا", "فرنسا", "هنغاريا", "العراق"),
}
TONES = ("good", "risk", "bad", "none", "open", "here", "wait")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The texts of a sample report."""

    title: str
    subtitle: str
    period: str
    paragraph: str
    comment: str
    indicator: str
    heads: tuple[str, ...]
    statuses: tuple[str, ...]
    caption: str
    chart: str
    described: str
    target: str
    tile: str
    section: str
    signatures: tuple[str, ...]
    not_shown: str
    series: tuple[str, ...]


WORDINGS = {
    "en": Wording(
        title="Quarterly report",
        subtitle="April to June 2027, compared with January to March 2027",
        period="Period",
        paragraph="More officers recognise signs than planned, and fewer have practised first contact. "
        "28 first responders count now, and their dates end before September. ",
        comment="The secretariat proposes one more workshop in Baku and short practice from August.",
        indicator="Officers who recognise signs of trafficking in a first contact",
        heads=("Indicator", "Baseline", "Then", "Now", "Reached", "Counted on", "Status"),
        statuses=("On track", "At risk", "Behind", "No data", "Not started", "In progress", "Waiting"),
        caption="Indicators of the outcome",
        chart="First responders able to identify and refer",
        described="Counted: 12, 19, 24 and 28; without new results 2 on 30 September; target 19.",
        target="Target 2027: 19",
        tile="officers recognise signs",
        section="Outcome",
        signatures=("For the contact point of Azerbaijan", "For the secretariat of COLEP"),
        not_shown="too few to show",
        series=("Counted", "Without new records", "As booked", "Needed"),
    ),
    "ar": Wording(
        title="التقرير الفصلي",
        subtitle="من أبريل إلى يونيو 2027، مقارنة بالفترة من يناير إلى مارس 2027",
        period="الفترة",
        paragraph="يتعرف عدد أكبر من الضباط على العلامات مما كان مخططا له، وتدرب عدد أقل على الاتصال الأول. "
        "يُحتسب 28 من المستجيبين الأوائل الآن وتنتهي صلاحيتهم قبل سبتمبر. ",
        comment="تقترح الأمانة ورشة إضافية في باكو (Baku) وتدريبا قصيرا ابتداء من أغسطس.",
        indicator="الضباط الذين يتعرفون على علامات الاتجار بالبشر في الاتصال الأول",
        heads=("المؤشر", "خط الأساس", "سابقا", "الآن", "النسبة", "تاريخ العد", "الحالة"),
        statuses=("في المسار", "معرض للخطر", "متأخر", "لا بيانات", "لم يبدأ", "قيد التنفيذ", "في الانتظار"),
        caption="مؤشرات النتيجة",
        chart="المستجيبون الأوائل القادرون على التعرف والإحالة",
        described="العدد: 12 ثم 19 ثم 24 ثم 28، ومن دون نتائج جديدة 2 في 30 سبتمبر، والهدف 19.",
        target="هدف 2027: 19",
        tile="ضابطا يتعرفون على العلامات",
        section="النتيجة",
        signatures=("عن نقطة الاتصال في أذربيجان", "عن أمانة الشبكة"),
        not_shown="عدد أقل من أن يُعرض",
        series=("العدد", "من دون سجلات جديدة", "حسب الحجوزات", "المطلوب"),
    ),
}


def number(value: float) -> Cell:
    """Return a cell with a number."""
    return Cell(text=f"{value:g}", kind=CellKind.NUMBER, value=value)


def percent(value: float) -> Cell:
    """Return a cell with a percentage."""
    return Cell(text=f"{value:g}%", kind=CellKind.PERCENT, value=value)


def status(text: str, tone: str) -> Cell:
    """Return a cell with a status."""
    return Cell(text=text, kind=CellKind.STATUS, tone=tone)


def table(wording: Wording, names: tuple[str, ...], caption: str) -> Table:
    """Return a table with a row for each name, a total, and a number that is not shown."""
    kinds = (
        CellKind.TEXT, CellKind.NUMBER, CellKind.NUMBER, CellKind.NUMBER, CellKind.PERCENT, CellKind.DATE,
        CellKind.STATUS,
    )  # fmt: skip
    columns = tuple(ReportColumn(head=head, kind=kind) for head, kind in zip(wording.heads, kinds, strict=True))
    rows = [
        Row(
            code=f"OC1.{n}",
            cells=(
                Cell(text=name),
                number(5 * n),
                Cell(text=wording.not_shown, kind=CellKind.NUMBER) if n == 2 else number(1250.5 + 5 * n),
                number(-15 + 10 * n),
                percent(8.5 * n),
                Cell(text="30 June 2027", kind=CellKind.DATE, value="2027-06-30"),
                status(wording.statuses[n % 7], TONES[n % 7]),
            ),
        )
        for n, name in enumerate(names, 1)
    ]
    total = Row(cells=(Cell(text="Σ"), *rows[0].cells[1:6], Cell(text="")), is_total=True)
    return Table(caption=caption, columns=columns, rows=(*rows, total), note=wording.not_shown)


def trend(wording: Wording) -> TrendBlock:
    """Return a trend with a gap, two forecasts and a second line."""
    start = date(2026, 3, 31)
    days = [(start + timedelta(days=91 * n)).isoformat() for n in range(8)]
    past = tuple(TrendPoint(day=day, value=value) for day, value in zip(days, (12, 19, None, 24, 28), strict=False))
    ahead = tuple(TrendPoint(day=day, value=value) for day, value in zip(days[5:], (20, 8, 2), strict=True))
    booked = tuple(TrendPoint(day=day, value=value) for day, value in zip(days[5:], (22, 14, 11), strict=True))
    needed = tuple(TrendPoint(day=day, value=5 + 3 * n) for n, day in enumerate(days))
    counted, alone, with_bookings, need = wording.series
    return TrendBlock(
        caption=wording.chart,
        description=wording.described,
        unit="count",
        target=19,
        target_label=wording.target,
        series=(
            Series(name=counted, points=past),
            Series(name=alone, points=ahead, is_forecast=True),
            Series(name=with_bookings, points=booked, is_forecast=True),
            Series(name=need, points=needed),
        ),
    )


def document(language: str = "en", sections: int = 4) -> ReportDocument:
    """Return a report with all kinds of blocks; each section after the summary fills about two pages."""
    wording = WORDINGS[language]
    tiles = tuple(
        Tile(label=wording.tile, figure=Cell(text=f"{n * 17} / 120", value=n * 17), note=wording.not_shown)
        for n in range(1, 6)
    )
    outcomes = tuple(
        Section(
            key=f"outcome:OC{n}",
            title=f"{wording.section} {n}",
            sheet=f"{wording.section} {n}",
            blocks=(
                ReportParagraph(text=wording.paragraph * 3),
                table(wording, (wording.indicator,) * 6, f"{wording.caption} {n}"),
                trend(wording),
                ReportHeading(text=wording.chart),
                ReportParagraph(text=wording.comment, is_comment=True),
                Items(texts=(wording.comment, wording.paragraph)),
                table(wording, COUNTRIES[language], wording.period),
            ),
        )
        for n in range(1, sections)
    )
    summary = Section(
        key="summary",
        title=wording.title,
        sheet="Summary",
        blocks=(
            ReportParagraph(text=wording.paragraph * 2),
            Tiles(tiles=tiles),
            ReportParagraph(text=wording.not_shown, is_note=True),
            SignatureLines(labels=wording.signatures),
        ),
    )
    return ReportDocument(
        kind="quarterly",
        language=language,
        title=wording.title,
        subtitle=wording.subtitle,
        is_final=False,
        period_end="2027-06-30",
        as_of="2027-07-05",
        frozen_at="2027-07-06T04:05:06+00:00",
        compared_end="2027-03-31",
        facts=(Fact(label=wording.period, text=wording.subtitle), Fact(label=wording.heads[5], text="5 July 2027")),
        sections=(summary, *outcomes),
    )


def with_table(rows: tuple[Row, ...], columns: tuple[ReportColumn, ...], title: str = "T") -> ReportDocument:
    """Return a report with a table only."""
    block = Table(caption=title, columns=columns, rows=rows)
    section = Section(key="summary", title=title, sheet="Summary", blocks=(block,))
    return ReportDocument(
        kind="quarterly",
        language="en",
        title=title,
        subtitle="",
        is_final=True,
        period_end="2027-06-30",
        as_of="2027-07-05",
        frozen_at="2027-07-06T04:05:06+00:00",
        sections=(section,),
    )
