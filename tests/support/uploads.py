"""Upload a file by a form."""

import io

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.support import factories


def upload(app: Flask, client: FlaskClient, path: str, content: bytes, name: str, **fields: str) -> TestResponse:
    """Send a file as the field "file" of a form with other fields; large files need no temporary file."""
    values = {"file": FileStorage(io.BytesIO(content), name), "csrf_token": factories.token(app, client), **fields}
    boundary, body = encode_multipart(values)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def picture(name: str = "The quay at night.png") -> FileStorage:
    """Return a small PNG file as a form sends it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    return FileStorage(io.BytesIO(file.getvalue()), name)
