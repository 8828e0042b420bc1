"""A working example for each kind of document, as it is written in `documents/<slug>.<lang>.md`."""

from collections.abc import Mapping

from app.catalogue.domain.documents import DocumentKind

_BODIES: Mapping[DocumentKind, str] = {
    DocumentKind.ADVERT: "Bakery looks for helpers, day and night.\n\n/// margin\nTwo places left.\n///",
    DocumentKind.CHAT: (
        "- 9 Mar 19:02 **Sami**: What does the bus cost?\n"
        "- 9 Mar 19:10 **Foreman K**: The papers cost 800. You pay nothing now. {#debt-begins}"
    ),
    DocumentKind.PAYSLIP: "| Month | Hours | Paid |\n| --- | --- | --- |\n| February | 160.0 | 1,740.00 |",
    DocumentKind.CONTRACT: ("| English | العربية |\n| --- | --- |\n| Advances: none. | السلف: 1,100. | {#advances}"),
    DocumentKind.LETTER: "Dear owner,\n\nI write down who comes and goes at night.",
    DocumentKind.TABLE: "| Helper | Monday | Tuesday | Total |\n| --- | --- | --- | --- |\n| 31 | 8.0 | 8.0 | 16.0 |",
    DocumentKind.STATEMENT: ("| Date | Text | Out | In |\n| --- | --- | --- | --- |\n| 2 March | Flour | 860.00 | |"),
    DocumentKind.FORM: "| Entry | |\n| --- | --- |\n| Name and language | |\n| Legal finding | |",
    DocumentKind.WEBPAGE: "Address shown: https://bakery.example/jobs.\n\n## Jobs\n\n- Beds near the bakery",
    DocumentKind.POST: "Bakery looks for helpers.\n\n- 9 Mar 09:31 **Lenn**: What does the bed cost?",
    DocumentKind.LOG: "| Badge | In | Out |\n| --- | --- | --- |\n| 31 | 20:00 | 07:00 |",
    DocumentKind.TRANSCRIPT: "- **Norring**: Tell me about a night.\n- **Foreman**: They come at eight.",
    DocumentKind.NOTE: "06.20. No other person can hear.\n\nWants to sleep today. {#wishes}",
    DocumentKind.LIST: "- Box of tin, closed\n- Three telephones",
}
_MORE_KEYS: Mapping[DocumentKind, str] = {DocumentKind.CONTRACT: "columns: left = en, right = ar\n"}


def _example(number: int, kind: DocumentKind, body: str) -> str:
    keys = f"id: E01-D{number:02}\nkind: {kind}\ndate: 2026-03-09\n{_MORE_KEYS.get(kind, '')}"
    return f"# Example\n{keys}\n{body}\n"


DOCUMENTS: Mapping[DocumentKind, str] = {
    kind: _example(number, kind, body) for number, (kind, body) in enumerate(_BODIES.items(), 1)
}


def body_of(kind: DocumentKind) -> str:
    """Return further keys and a text of a kind to begin from: what follows the keys `id` and `kind`."""
    return f"{_MORE_KEYS.get(kind, '')}\n{_BODIES[kind]}"
