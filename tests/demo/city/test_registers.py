"""Registers agree with the people but for flaws that occur at the stated rates."""

from dataclasses import fields

import numpy as np
import pytest

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.groups import TargetGroup
from jiuzhu.demo.city.registers.complete import Registers
from jiuzhu.demo.city.registers.holders import Flaw, Holders, variant_of


def holders_of(registers: Registers) -> dict[str, Holders]:
    found = {}
    for field in fields(registers):
        register = getattr(registers, field.name)
        for part in fields(register):
            if isinstance(getattr(register, part.name), Holders):
                found[f"{field.name}.{part.name}"] = getattr(register, part.name)
    return found


def close(share: Bools, rate: float) -> bool:
    """Whether the share is within four standard errors of the rate."""
    return bool(abs(share.mean() - rate) <= 4 * np.sqrt(rate * (1 - rate) / max(len(share), 1)) + 1e-9)


def test_a_line_without_flaw_writes_the_person_as_is(town: CityChunk, registers: Registers) -> None:
    found = holders_of(registers)
    assert len(found) == 35
    for name, holder in found.items():
        clean = ~holder.flagged(Flaw.NAME_VARIANT)
        assert (holder.name[clean] == town.people.name[holder.person[clean]]).all(), name
        whole = ~(holder.flagged(Flaw.ID_MISSING) | holder.flagged(Flaw.ID_OLD_FORM))
        assert (holder.citizen_id[whole] == town.people.citizen_id[holder.person[whole]]).all(), name


def test_a_flagged_line_shows_its_flaw(town: CityChunk, registers: Registers) -> None:
    for holder in holders_of(registers).values():
        other = holder.flagged(Flaw.NAME_VARIANT)
        assert (holder.name[other] != town.people.name[holder.person[other]]).all()
        assert (holder.citizen_id[holder.flagged(Flaw.ID_MISSING)] == "").all()
        old = holder.flagged(Flaw.ID_OLD_FORM)
        long = town.people.citizen_id[holder.person[old]]
        assert [f"{full[:6]}{full[8:17]}" for full in long.tolist()] == holder.citizen_id[old].tolist()


@pytest.mark.parametrize(
    ("name", "variant"), [("王𠮷", "王吉"), ("李䶮", "李龚"), ("阿依努尔·牙生", "阿依努尔.牙生"), ("张轩", "张　轩")]
)
def test_a_variant_is_what_an_old_system_would_hold(name: str, variant: str) -> None:
    assert variant_of(name) == variant


def test_name_variants_occur_at_their_rate(registers: Registers) -> None:
    assert close(registers.enrolment.holder.flagged(Flaw.NAME_VARIANT), p.NAME_VARIANT + p.RARE_CHARACTER * 0.6)
    assert close(registers.deeds.holder.flagged(Flaw.NAME_VARIANT), p.DEED_NAME_VARIANT)
    assert not registers.population.holder.flagged(Flaw.NAME_VARIANT).any()


def test_some_deaths_are_cancelled_late_and_cremations_tell(town: CityChunk, registers: Registers) -> None:
    register = registers.population
    dead = ~town.people.living
    late = register.holder.flagged(Flaw.DEATH_NOT_CANCELLED)
    assert close(late[dead], p.DEATH_NOT_CANCELLED)
    assert not late[~dead].any()
    assert (np.isnat(register.cancelled_on) == (~dead | late)).all()
    assert (register.cancelled_on[dead & ~late] >= town.people.died[dead & ~late]).all()
    cremated = np.zeros(len(dead), dtype=np.bool_)
    cremated[registers.cremations.holder.person] = True
    assert not cremated[~dead].any()
    assert close(cremated[dead], p.CREMATED)
    assert (late & cremated).any()


def test_some_pensions_are_paid_after_death(town: CityChunk, registers: Registers) -> None:
    register = registers.pensions
    after = register.holder.flagged(Flaw.PAID_AFTER_DEATH)
    assert after.any()
    assert (after == ~town.people.living[register.holder.person]).all()
    paid = np.zeros(len(town.people), dtype=np.int64)
    np.add.at(paid, register.holder.person, register.fen_month)
    assert (paid[town.people.living] == town.livelihood.pension_fen_month[town.people.living]).all()


def test_vehicles_are_undeclared_or_sold_without_transfer(town: CityChunk, registers: Registers) -> None:
    register = registers.vehicles
    sold = register.holder.flagged(Flaw.SOLD_NOT_TRANSFERRED)
    owned = np.bincount(register.holder.person[~sold], minlength=len(town.people))
    assert (owned == town.livelihood.vehicles).all()
    eligible = town.people.living & (town.people.age >= 22) & (town.people.age < 75)
    has_sold = np.zeros(len(town.people), dtype=np.bool_)
    has_sold[register.holder.person[sold]] = True
    assert close(has_sold[eligible], p.SOLD_NOT_TRANSFERRED)
    assert close(register.holder.flagged(Flaw.UNDECLARED)[~sold], p.UNDECLARED_VEHICLE)
    undeclared = register.holder.person[register.holder.flagged(Flaw.UNDECLARED)]
    assert (town.declared.vehicles[undeclared] < town.livelihood.vehicles[undeclared]).all()


