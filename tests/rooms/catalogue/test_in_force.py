"""The packs in force: what the program brings along until a version is published, standards laid over, new facts."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.catalogue.conftest import (
    AT,
    CITY,
    TAISHAN,
    TODAY,
    Draft,
    Propose,
    announce,
    changed,
    officer,
    publish,
)

from jiuzhu.core.errors import RuleRefused
from jiuzhu.engine.packs.declared import declared_facts
from jiuzhu.rooms.catalogue import queries
from jiuzhu.rooms.catalogue.states import PackState, StandardState
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.rules.variables import install

LAYER = "policies/370900-ours"
PARAMETERS = f"{LAYER}/butie/parameters.yaml"
FACTS = f"{LAYER}/butie/facts.yaml"
RATE = "butie_standard_yuan_month"
TOMORROW = TODAY + timedelta(days=1)


def rate(on: date, division: str = CITY.value) -> int | None:
    entry = queries.public_packs(on).parameters[RATE].entry(division, on)
    return None if entry is None else entry.value


def test_a_version_is_in_force_from_its_day_and_before_it_what_the_program_brings(draft: Draft) -> None:
    shipped = queries.public_shipped_packs()
    assert queries.public_packs(TODAY).digest == shipped.digest
    draft(state=PackState.CHECKED)
    assert queries.public_packs(TODAY).digest == shipped.digest, "nothing is in force that is not published"
    draft(state=PackState.PUBLISHED, effective_on=TOMORROW)
    assert queries.public_packs(TODAY).digest == shipped.digest
    assert set(queries.public_packs(TOMORROW).programmes) == {"butie"}
    assert queries.public_digests()[0] == ""
    assert queries.public_packs(TOMORROW).digest in queries.public_digests()


def test_a_later_version_holds_from_its_day_and_the_earlier_for_the_days_before(
    draft: Draft, small_packs: bytes
) -> None:
    draft(state=PackState.PUBLISHED, effective_on=TODAY)
    other = changed(small_packs, PARAMETERS, "120.50, from", "140.50, from")
    other = changed(other, f"{LAYER}/butie/cases/cases.yaml", "butie_yuan_month: 120.50", "butie_yuan_month: 140.50")
    draft(other, state=PackState.PUBLISHED, effective_on=TOMORROW)
    assert [rate(TODAY), rate(TOMORROW), rate(date(2030, 1, 1))] == [12050, 14050, 14050]


def test_a_published_standard_counts_at_once_in_its_place_and_days(draft: Draft, propose: Propose) -> None:
    draft(state=PackState.PUBLISHED, effective_on=TODAY)
    before = queries.public_packs(TODAY).digest
    one = propose("200", parameter=RATE, division=TAISHAN, state=StandardState.APPROVED, valid_from=TOMORROW)
    assert queries.public_packs(TODAY).digest == before
    announce(one)
    assert [rate(TODAY, TAISHAN.value), rate(TOMORROW, TAISHAN.value), rate(TOMORROW)] == [12050, 20000, 12050]
    laid = queries.public_packs(TODAY).digest
    assert laid != before
    announce(
        propose(
            "210", parameter=RATE, division=TAISHAN, state=StandardState.APPROVED, valid_from=TOMORROW + timedelta(9)
        )
    )
    assert queries.public_packs(TODAY).digest not in (before, laid)


def test_what_is_in_force_is_asked_in_one_statement(draft: Draft) -> None:
    draft(state=PackState.PUBLISHED, effective_on=TODAY)
    queries.public_packs(TODAY)
    with CaptureQueriesContext(connection) as asked:
        queries.public_packs(TODAY)
    assert sum("catalogue_" in one["sql"] for one in asked) == 1


_OTHER = """butie_extra:
  type: {type}
  label: 其他
  label_en: other
  lowest: 0
  highest: 100
  values: [{{value: 1, from: 2026-01-01, demo: true}}]
"""


def with_extra(archive: bytes, kind: str) -> bytes:
    return changed(archive, PARAMETERS, RATE + ":", _OTHER.format(type=kind) + RATE + ":")


def test_a_version_that_a_published_standard_does_not_fit_is_refused(
    draft: Draft, propose: Propose, small_packs: bytes
) -> None:
    draft(with_extra(small_packs, "months"), state=PackState.PUBLISHED, effective_on=TODAY)
    propose("3", parameter="butie_extra", state=StandardState.PUBLISHED)
    other = draft(with_extra(small_packs, "yuan"), state=PackState.CHECKED)
    with pytest.raises(RuleRefused) as refusal:
        publish(other, TOMORROW)
    assert refusal.value.code == "catalogue.standard.packs"
    assert "butie_extra" in refusal.value.message_zh
    assert queries.pack_version(actor=officer(), at=AT, pack_id=other).version.state is PackState.CHECKED


def test_a_standard_that_a_published_version_does_not_fit_is_refused(
    draft: Draft, propose: Propose, small_packs: bytes
) -> None:
    draft(with_extra(small_packs, "months"), state=PackState.PUBLISHED, effective_on=TODAY)
    one = propose("3", parameter="butie_extra", state=StandardState.APPROVED)
    draft(with_extra(small_packs, "yuan"), state=PackState.PUBLISHED, effective_on=TOMORROW)
    with pytest.raises(RuleRefused) as refusal:
        announce(one)
    assert refusal.value.code == "catalogue.standard.packs"
    assert queries.standard(actor=officer(), at=AT, standard_id=one).state is StandardState.APPROVED


_FACT = """
  butie_ice_count:
    type: count
    label: 冰箱台数
    label_en: number of refrigerators
    lowest: 0
    highest: 9
    question: 有几台冰箱？
    question_en: How many refrigerators are there?
    personal_data: finance
"""


@pytest.fixture
def unlearnt() -> Iterator[None]:
    """What the process has learnt in a test is forgotten after it, as the database forgets it."""
    yield
    install(declared_facts(settings.POLICIES))


@pytest.mark.usefixtures("unlearnt")
def test_a_fact_of_a_new_version_is_known_without_starting_again(draft: Draft, small_packs: bytes) -> None:
    key = "butie_ice_count"
    before = registry.public_variables()
    assert key not in before
    text = changed(small_packs, FACTS, "household:\n", "household:" + _FACT)
    draft(text, state=PackState.CHECKED)
    assert key not in registry.public_variables(), "a draft declares nothing"
    draft(text, state=PackState.PUBLISHED, effective_on=TOMORROW)
    assert registry.public_variables([key])[key].zh == "冰箱台数"
    assert set(before) < registry.public_variables().keys(), "what was known stays known"
