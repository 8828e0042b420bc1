from flask import Flask

from app.web.request_state import RequestState, request_state


def test_state_is_kept_within_a_request(lite_app: Flask) -> None:
    with lite_app.test_request_context():
        request_state().unread = 3
        assert request_state().unread == 3


def test_state_is_new_in_the_next_request(lite_app: Flask) -> None:
    with lite_app.test_request_context():
        request_state().browser_id = "a"
    with lite_app.test_request_context():
        assert request_state() == RequestState()
