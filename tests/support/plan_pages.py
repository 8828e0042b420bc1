"""What pages and files of the plan say, what is sent to them, and what they ask the database."""

import csv
import io
import re
import zipfile
from html import unescape
from io import BytesIO

from flask.testing import FlaskClient

from tests.support import factories
from tests.support.plan_figures import Scene


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def rows_of(page: str) -> list[str]:
    return re.findall(r"<tr\b.*?</tr>", page, re.S)


def row_of(page: str, words: str) -> str:
    [row_with_words] = [row for row in rows_of(page) if f">{words}<" in row and 'scope="row"' in row]
    return row_with_words


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def table(client: FlaskClient, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(client, path).removeprefix("\ufeff"), newline="")))


def sheet_of(client: FlaskClient, path: str) -> str:
    with client.get(path) as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def send(scene: Scene, client: FlaskClient, path: str, **values: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": factories.token(scene.app, client), **values})
    answer.request.environ["wsgi.input"].close()  # of a large upload this is a file
    return answer.status_code, answer.headers.get("Location", "")


def hand_in(scene: Scene, client: FlaskClient, place: str) -> int:
    """Add a document to a draft figure and hand it in; return the status of the second step."""
    send(scene, client, f"{place}/document", document=(BytesIO(b"%PDF-1.7"), "source.pdf"))
    return send(scene, client, f"{place}/submit")[0]


def cells_of_sheet(client: FlaskClient, path: str) -> list[list[str]]:
    """Return the cells of a sheet as words, numbers in one form."""
    return [
        [_cell(cell) for cell in re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", row, re.S)]
        for row in re.findall(r"<row.*?</row>", sheet_of(client, path), re.S)
    ]


def _cell(cell: str) -> str:
    if number := re.search(r"<v>(.*?)</v>", cell):
        return f"{float(number.group(1)):.6g}"
    return unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", cell, re.S)))
