from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.demo.history import timeline
from app.demo.history.timeline import Deed
from app.kernel import clock, context
from tests.support.settings import NOW


def test_deeds_are_done_in_the_order_of_time_by_whoever_did_them(lite_app: Flask) -> None:
    told: list[object] = []
    me, you = uuid4(), uuid4()
    deeds = [
        Deed(NOW - timedelta(days=day), who, lambda: told.append((context.actor_id.get(), (NOW - clock.now()).days)))
        for day, who in ((3, me), (30, you), (1, None))
    ]
    with lite_app.app_context():
        before = clock.now()
        timeline.carry_out(deeds)
        assert clock.now() - before < timedelta(minutes=1)
    assert told == [(you, 29), (me, 2), (None, 0)]
    assert context.actor_id.get() is None


def test_a_deed_that_fails_leaves_clock_and_actor_as_they_were(lite_app: Flask) -> None:
    with lite_app.app_context():
        before = clock.now()
        with pytest.raises(ZeroDivisionError):
            timeline.carry_out([Deed(NOW - timedelta(days=9), uuid4(), lambda: 1 // 0)])
        assert clock.now() - before < timedelta(minutes=1)
    assert context.actor_id.get() is None
