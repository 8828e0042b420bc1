"""Sample documents for the page of components: one of each kind, then those with boxes, fields and feedback.

The classes have the fields of `DocumentView` and `DocumentText`, which packages below the catalogue cannot import.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLine:
    """A line, as shapes.UnitText."""

    number: int
    cells: tuple[str, ...]
    time: str = ""
    speaker: str = ""
    fillable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePart:
    """A part, as shapes.PartText."""

    kind: str
    units: tuple[SampleLine, ...]
    title: str = ""
    heads: tuple[str, ...] = ()
    ordered: bool = False
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleText:
    """A document, as shapes.DocumentText."""

    id: str
    kind: str
    parts: tuple[SamplePart, ...]
    title: str = "Sample"
    language: str = "en"
    dir: str = "ltr"
    date: str = ""
    sender: str = ""
    to: str = ""
    location: str = ""
    status: str = ""
    columns: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """A drawn document, as quizzes.shapes.DocumentView."""

    text: SampleText
    language: str = "en"
    owner: str = "Anwar"
    controls: Mapping[int, Mapping[str, object]] = field(default_factory=dict)
    fields: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    marks: Mapping[int, Mapping[str, object]] = field(default_factory=dict)
    cache_key: bytes | None = None  # drawn each time

    @property
    def id(self) -> str:
        """Return the beginning of the ids of the document."""
        return f"doc-{self.text.id}"


COUNTS = {"word": "Counts", "kind": "good", "marked": True, "tint": "right", "why": "The sum grows without a reason."}
TEMPTS = {"word": "Does not count", "kind": "risk", "marked": True, "tint": "", "why": "A question makes no debt."}
MISSED = {"word": "Missed", "kind": "risk", "marked": False, "tint": "missed", "why": "Who pays late owes more."}


def _plain(kind: str, *texts: str, start: int = 1, ordered: bool = False) -> SamplePart:
    units = tuple(SampleLine(number=number, cells=(text,)) for number, text in enumerate(texts, start))
    return SamplePart(kind=kind, units=units, ordered=ordered)


def _turns(*turns: tuple[str, str, str]) -> SamplePart:
    units = [
        SampleLine(number=number, time=time, speaker=speaker, cells=(text,))
        for number, (time, speaker, text) in enumerate(turns, 1)
    ]
    return SamplePart(kind="turns", units=tuple(units))


def _table(heads: tuple[str, ...], *rows: tuple[str, ...], numeric: tuple[int, ...] = ()) -> SamplePart:
    units = tuple(SampleLine(number=number, cells=cells) for number, cells in enumerate(rows, 1))
    return SamplePart(kind="table", units=units, heads=heads, numeric=numeric)


def samples() -> tuple[SampleView, ...]:
    """Return the sample documents."""
    chat = SampleText(
        id="SF-D02",
        kind="chat",
        sender="Anwar",
        status="translation",
        parts=(
            _turns(("19:02", "Anwar", "Is the hall looking for people?"), ("19:10", "Teo", "Yes. The bus is 1,200.")),
        ),
    )
    payslip = SampleText(
        id="SF-D10",
        kind="payslip",
        sender="Veltra Crop Services",
        parts=(
            _table(
                ("Month", "Hours", "Gross"), ("April", "160.0", "1,888.00"), ("May", "", "1,888.00"), numeric=(1, 2)
            ),
            _plain("paragraphs", "Extra hours since the beginning: none.", start=3),
        ),
    )
    boxes = SamplePart(
        kind="fields",
        units=(
            SampleLine(number=1, cells=("Alias for the file", "S-114")),
            SampleLine(number=2, cells=("Address for letters", ""), fillable=True),
        ),
    )
    form = SampleText(id="SF-D29", kind="form", parts=(boxes, _plain("margin", "Ask again tomorrow.", start=3)))
    views = [SampleView(text=text) for text in (chat, payslip, form, *_papers(), *_screens())]
    return (*views, *_asked(chat, payslip, form))


def _papers() -> tuple[SampleText, ...]:
    clauses = _table(("English", "العربية"), ("The worker pays for the bed.", "يدفع العامل ثمن السرير."))
    account = _table(("Day", "Text", "Out"), ("2 April", "Cash, machine 3", "2,800.00"), numeric=(2,))
    beds = _plain("list", "Bed 1: A. Belik", "Bed 2: free", ordered=True)
    offer = replace(_plain("list", "Packing hall, warm", "A bed with others"), title="Work in Arvania")
    return (
        SampleText(id="SF-D01", kind="advert", parts=(offer,)),
        SampleText(id="SF-D04", kind="contract", columns=("en", "ar"), parts=(clauses,)),
        SampleText(
            id="SF-D05", kind="letter", to="A. Belik", parts=(_plain("paragraphs", "The room is free from May."),)
        ),
        SampleText(id="SF-D06", kind="table", parts=(_table(("Badge", "In", "Out"), ("114", "05:52", "19:31")),)),
        SampleText(id="SF-D07", kind="statement", parts=(account,)),
        SampleText(id="SF-D13", kind="note", parts=(_plain("paragraphs", "Bus at six.", "Paper first."),)),
        SampleText(id="SF-D14", kind="list", parts=(beds,)),
    )


def _screens() -> tuple[SampleText, ...]:
    steps = _table(("Time", "Step"), ("09:41", "Opened the page"), ("09:44", "Saved it: <code>7d1c 03af</code>"))
    talk = _turns(("", "Camber", "And your passport?"), ("10:05", "Belik", "In the tin, with the others."))
    page = _plain("paragraphs", "The way and the work. Next bus on 9 November.")
    return (
        SampleText(id="SF-D09", kind="webpage", location="vidloop.example/arvania-way", parts=(page,)),
        SampleText(id="SF-D15", kind="post", parts=(_turns(("2 h", "user-4471", "Can I come with my brother?")),)),
        SampleText(id="SF-D11", kind="log", parts=(steps,)),
        SampleText(id="SF-D12", kind="transcript", date="2026-06-09", parts=(talk,)),
    )


def _asked(chat: SampleText, payslip: SampleText, form: SampleText) -> tuple[SampleView, ...]:
    """Return documents whose lines can be marked or filled, and documents with feedback."""
    many = {
        number: {"kind": "checkbox", "name": "lines", "value": f"0-{number}", "checked": number == 2}
        for number in (1, 2)
    }
    single = {number: box | {"kind": "radio", "name": "proof"} for number, box in many.items()}
    entry = {2: {"name": "entry-2", "value": ""}}
    return (
        SampleView(text=replace(chat, id="SF-D21"), controls=many),
        SampleView(text=replace(payslip, id="SF-D22"), controls=single),
        SampleView(text=replace(form, id="SF-D23"), fields=entry),
        SampleView(text=replace(chat, id="SF-D24"), marks={1: TEMPTS, 2: COUNTS}),
        SampleView(text=replace(payslip, id="SF-D25"), marks={1: COUNTS, 2: MISSED}),
    )
