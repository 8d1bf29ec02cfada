"""The rules as variables of OpenFisca-core and of PolicyEngine-core, which share their way of writing them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.engine.town import SAVINGS_MONTHS, STANDARD_RURAL, STANDARD_URBAN, TODAY, WAGE_MOST, Arrays

PERIOD = "2026-09"
_INPUTS = ("birth", "wage", "business", "pension", "deposit", "grade")


def simulation_of(name: str, arrays: Arrays) -> Callable[[], npt.NDArray[np.int64]]:
    """A run over all households; a new simulation each time, because these libraries keep what they have worked out."""
    periods, variables = import_module(f"{name}.periods"), import_module(f"{name}.variables")
    entities, systems = import_module(f"{name}.entities"), import_module(f"{name}.taxbenefitsystems")
    simulations = import_module(f"{name}.simulations")
    Person = entities.Entity("person", "persons", "person", "")  # noqa: N806
    Household = entities.GroupEntity(  # noqa: N806
        "household", "households", "household", "", roles=[{"key": "member", "plural": "members"}]
    )
    month = periods.MONTH if hasattr(periods, "MONTH") else import_module(f"{name}.periods").DateUnit.MONTH

    def variable(key: str, entity: Any, kind: type, formula: Any = None) -> type:
        body: dict[str, Any] = {"value_type": kind, "entity": entity, "definition_period": month, "label": key}
        if formula is not None:
            body["formula"] = formula
        return type(key, (variables.Variable,), body)

    def income(person: Any, period: Any) -> Any:
        wage = person("wage", period)
        cut = np.minimum(wage * 0.2, WAGE_MOST)
        return wage - cut + np.maximum(person("business", period), 0) + person("pension", period)

    def rate(person: Any, period: Any) -> Any:
        ages, grade = (TODAY - person("birth", period)) // 10000, person("grade", period)
        young_or_old = np.where((ages < 18) | (ages >= 70), 0.1, 0.0)
        return np.maximum(young_or_old, np.where((grade >= 1) & (grade <= 2), 0.2, 0.0))

    def standard(household: Any, period: Any) -> Any:
        return np.where(household("urban", period), float(STANDARD_URBAN), float(STANDARD_RURAL))

    def amount(household: Any, period: Any) -> Any:
        count, own = household.nb_persons(), household("standard", period)
        total = household.sum(household.members("income", period))
        deposits = household.sum(household.members("deposit", period))
        entitled = (household("cars", period) == 0) & (deposits <= own * SAVINGS_MONTHS * count) & (total < own * count)
        paid = own * count - total + own * household.sum(household.members("rate", period))
        return np.where(entitled, paid, 0.0)

    found = [variable(key, Person, int if key in ("birth", "grade") else float) for key in _INPUTS]
    found += [variable("income", Person, float, income), variable("rate", Person, float, rate)]
    found += [variable("urban", Household, bool), variable("cars", Household, int)]
    found += [variable("standard", Household, float, standard), variable("amount", Household, float, amount)]
    system = systems.TaxBenefitSystem([Person, Household])
    system.add_variables(*found)

    def run() -> npt.NDArray[np.int64]:
        builder = simulations.SimulationBuilder()
        builder.create_entities(system)
        people = len(arrays["owners"])
        builder.declare_person_entity("person", np.arange(people))
        households = builder.declare_entity("household", np.arange(len(arrays["counts"])))
        builder.join_with_persons(households, arrays["owners"], np.full(people, "member"))
        simulation = builder.build(system)
        for key in _INPUTS:
            simulation.set_input(key, PERIOD, arrays[key].astype(np.int32 if key in ("birth", "grade") else np.float32))
        simulation.set_input("urban", PERIOD, arrays["urban"])
        simulation.set_input("cars", PERIOD, arrays["cars"].astype(np.int32))
        paid = simulation.calculate("amount", PERIOD)
        return np.floor(np.asarray(paid, dtype=np.float64) + 0.5).astype(np.int64)

    return run
