"""Upload a file by a form."""

import io

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.support import factories


def upload(app: Flask, client: FlaskClient, path: str, content: bytes, name: str, **fields: str) -> TestResponse:
    """Send a file as the field "file" of a form with other fields; large files need no temporary file."""
    values = {"file": FileStorage(io.BytesIO(content), name), "csrf_token": factories.token(app, client), **fields}
    boundary, body = encode_multipart(values)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
