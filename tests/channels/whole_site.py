"""One of everything that an address can name, and a person in every role, in the right place and in a wrong one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import yaml
from django.test.client import Client, ClientHandler
from tests.channels.conftest import (
    AT,
    CAIYUAN,
    DAIMIAO,
    DAIYUE,
    DONGHU,
    SHANQIAN,
    SHICHANG,
    TAISHAN,
    Persona,
    SmallCity,
    newcomer,
    officer,
    register,
    registrar,
)
from tests.channels.verification_samples import verification_samples
from tests.channels.workbench.organization.conftest import (
    CITY,
    appoint_person,
    create_post,
    open_office,
    register_person,
    setter,
)
from tests.rooms.registry.sheets import line, workbook

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.names import PersonName
from jiuzhu.engine.runs.found import FoundRows
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks.jobs import Work
from jiuzhu.rooms.catalogue import actions as catalogue
from jiuzhu.rooms.catalogue.permissions import Permission as Catalogue
from jiuzhu.rooms.catalogue.queries import ImpactLine
from jiuzhu.rooms.catalogue.rules.archives import packed
from jiuzhu.rooms.determination import actions as determination
from jiuzhu.rooms.determination.permissions import Permission as Determination
from jiuzhu.rooms.determination.queries import ProgrammeTotal
from jiuzhu.rooms.disclosure import actions as disclosure
from jiuzhu.rooms.disclosure import queries as notices
from jiuzhu.rooms.disclosure.permissions import Permission as Disclosure
from jiuzhu.rooms.disclosure.queries import Shown
from jiuzhu.rooms.disclosure.states import Board, Channel
from jiuzhu.rooms.organization import actions as organization
from jiuzhu.rooms.organization.models import Division, Staff
from jiuzhu.rooms.organization.permissions import Permission as Organization
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import NearRelation, OfficeKind, ProcurementMethod
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.actions.roll.checking import check_roll
from jiuzhu.rooms.registry.states import DocumentKind, EvidenceKind, GuardianshipKind, SourceKind, TargetGroup

# the table of every address and who may open it
TABLE: dict[str, str] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "house" / "routes.yaml").read_text(encoding="utf-8")
)
PART = re.compile(r"<(?:\w+:)?(\w+)>")
ELSEWHERE_CITY = DivisionCode("370100000000")
DAY = date(2026, 10, 1)
_RIGHT = {
    DivisionLevel.VILLAGE: DONGHU,
    DivisionLevel.TOWNSHIP: DAIMIAO,
    DivisionLevel.COUNTY: TAISHAN,
    DivisionLevel.CITY: CITY,
}
_WRONG = {
    DivisionLevel.VILLAGE: SHICHANG,
    DivisionLevel.TOWNSHIP: CAIYUAN,
    DivisionLevel.COUNTY: DAIYUE,
    DivisionLevel.CITY: ELSEWHERE_CITY,
}

# addresses of one person's part in a mandate
_OF_A_SIGNER = (
    "/family/verification/mandates/<int:mandate_id>/sign/<int:person_id>/",
    "/family/verification/mandates/<int:mandate_id>/withdraw/<int:person_id>/",
    "/workbench/verification/mandates/<int:mandate_id>/decline/<int:person_id>/",
    "/workbench/verification/mandates/<int:mandate_id>/sign/<int:person_id>/",
    "/workbench/verification/mandates/<int:mandate_id>/withdraw/<int:person_id>/",
)


def parts_of(route: str) -> list[str]:
    """The names of the parts of an address that vary."""
    return PART.findall(route)


def filled(route: str, values: Mapping[str, object]) -> str:
    """The address with its parts filled in."""
    return PART.sub(lambda part: str(values[part[1]]), route)


def level_of(role: str) -> DivisionLevel:
    """The lowest level on which a role serves."""
    return max(packaged_roles().roles[role].levels)


@dataclass
class People:
    """People by role and place, each signed in in a browser of their own; made when first asked for."""

    city: SmallCity
    made: dict[tuple[str, DivisionCode], Persona] = field(default_factory=dict)
    # one for all browsers: it builds the whole chain of middleware anew
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def __post_init__(self) -> None:
        city = self.city
        self.made |= {
            ("village_assistant", DONGHU): city.assistant,
            ("township_clerk", DAIMIAO): city.clerk,
            ("township_clerk", CAIYUAN): city.other_township,
            ("township_reviewer", DAIMIAO): city.reviewer,
            ("county_officer", TAISHAN): city.county,
            ("county_officer", DAIYUE): city.other_county,
            ("department_officer", TAISHAN): city.department,
            ("city_leader", CITY): city.leader,
            ("internal_auditor", TAISHAN): city.auditor,
        }

    def right(self, role: str) -> Client:
        """The browser of somebody in this role whose area holds the samples."""
        return self.browser(self._in(role, _RIGHT[level_of(role)]))

    def wrong(self, role: str) -> Client:
        """The browser of somebody in the same role next door: another village, township, county or city."""
        return self.browser(self._in(role, _WRONG[level_of(role)]))

    def browser(self, persona: Persona | None = None) -> Client:
        """A browser with the persona's session, or a visitor's; it does not read the pages as a validator would."""
        plain = Client()
        plain.handler = self.handler
        if persona is not None:
            plain.cookies = persona.client.cookies
        return plain

    def _in(self, role: str, division: DivisionCode) -> Persona:
        if (role, division) not in self.made:
            if division == ELSEWHERE_CITY:
                _other_city()
            self.made[role, division] = officer(f"P{len(self.made):03}", "卫青", role, division)
        return self.made[role, division]


def _other_city() -> DivisionCode:
    with acting(system_actor("test")):
        Division.objects.get_or_create(
            code=ELSEWHERE_CITY.value,
            name="济南市",
            name_en="Jinan",
            full_name="济南市",
            initials="jn",
            level=int(ELSEWHERE_CITY.level),
            kind="statutory",
            basis="试验数据",
        )
    return ELSEWHERE_CITY


@dataclass(frozen=True)
class Samples:
    """What stands in for each part of an address: in the right place, and something that exists but belongs elsewhere.

    `own` holds the routes whose parts are not the usual ones.
    """

    usual: Mapping[str, object]
    elsewhere: Mapping[str, object]
    own: Mapping[str, Mapping[str, object]]

    def of(self, route: str) -> dict[str, object]:
        """The samples for a route.

        Raises:
            LookupError: a part has none; give it one.
        """
        known = {**self.usual, **self.own.get(route, {})}
        lacking = [part for part in parts_of(route) if part not in known]
        if lacking:
            raise LookupError(f"{route}: no sample for {', '.join(lacking)}")
        return {part: known[part] for part in parts_of(route)}

    def address(self, route: str) -> str:
        """The route with its samples."""
        return filled(route, self.of(route))


def make_samples(city: SmallCity) -> Samples:
    """One of everything, in the household of 王秀兰, its village, township and county, and the same elsewhere."""
    usual, elsewhere, own = _registry(city)
    more, far, others = _organization(city)
    runs = [_screening(TAISHAN, city.household_id), _screening(DAIYUE, city.far_household_id)]
    posted, posted_far = _notice(DONGHU, 1), _notice(SHANQIAN, 2)
    here, there = _catalogue(TAISHAN), _catalogue(_other_city())
    verified = verification_samples(DONGHU, city.household_id, number=1)
    verified_far = verification_samples(SHANQIAN, city.far_household_id, number=2)
    signed = {"mandate_id": verified["mandate_id"], "person_id": verified["signer_id"]}
    return Samples(
        {**usual, **more, "run_id": runs[0], **posted, **here, **verified},
        {**elsewhere, **far, "run_id": runs[1], **posted_far, **there, **verified_far},
        {**own, **others, **dict.fromkeys(_OF_A_SIGNER, signed)},
    )


def _notice(village: DivisionCode, number: int) -> dict[str, object]:
    """A notice of a decision that is up as long as it holds, and an objection to it."""
    may = system_actor("test", permissions=list(Disclosure))
    first, second = replace(may, account_id=8_000_001), replace(may, account_id=8_000_002)
    case = Shown(PersonName("王秀兰"), False, None, 3, 96_670, "monthly", "granted", "")
    posted = disclosure.prepare_notice(
        actor=first,
        at=AT,
        division=village,
        programme="dibao",
        board=Board.DECISION,
        subject_type="test.case",
        subject_id=number,
        case=case,
    )
    disclosure.check_notice(actor=second, at=AT, notice_id=posted)
    disclosure.post_notice(actor=first, at=AT, notice_id=posted, places=["village"])
    disclosure.submit_objection(
        actor=first, at=AT, notice_id=posted, channel=Channel.PAPER, text="Owns a car.", name="J. Li", contact="1"
    )
    page = notices.objections(actor=may, at=AT, notice_id=posted)
    return {"notice_id": posted, "objection_id": page.rows[0].id}


def _catalogue(division: DivisionCode) -> dict[str, object]:
    """What a place prepares and has not published."""
    actor = system_actor("test", permissions=list(Catalogue))
    archive = packed({"370900-ours/instruments.yaml": b"sample_law: {title: x, level: law, from: 2020-01-01}"})
    pack_id = catalogue.draft_pack(actor=actor, at=AT, division=division, archive=archive, title="草案")
    catalogue.check_pack(actor=actor, at=AT, pack_id=pack_id)
    impact_id = catalogue.start_impact(
        actor=actor,
        at=AT,
        division=division,
        on=DAY,
        after_id=pack_id,
        before_id=None,
        after_digest="a" * 64,
        before_digest="b" * 64,
        engine="numpy 2",
        code_version="1",
    )
    catalogue.finish_impact(
        actor=actor,
        at=AT,
        impact_id=impact_id,
        snapshot_digest="c" * 64,
        household_count=1,
        person_count=3,
        better_count=0,
        worse_count=1,
        lines=[ImpactLine(division.prefix, "dibao", "household", (2, 1), 0, 1, 0, 0, {"monthly": (100, 50)})],
    )
    return {
        "pack_id": pack_id,
        "impact_id": impact_id,
        "standard_id": catalogue.propose_standard(
            actor=actor,
            at=AT,
            parameter="dibao_standard_urban_yuan_month",
            division=division,
            value="1000",
            valid_from=DAY,
            reasoning="测算",
        ),
    }


def _screening(county: DivisionCode, household_id: int) -> int:
    """A screening of a county that found something of a household."""
    actor = system_actor("test", permissions=list(Determination))
    run = determination.start_screening(
        actor=actor, at=AT, division=county, on=DAY, pack_digest="a" * 64, engine="numpy 2", code_version="1"
    )
    found = FoundRows([household_id], [None], [DONGHU.value], ["dibao"], [3], [3], [1], [2], ["monthly"])
    after, until = (county.value, 0), county.range[1]
    determination.record_findings(actor=actor, at=AT, run_id=run, after=after, until=(until, 0), findings=found)
    total = ProgrammeTotal("dibao", "household", yes=1, unknown=2, paid={"monthly": (1, 2)})
    determination.finish_screening(
        actor=actor,
        at=AT,
        run_id=run,
        snapshot_digest="b" * 64,
        household_count=1,
        person_count=3,
        totals=[total],
    )
    return run


def _registry(city: SmallCity) -> tuple[dict[str, object], dict[str, object], dict[str, dict[str, object]]]:
    actor = registrar()
    head, son, child = city.person_ids
    household = actions.record_fact(
        actor=actor,
        at=AT,
        fact=actions.NewFact("home_count", 1, DAY, SourceKind.VISITED, household_id=city.household_id),
    )
    of_person = queries.person_detail(actor=actor, at=AT, person_id=head).variables[0].current.fact_id
    of_others = actions.record_fact(
        actor=actor, at=AT, fact=actions.NewFact("pension_fen_month", 1, DAY, SourceKind.DECLARED, person_id=son)
    )
    groups = [
        actions.tag_group(
            actor=actor,
            at=AT,
            group=TargetGroup.DIBAO,
            valid_from=DAY,
            evidence_kind=EvidenceKind.DETERMINATION,
            evidence_ref="试验",
            **whose,
        )
        for whose in ({"person_id": head}, {"person_id": son}, {"household_id": city.household_id})
    ]
    granted = [
        actions.grant_authorisation(
            actor=actor, at=AT, person_id=person, department_code="tax", purpose="申请低保前查收入", valid_from=DAY
        )
        for person in (head, son)
    ]
    guardians = [
        actions.set_guardian(
            actor=actor, at=AT, ward_id=ward, guardian_id=guardian, kind=GuardianshipKind.STATUTORY, start_on=DAY
        )
        for ward, guardian in ((child, head), (city.elsewhere_person_id, son))
    ]
    divided, split = _divided(1)
    _, other_split = _divided(2)
    twice, merge = _merged(1)
    _, other_merge = _merged(2)
    far = queries.household_detail(actor=actor, at=AT, household_id=city.far_household_id).members[0].person.id
    with acting(actor):
        block = AuditChange.objects.filter(table_name="registry_household", row_id=city.household_id).first()
        far_block = AuditChange.objects.filter(table_name="registry_household", row_id=city.far_household_id).first()
    assert block is not None
    assert far_block is not None
    usual: dict[str, object] = {
        "household_id": city.household_id,
        "person_id": head,
        "other_id": son,
        "kind": "death",
        "authorisation_id": granted[0],
        "guardianship_id": guardians[0],
        "roll_id": _roll(city),
        "block_id": block.block_id,
    }
    elsewhere: dict[str, object] = {
        "household_id": city.far_household_id,
        "person_id": far,
        "other_id": far,
        "subject_id": city.far_household_id,
        "authorisation_id": granted[1],
        "guardianship_id": guardians[1],
        "split_id": other_split,
        "merge_id": other_merge,
        "fact_id": of_others,
        "group_id": groups[1],
        "block_id": far_block.block_id,
    }
    base = "/workbench/registry/"
    of_home = f"{base}households/<int:household_id>/"
    own: dict[str, dict[str, object]] = {
        f"{of_home}history/<int:person_id>/": {"person_id": son},
        f"{of_home}looks/<int:person_id>/": {"person_id": son},
        f"{of_home}members/<int:person_id>/leave/": {"person_id": son},
        f"{of_home}splits/<int:split_id>/undo/": {"household_id": divided, "split_id": split},
        f"{base}persons/<int:person_id>/merges/<int:merge_id>/undo/": {"person_id": twice, "merge_id": merge},
    }
    for subject, whose, fact, group in (
        ("persons", head, of_person, groups[0]),
        ("households", city.household_id, household, groups[2]),
    ):
        own[f"{base}{subject}/<int:subject_id>/facts/<int:fact_id>/withdraw/"] = {"subject_id": whose, "fact_id": fact}
        own[f"{base}{subject}/<int:subject_id>/groups/<int:group_id>/end/"] = {"subject_id": whose, "group_id": group}
    return usual, elsewhere, own


def _divided(number: int) -> tuple[int, int]:
    """A household from which the son has split off, and the split."""
    home = register(
        DONGHU,
        [
            actions.NewMember("02", newcomer("孙福来", 810 + 10 * number, date(1950, 1, 2))),
            actions.NewMember("20", newcomer("孙小军", 811 + 10 * number, date(1980, 1, 2))),
        ],
    )
    split = actions.split_household(
        actor=registrar(),
        at=AT,
        household_id=home.household_id,
        head_id=home.person_ids[1],
        person_ids=[home.person_ids[1]],
        relations={},
        on=DAY,
        reason="成家另过",
    )
    return home.household_id, split


def _merged(number: int) -> tuple[int, int]:
    """Somebody who was registered twice, and the merge."""
    twice = actions.Particulars(
        name="何秀珍", document_kind=DocumentKind.NONE, birth_date=date(1950, 3, number), sex="2"
    )
    kept, merged = (register(DONGHU, [actions.NewMember("02", twice)]).person_ids[0] for _ in range(2))
    merge = actions.merge_persons(actor=registrar(), at=AT, kept_id=kept, merged_id=merged, reason="重复登记")
    return kept, merge


def _roll(city: SmallCity) -> int:
    """A roll of the township, checked and waiting for its decision."""
    clerk = city.clerk.actor()
    content = workbook([line("1", "户主", "赵甲", 901), line("2", "户主", "李丁", 903, phone="1")])
    roll = actions.upload_roll(actor=clerk, at=AT, content=content, name="名单.xlsx").roll.id
    work = Work(job_id=1, actor=clerk, request_id="r", at=AT, attempt=0, last_attempt=True, stop_asked=lambda: False)
    check_roll(work, roll_id=roll)
    return roll


def _organization(city: SmallCity) -> tuple[dict[str, object], dict[str, object], dict[str, dict[str, object]]]:
    held = [_person_in_post("S100", DONGHU), _person_in_post("S200", DAIYUE)]
    filer = system_actor("test", permissions=list(Organization))
    filings = [
        organization.file_near_relative(
            actor=filer, at=AT, staff_id=one["staff_id"], relative_name="杨大勇", relation=NearRelation.SIBLING
        )
        for one in held
    ]
    services = [
        organization.record_purchased_service(
            actor=setter(),
            at=AT,
            division=division,
            code=f"FW-{division.prefix}",
            name="入户调查辅助服务",
            content="协助入户调查",
            method=ProcurementMethod.OPEN_TENDER,
            procedure_note="在政府采购网公告",
            budget_fen=1,
        )
        for division in (TAISHAN, DAIYUE)
    ]
    here, there = (
        {**one, "filing_id": filing, "service_id": service}
        for one, filing, service in zip(held, filings, services, strict=True)
    )
    with acting(setter()):
        there["staff_id"] = Staff.objects.get(staff_number="T006").pk
    base = "/workbench/organization/"
    of_place = f"{base}divisions/<staff_division:code>/"
    own: dict[str, dict[str, object]] = {
        f"{of_place}zone/": {"code": CITY},
        f"{of_place}administration/": {"code": TAISHAN},
        f"{of_place}figures/": {"code": DAIMIAO},
        f"{of_place}new/": {"code": DAIMIAO},
        f"{base}groups/<staff_division:code>/form/": {"code": TAISHAN},
    }
    return {**here, "code": DONGHU, "sheet": "staff"}, {**there, "code": DAIYUE}, own


def _person_in_post(number: str, division: DivisionCode) -> dict[str, int]:
    """A station with a post and somebody in it."""
    office = open_office(f"{number}-station", OfficeKind.STATION, division, f"工作站{number}")
    role = "village_assistant" if division.level is DivisionLevel.VILLAGE else "county_approver"
    post = create_post(office, role, division, f"{number}-post")
    staff = register_person(office, number, "杨秀英")
    return {
        "office_id": office,
        "post_id": post,
        "staff_id": staff,
        "appointment_id": appoint_person(staff, post),
    }
