"""A page of text as a PDF, for documents that stand behind figures: written by hand, for it needs no more than this."""

from collections.abc import Sequence

PAGE = (595, 842)  # A4 in points
TOP, LEFT, SIZE, LEADING = 780, 60, 12, 18


def pdf(lines: Sequence[str]) -> bytes:
    """Return a page with these lines, in Latin letters alone."""
    text = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    drawn = f"BT /F1 {SIZE} Tf {LEADING} TL {LEFT} {TOP} Td\n{text}ET".encode("latin-1")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(made)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