def test_old_deeds_lack_ids_and_new_ones_do_not(registers: Registers) -> None:
    register = registers.deeds
    old = register.registered_on < np.datetime64("2007-10-01")
    missing = register.holder.flagged(Flaw.ID_MISSING)
    assert close(missing[old], p.OLD_DEED_ID_MISSING)
    assert not missing[~old].any()
    assert register.holder.flagged(Flaw.ID_OLD_FORM)[old].any()
    assert not register.holder.flagged(Flaw.ID_OLD_FORM)[~old].any()
    shares = register.share_percent[register.holder.flagged(Flaw.CO_OWNED)]
    assert ((shares > 0) & (shares < 100)).all()


def test_balances_add_up_to_savings_and_joint_accounts_name_a_living_spouse(
    town: CityChunk, registers: Registers
) -> None:
    register = registers.accounts
    total = np.zeros(len(town.people), dtype=np.int64)
    np.add.at(total, register.holder.person, register.balance_fen)
    assert (total == town.livelihood.savings_fen).all()
    joint = register.holder.flagged(Flaw.JOINT_ACCOUNT)
    assert (joint == (register.second_person >= 0)).all()
    first, second = register.holder.person[joint], register.second_person[joint]
    assert (town.people.household[first] == town.people.household[second]).all()
    assert (first != second).all()
    assert town.people.living[second].all()
    assert (register.second_citizen_id[joint] == town.people.citizen_id[second]).all()
    assert (register.second_citizen_id[~joint] == "").all()
    assert 0.006 < joint.mean() < p.JOINT_ACCOUNT


def test_certificates_lapse_and_businesses_lie_dormant(town: CityChunk, registers: Registers) -> None:
    certificates, businesses = registers.certificates, registers.businesses
    lapsed = certificates.holder.flagged(Flaw.LAPSED)
    assert close(lapsed, p.CERTIFICATE_LAPSED)
    assert (lapsed == (certificates.valid_until < town.as_of)).all()
    dormant = businesses.holder.flagged(Flaw.DORMANT)
    assert dormant.any()
    assert (town.livelihood.business_fen_month[businesses.holder.person[dormant]] >= 0).all()
    assert not town.livelihood.company[businesses.holder.person[dormant]].any()


def test_marriages_pair_the_couples_of_age_and_never_after_a_death(town: CityChunk, registers: Registers) -> None:
    register, people = registers.marriages, town.people
    husband, wife = register.husband.person, register.wife.person
    assert (people.sex[husband] == 1).all()
    assert (people.sex[wife] == 2).all()
    assert (people.household[husband] == people.household[wife]).all()
    year = np.timedelta64(365, "D")
    assert (register.registered_on - people.born[husband] >= 22 * year).all()
    assert (register.registered_on - people.born[wife] >= 20 * year).all()
    for person in (husband, wife):
        dead = ~people.living[person]
        assert (register.registered_on[dead] <= people.died[person][dead]).all()


def test_declared_figures_are_the_truth_or_less(town: CityChunk) -> None:
    declared, live = town.declared, town.livelihood
    assert (declared.income_fen_month <= live.income_fen_month).all()
    assert (declared.savings_fen <= live.savings_fen).all()
    assert (declared.vehicles <= live.vehicles).all()
    assert (declared.homes <= live.homes).all()
    honest = ~declared.understated
    assert (declared.income_fen_month[honest] == live.income_fen_month[honest]).all()
    assert 0.05 < declared.understated[town.people.age >= 18].mean() < 0.35


def test_wages_reported_by_employers_show_what_was_not_declared(town: CityChunk, registers: Registers) -> None:
    register = registers.income_tax
    hidden = register.holder.flagged(Flaw.UNDECLARED)
    person = register.holder.person
    assert hidden.any()
    assert (town.declared.income_fen_month[person[hidden]] < town.livelihood.income_fen_month[person[hidden]]).all()
    ratio = register.income_fen_year / town.livelihood.wage_fen_month[person]
    assert ((ratio > 11) & (ratio < 12.5)).all()


def test_custody_and_school_registers_follow_the_people(town: CityChunk, registers: Registers) -> None:
    assert (~np.isnat(town.events.custody_from)).sum() == len(registers.custody.holder)
    assert (town.hardship.stage[registers.schools.holder.person] == registers.schools.stage).all()
    assert (registers.custody.since < town.as_of).all()


def test_some_on_dibao_have_what_verification_would_find(town: CityChunk, registers: Registers) -> None:
    """The demonstration needs cases: a helped person with a vehicle on file, though a household must not have one."""
    helped = (town.groups.tags[registers.vehicles.holder.person] & int(TargetGroup.DIBAO)) > 0
    assert helped.any()
