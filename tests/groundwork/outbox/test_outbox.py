"""The outbox: what may be published, who hears of it, in which order, how often, and what happens when one fails."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection

from jiuzhu.config.commandline import outbox as command
from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox import delivery
from jiuzhu.groundwork.outbox.actions import PayloadRefused, publish_event, retry_parked
from jiuzhu.groundwork.outbox.delivery import ATTEMPTS_BEFORE_PARKING, DeliveryFailed, deliver
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.outbox.queries import waiting
from jiuzhu.groundwork.outbox.subscriptions import Event, Subscriptions, Value
from jiuzhu.groundwork.tasks.worker import run_worker
from jiuzhu.groundwork.transitions.models import TransitionLog

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)
NAME = "registry.person.merged"


def clerk(kind: ActorKind = ActorKind.STAFF, division: str | None = "370902001000", account_id: int = 1) -> Actor:
    scope = Scope(division=None if division is None else DivisionCode(division))
    return Actor(kind=kind, account_id=account_id, name="clerk", scope=scope)


def publish(actor: Actor, *, key: str = "registry.person:1", **payload: Value) -> int:
    with acting(actor):
        return publish_event(actor=actor, at=NOW, name=NAME, key=key, payload=payload, division="370902001001")


class Listener:
    """A subscriber that writes down what it hears in the database, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self, event: Event, actor: Actor, at: datetime) -> None:
        self.calls += 1
        TransitionLog.objects.create(
            object_type="test.heard",
            object_id=int(str(event.payload["n"])),
            verb="hear",
            from_state="",
            to_state=actor.name,
            at=at,
            actor_kind=actor.kind.value,
            actor_name=actor.name,
            actor_post="",
            reason="",
            division_code=event.division.value,
        )
        if self.failures:
            self.failures -= 1
            raise RuntimeError("Key (name)=(测试甲) already exists.")


def heard(by: str, actor: Actor) -> list[int]:
    with acting(actor):
        return list(TransitionLog.objects.filter(to_state=by).order_by("id").values_list("object_id", flat=True))


def subscriptions(**listeners: Listener) -> Subscriptions:
    made = Subscriptions()
    for name, listener in listeners.items():
        made.add(NAME, name, listener)
    return made


@pytest.mark.django_db
def test_every_subscriber_hears_every_event_once_and_in_order(system: Actor) -> None:
    both = subscriptions(a=Listener(), b=Listener())
    for n in range(5):
        publish(system, n=n)
    assert deliver("registry.person:1", at=NOW, subscriptions=both) == 5
    assert deliver("registry.person:1", at=NOW, subscriptions=both) == 0
    assert heard("a", system) == heard("b", system) == [0, 1, 2, 3, 4]


@pytest.mark.django_db
def test_an_event_that_nobody_wants_is_done_with(system: Actor) -> None:
    publish(system, n=1)
    assert deliver("registry.person:1", at=NOW, subscriptions=Subscriptions()) == 1
    with acting(system):
        assert waiting(actor=system) == ()


@pytest.mark.django_db
def test_a_subscriber_that_fails_leaves_nothing_and_the_others_are_not_called_again(system: Actor) -> None:
    good, bad = Listener(), Listener(failures=2)
    both = subscriptions(bad=bad, good=good)
    publish(system, n=1)
    publish(system, n=2)
    for _ in range(2):
        with pytest.raises(DeliveryFailed):
            deliver("registry.person:1", at=NOW, subscriptions=both)
        assert heard("bad", system) == []
        assert heard("good", system) == [1]
    assert deliver("registry.person:1", at=NOW, subscriptions=both) == 2
    assert heard("bad", system) == heard("good", system) == [1, 2]
    assert (good.calls, bad.calls) == (2, 4)


@pytest.mark.django_db
def test_a_redelivery_after_a_crash_takes_no_effect_twice(system: Actor) -> None:
    listener = Listener()
    publish(system, n=1)
    deliver("registry.person:1", at=NOW, subscriptions=subscriptions(a=listener))
    with acting(system):  # as if the worker had died before it could note the delivery
        OutboxEvent.objects.update(published_at=None)
    deliver("registry.person:1", at=NOW, subscriptions=subscriptions(a=listener))
    assert heard("a", system) == [1]


@pytest.mark.django_db
def test_an_event_that_keeps_failing_is_parked_and_holds_back_only_its_own_object(system: Actor) -> None:
    poisoned = subscriptions(a=Listener(failures=ATTEMPTS_BEFORE_PARKING))
    first = publish(system, n=1)
    second = publish(system, n=2)
    publish(system, key="registry.person:2", n=3)
    for _ in range(ATTEMPTS_BEFORE_PARKING - 1):
        with pytest.raises(DeliveryFailed):
            deliver("registry.person:1", at=NOW, subscriptions=poisoned)
    assert deliver("registry.person:1", at=NOW, subscriptions=poisoned) == 0
    assert deliver("registry.person:1", at=NOW, subscriptions=poisoned) == 0
    assert deliver("registry.person:2", at=NOW, subscriptions=poisoned) == 1
    with acting(system):
        parked, behind = waiting(actor=system)
        assert [one.id for one in waiting(actor=system, parked_only=True)] == [first]
    assert (parked.id, parked.attempts, parked.parked_at) == (first, ATTEMPTS_BEFORE_PARKING, NOW)
    assert "测试甲" not in parked.last_error
    assert parked.last_error.startswith("a: RuntimeError: Key (name)=(***)")
    assert (behind.id, behind.behind) == (second, first)
    with acting(system):
        retry_parked(actor=system, at=NOW, event_id=first)
    assert deliver("registry.person:1", at=NOW, subscriptions=poisoned) == 2
    assert heard("a", system) == [3, 1, 2]


