"""`jiuzhu outbox`: events that are not delivered, and taking parked ones up again."""

import click

from jiuzhu.config.commandline import set_up_django


@click.group()
def command() -> None:
    """发件箱：未送达的事件，以及重新投递被搁置的事件。"""


@command.command(name="list")
@click.option("--parked", is_flag=True, help="only events that were given up")
@click.option("--count", default=100, show_default=True, type=click.IntRange(1, 10_000))
def list_waiting(*, parked: bool, count: int) -> None:
    """List the events that are not delivered, parked ones first."""
    set_up_django()
    from jiuzhu.core.actors import system_actor
    from jiuzhu.groundwork.database.scope import acting
    from jiuzhu.groundwork.outbox import queries

    actor = system_actor("jiuzhu outbox")
    with acting(actor):
        events = queries.waiting(actor=actor, parked_only=parked, count=count)
    for event in events:
        state = "搁置 parked" if event.parked_at else f"等待 behind {event.behind}" if event.behind else "等待 waiting"
        click.echo(f"{event.id}\t{event.at:%Y-%m-%d %H:%M}\t{event.name}\t{event.key}\t{event.attempts}\t{state}")
        if event.last_error:
            click.echo(f"\t{event.last_error}")
    if not events:
        click.echo("没有未送达的事件 / nothing is waiting")


@command.command()
@click.argument("event_ids", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="all parked events")
def retry(*, event_ids: tuple[int, ...], every: bool) -> None:
    """Deliver parked events again, by number or all; the worker does it."""
    if bool(event_ids) == every:
        raise click.UsageError("give the numbers of events, or --all")
    set_up_django()
    from datetime import UTC, datetime

    from jiuzhu.core.actors import system_actor
    from jiuzhu.core.errors import NotFound
    from jiuzhu.groundwork.database.scope import acting
    from jiuzhu.groundwork.outbox import actions, queries

    actor = system_actor("jiuzhu outbox")
    with acting(actor, reason="jiuzhu outbox retry"):
        if every:
            event_ids = tuple(event.id for event in queries.waiting(actor=actor, parked_only=True, count=10_000))
        try:
            for event_id in event_ids:
                actions.retry_parked(actor=actor, at=datetime.now(UTC), event_id=event_id)
        except NotFound as refusal:
            raise click.ClickException(f"{refusal.message_zh} / {refusal.message_en}") from refusal
    click.echo(f"已重新排队 / queued again: {len(event_ids)}")
