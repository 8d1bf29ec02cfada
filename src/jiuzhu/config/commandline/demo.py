"""`jiuzhu demo`: load the invented city, write its departments' registers, show who can log in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from jiuzhu.config.commandline import set_up_django

if TYPE_CHECKING:
    from jiuzhu.demo.loading.load import Report

_SIZES = click.Choice(["small", "city", "full"])
_PARTS = {
    "ground": "组织网络 organization",
    "accounts": "演示账号 accounts",
    "chunk": "人口家庭 people",
    "finish": "索引统计 finishing",
}


@click.group()
def command() -> None:
    """演示城市：装载、部门登记簿、演示账号。"""


@command.command()
@click.option("--size", type=_SIZES, default="small", show_default=True, help="2,000, 180,000 or 1,850,000 households")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="another seed, another city")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="the city's day  [default: today]")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64), help="for the larger cities")
def load(*, size: str, seed: int, as_of: datetime | None, processes: int) -> None:
    """Load a city into the database. What is there is not loaded again; a broken load goes on where it stopped."""
    set_up_django()
    refuse_production()
    from jiuzhu.demo.loading import load_city
    from jiuzhu.demo.loading.journal import OtherCityLoaded
    from jiuzhu.demo.loading.load import AlreadyLoading

    day = as_of.date() if as_of else None
    try:
        with progress() as report:
            result = load_city(size=size, seed=seed, as_of=day, processes=processes, report=report)
    except (OtherCityLoaded, AlreadyLoading) as refusal:
        raise click.ClickException(str(refusal)) from None
    known = result.standing
    people = f"{known.persons:,} 人 people, {known.households:,} 户 households, {known.as_of}"
    if result.parts:
        click.echo(f"已装载 loaded: {known.size}，{people}")
    else:
        click.echo(f"早已装载，无需重复 loaded already, nothing to do: {known.size}，{people}")


@command.command()
@click.option("--size", type=_SIZES, default="small", show_default=True)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="  [default: that of the loaded city, or today]"
)
def registers(*, size: str, seed: int, as_of: datetime | None) -> None:
    """Write what each department has on file (compressed CSV); the truth behind a line is not written."""
    set_up_django()
    refuse_production()
    from django.conf import settings
    from django.utils import timezone

    from jiuzhu.demo.loading import journal
    from jiuzhu.demo.loading.city import City
    from jiuzhu.demo.loading.registers import write_registers

    known = journal.standing()
    day = as_of.date() if as_of else known.as_of if known is not None else timezone.localdate()
    city = City.named(size, seed=seed, as_of=day)
    files = lines = 0
    for _, written in write_registers(city, settings.ENVIRONMENT.var):
        files, lines = files + 1, lines + written
    click.echo(f"{city.register_folder(settings.ENVIRONMENT.var)}: {files} 个文件 files, {lines:,} 行 lines")


@command.command()
@click.option("--port", type=click.IntRange(1, 65535), help="  [default: 100 above the web server's]")
def departments(*, port: int | None) -> None:
    """Play the departments that verifications ask, over HTTP and by files, until Ctrl-C."""
    set_up_django()
    refuse_production()
    from django.conf import settings

    from jiuzhu.config.sources import demonstration_key, departments_port
    from jiuzhu.connectors.scanning import find
    from jiuzhu.demo.city.registers.complete import keep_registers
    from jiuzhu.demo.departments.running import run_departments
    from jiuzhu.demo.departments.town import departments_of
    from jiuzhu.demo.loading import journal
    from jiuzhu.demo.loading.city import SMALL_HOUSEHOLDS_MOST, City

    environment = settings.ENVIRONMENT
    known = journal.standing()
    if known is None or known.households > SMALL_HOUSEHOLDS_MOST:
        raise click.ClickException(
            "部门模拟器只为小型演示城市提供数据，请先运行 jiuzhu demo load"
            " / the departments play the small city only: load it first"
        )
    city = City.named(known.size, seed=known.seed, as_of=known.as_of)
    chunks = (keep_registers(city.chunk(index)) for index in range(len(city.plan.chunk_sizes)))
    played = departments_of(find(), chunks, as_of=known.as_of, key_of=lambda name: demonstration_key(environment, name))
    with run_departments(played, environment.var / "exchange", port or departments_port()) as running:
        click.echo(f"{len(played)} 个部门 departments: {running.base}/<source>/<item>")
        running.wait()


@command.command()
def accounts() -> None:
    """Show the demonstration accounts with their password and the second factor of this moment."""
    set_up_django()
    refuse_production()
    from rich.console import Console

    Console().print(account_table())


def account_table() -> object:
    """The demonstration accounts as a table for the screen."""
    from rich.table import Table

    from jiuzhu.core.actors import system_actor
    from jiuzhu.demo.accounts import current_demo_code, demo_accounts, demo_password
    from jiuzhu.rooms.organization import queries
    from jiuzhu.rooms.organization.permissions import Permission

    viewer = system_actor("jiuzhu demo accounts", permissions=[Permission.ROLE_VIEW])
    roles = {role.key: role for role in queries.roles(actor=viewer).roles}
    table = Table("登录名 login", "身份 who", "姓名 name", "动态码 code", caption=f"密码 password: {demo_password()}")
    for one in demo_accounts():
        role = roles[one.role]
        table.add_row(one.login, f"{role.name}\n{role.name_en}", one.name, current_demo_code(one.login))
    return table


def refuse_production() -> None:
    """Let the demonstration run in trials only.

    Raises:
        ClickException: this is production.
    """
    from django.conf import settings

    if not settings.TRIAL:
        raise click.ClickException("演示数据不能装入正式环境 / the demonstration never goes into production")


@contextmanager
def progress() -> "Iterator[Report]":
    """A bar for each part of a load; on a screen that is none, one line when a part is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as shown:

        def report(part: str, done: int, total: int) -> None:
            if part not in bars:
                bars[part] = shown.add_task(_PARTS.get(part, part), total=total)
            shown.update(bars[part], completed=done)

        yield report