@pytest.mark.django_db
def test_only_a_parked_event_can_be_retried(system: Actor) -> None:
    event_id = publish(system, n=1)
    with pytest.raises(NotFound), acting(system):
        retry_parked(actor=system, at=NOW, event_id=event_id)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [ActorKind.STAFF, ActorKind.CITIZEN, ActorKind.DEPARTMENT])
def test_every_kind_of_actor_publishes_and_sees_no_news_of_others(kind: ActorKind) -> None:
    actor = clerk(kind, "370902001000" if kind is ActorKind.STAFF else None)
    stranger = clerk(kind, "370911000000" if kind is ActorKind.STAFF else None, account_id=2)
    publish(actor, n=1)
    with acting(actor):
        assert len(waiting(actor=actor)) == 1
    with acting(stranger):
        assert waiting(actor=stranger) == ()
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_an_event_and_its_delivery_are_rolled_back_with_the_change(system: Actor) -> None:
    def change_that_fails() -> None:
        with acting(system):
            publish(system, n=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()
    with acting(system), connection.cursor() as cursor:
        assert waiting(actor=system) == ()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    ["测试甲", "370902199001011237", 370902199001011237, "13805380000", "x" * 65, 1.5, ["13805380000"], {"name": "a"}],
)
def test_an_event_carries_no_personal_data(system: Actor, value: object) -> None:
    with pytest.raises(PayloadRefused, match="note"):
        publish(system, note=value)  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["merged", "registry.person", "Registry.person.merged", "a.b.c.d"])
def test_an_event_has_a_name_of_three_parts(system: Actor, name: str) -> None:
    with pytest.raises(ValueError, match="is named room"), acting(system):
        publish_event(actor=system, at=NOW, name=name, key="k", payload={}, division="370902001001")
    with pytest.raises(ValueError, match="is named room"):
        Subscriptions().add(name, "a", Listener())


def test_a_name_of_a_subscriber_stands_for_one_function() -> None:
    made, listener = Subscriptions(), Listener()
    made.add(NAME, "a", listener)
    made.add(NAME, "a", listener)
    assert len(made.of(NAME)) == 1
    with pytest.raises(ValueError, match="already subscribed"):
        made.add(NAME, "a", Listener())


def test_a_subscriber_runs_with_its_own_permissions_only() -> None:
    made = Subscriptions()
    made.add(NAME, "a", Listener(), permissions=frozenset({"registry.person.edit"}))
    actor = made.of(NAME)[0].actor
    assert (actor.kind, actor.name, actor.permissions) == (
        ActorKind.SYSTEM,
        "a",
        frozenset({"registry.person.edit"}),
    )


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Subscriptions:
    made = Subscriptions()
    monkeypatch.setattr(delivery, "INSTALLED", made)
    return made


def test_the_worker_delivers_and_tries_again(
    committing_db: Connections, system: Actor, installed: Subscriptions
) -> None:
    installed.add(NAME, "a", Listener())
    installed.add(NAME, "b", Listener(failures=1))
    for n in range(3):
        publish(clerk(), n=n)
    run_worker(wait=False)
    assert (heard("a", system), heard("b", system)) == ([0], [])
    with connection.cursor() as cursor:  # the wait before the next attempt is over
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    while connection_holds_jobs():
        run_worker(wait=False)
    assert heard("a", system) == heard("b", system) == [0, 1, 2]


def connection_holds_jobs() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM procrastinate_jobs)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_command_lists_and_retries(system: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "set_up_django", lambda: None)
    run = CliRunner()
    assert "没有未送达的事件" in run.invoke(command.command, ["list"]).output
    event_id = publish(system, n=1)
    assert "等待" in run.invoke(command.command, ["list"]).output
    refused = run.invoke(command.command, ["retry", str(event_id)])
    assert refused.exit_code == 1
    assert f"没有编号为{event_id}的搁置事件" in refused.output
    with acting(system):
        OutboxEvent.objects.update(parked_at=NOW + timedelta(hours=1), last_error="a: RuntimeError")
    listed = run.invoke(command.command, ["list", "--parked"]).output
    assert "搁置" in listed
    assert "a: RuntimeError" in listed
    assert run.invoke(command.command, ["retry", "--all"]).exit_code == 0
    actor = system_actor("reader")
    with acting(actor):
        assert waiting(actor=actor, parked_only=True) == ()
    assert run.invoke(command.command, ["retry"]).exit_code == 2
