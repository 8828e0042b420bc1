from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.demo.history import timeline
from app.demo.history.timeline import TimedAction
from app.kernel import clock, context
from tests.support.settings import NOW


def test_actions_run_in_order_of_time_with_their_actor(lite_app: Flask) -> None:
    calls: list[object] = []
    me, you = uuid4(), uuid4()
    actions = [
        TimedAction(
            NOW - timedelta(days=day), actor, lambda: calls.append((context.actor_id.get(), (NOW - clock.now()).days))
        )
        for day, actor in ((3, me), (30, you), (1, None))
    ]
    with lite_app.app_context():
        before = clock.now()
        timeline.carry_out(actions)
        assert clock.now() - before < timedelta(minutes=1)
    assert calls == [(you, 29), (me, 2), (None, 0)]
    assert context.actor_id.get() is None


def test_failed_action_restores_clock_and_actor(lite_app: Flask) -> None:
    with lite_app.app_context():
        before = clock.now()
        with pytest.raises(ZeroDivisionError):
            timeline.carry_out([TimedAction(NOW - timedelta(days=9), uuid4(), lambda: 1 // 0)])
        assert clock.now() - before < timedelta(minutes=1)
    assert context.actor_id.get() is None
