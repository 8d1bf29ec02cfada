"""The packs that ship: every programme of the law and the founding document, complete and right in every case (S01)."""

from datetime import date
from functools import lru_cache

import pytest

from jiuzhu.config.environment import ROOT
from jiuzhu.engine.authoring.case_files import case_files, read_cases
from jiuzhu.engine.authoring.cases import Scenario, run_case
from jiuzhu.engine.authoring.checking import Report, check
from jiuzhu.engine.explaining.explanation import explain
from jiuzhu.engine.explaining.rendering import lines
from jiuzhu.engine.explaining.steps import APPLICANT, PUBLIC
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.vocabulary import GROUPS
from jiuzhu.rooms.registry.states import TargetGroup

POLICIES = ROOT / "policies"
# 制度清单: the classes of 社会救助法 art. 15 and what other laws add
PROGRAMMES = frozenset(
    {
        *("dibao", "dibao_danren", "tekun", "dibao_bianyuan", "gangxing_zhichu"),
        *("linshi_jiuzhu", "shouzai_jiuzhu", "liusan_jiuzhu", "jibing_yingji", "gonggong_weisheng"),
        *("yiliao_jiuzhu", "jiaoyu_jiuzhu", "zhufang_jiuzhu", "jiuye_jiuzhu", "falv_yuanzhu", "canji_ertong_kangfu"),
        *("guer", "shishi_wuren_fuyang", "kunjing_ertong", "chunlie_naotan"),
        *("canji_shenghuo_butie", "canji_huli_butie", "jingshen_jianhu"),
        *("liangai_jiuzhu", "kunnan_zhigong", "jianyi_yongwei", "jiage_butie", "qunuan_butie", "binzang_jianmian"),
        *("fuwu_jiuzhu", "cishan_xianjie"),
    }
)
LEAST_SCENARIOS = 300


@lru_cache(maxsize=1)
def packs() -> PackSet:
    """The packs as they ship."""
    return load([POLICIES])


@lru_cache(maxsize=1)
def report() -> Report:
    """What the check says of them."""
    return check(packs(), [POLICIES])


@lru_cache(maxsize=1)
def scenarios() -> tuple[Scenario, ...]:
    """All worked cases and their variations."""
    return tuple(read_cases(case_files([POLICIES]), packs()))


@lru_cache(maxsize=1)
def programs() -> Programs:
    """Compiled once for all cases."""
    return Programs(packs())


def test_every_programme_is_there() -> None:
    assert set(packs().programmes) == PROGRAMMES


def test_nothing_is_wrong_with_them() -> None:
    assert [str(one) for one in report().problems] == []


def test_every_target_group_is_served_by_a_programme() -> None:
    served = {group for one in packs().programmes.values() for version in one.versions for group in version.groups}
    assert served == set(GROUPS) == set(TargetGroup)


def test_there_are_cases_enough_and_each_says_where_its_result_comes_from() -> None:
    assert len(scenarios()) >= LEAST_SCENARIOS
    assert all(one.source for one in scenarios())


@pytest.mark.parametrize("programme", sorted(PROGRAMMES))
def test_every_case_comes_out_as_it_must(programme: str) -> None:
    own = [one for one in scenarios() if one.place.file.split("/")[-3] == programme]
    assert own
    failed = {one.full_name: result.messages("en") for one in own if not (result := run_case(programs(), one)).passed}
    assert failed == {}


def test_demonstration_values_stand_in_the_demonstration_alone() -> None:
    found = [
        f"{name} {entry.place}"
        for name, parameter in packs().parameters.items()
        for entry in parameter.entries
        if entry.demo and "taian-demo" not in entry.place.file
    ]
    assert found == []


def test_a_letter_tells_the_income_and_no_figure_of_who_must_support() -> None:
    (case,) = [one for one in scenarios() if one.full_name == "support-by-formula"]
    assert case.case is not None
    step = explain(programs().assess(case.case, case.on), "household", "dibao", audience=APPLICANT)
    letter = "\n".join(lines(step, "zh"))
    assert "家庭月人均收入（390.00 元/月） < 低保标准（960.00 元/月）：成立" in letter
    assert "3,000.00" not in letter
    assert "计入收入的赡养抚养扶养费：390" not in letter


def test_a_public_notice_tells_no_aid_that_is_received() -> None:
    case = next(one for one in scenarios() if one.full_name == "gradual-exit")
    assert case.case is not None
    assessment = programs().assess(case.case, case.on)
    told = "\n".join(lines(explain(assessment, "household", "dibao", audience=PUBLIC), "zh"))
    assert "已认定为低保家庭：是" in "\n".join(lines(explain(assessment, "household", "dibao"), "zh"))
    assert "已认定为低保家庭：是" not in told
    assert "800.00" not in told


def test_an_explanation_cites_the_law_of_the_day() -> None:
    (case,) = [one for one in scenarios() if one.full_name == "elder-supplement"]
    assert case.case is not None
    for on, expected in ((date(2026, 6, 30), False), (date(2026, 7, 1), True)):
        step = explain(programs().assess(case.case, on), "household", "dibao")
        titles = {one.title for one in step.basis}
        # the regulation of 2014 has not been repealed and stands beside the Law
        assert "社会救助暂行办法" in titles
        assert ("社会救助法" in titles) is expected
