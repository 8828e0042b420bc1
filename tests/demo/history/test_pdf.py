import re

from app.demo.history import pdf


def test_pdf_offsets_match_cross_reference_table() -> None:
    made = pdf.pdf(["A figure (fictional)", "97 \\ 3"])
    table = int(re.search(rb"startxref\n(\d+)", made)[1])
    assert made[table:].startswith(b"xref\n0 6\n")
    places = [int(place) for place in re.findall(rb"^(\d{10}) 00000 n", made[table:], re.MULTILINE)]
    assert [made[place : place + 7] for place in places] == [b"%d 0 obj" % number for number in range(1, 6)]


def test_pdf_text_is_escaped() -> None:
    made = pdf.pdf([r"(a) \ b"])
    assert rb"(\(a\) \\ b) Tj" in made


def test_pdf_states_length_of_page() -> None:
    made = pdf.pdf(["one", "two"])
    length, drawn = re.search(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", made, re.DOTALL).groups()
    assert int(length) == len(drawn)
    assert (made[:9], made[-6:]) == (b"%PDF-1.4\n", b"%%EOF\n")
