"""The households of the register as parts of a population; needs the database."""

from collections.abc import Iterator
from datetime import date

import click

from jiuzhu.config.commandline import set_up_django
from jiuzhu.config.commandline.policy.speaking import Voice
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.population.model import Population


def parts_of_register(packs: PackSet, division: str, on: date, voice: Voice) -> Iterator[Population]:
    """The open households of a division with their living members, as they are known now."""
    set_up_django()
    from jiuzhu.core.actors import system_actor
    from jiuzhu.core.divisions import DivisionCode
    from jiuzhu.core.errors import Refusal
    from jiuzhu.engine.population.rows import population_of_rows
    from jiuzhu.rooms.registry.permissions import Permission
    from jiuzhu.rooms.registry.queries import population

    try:
        place = DivisionCode(division.ljust(12, "0"))
    except Refusal as error:
        raise click.UsageError(voice.text(error.message("zh"), error.message("en"))) from error
    for copied in population(
        actor=system_actor("policy", permissions=frozenset({Permission.POPULATION_SCREEN.value})),
        packs=packs,
        on=on,
        division=place,
    ):
        yield population_of_rows(packs, copied)
