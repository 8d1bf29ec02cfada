"""A city with two counties, officers in their roles, and a set of packs that is small enough to be checked at once."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.authoring.skeletons import lay_out
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue import actions
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.rules.archives import archive_of, files_of, packed
from jiuzhu.rooms.catalogue.states import PackState, StandardState
from jiuzhu.rooms.organization.models import Division
from jiuzhu.rooms.organization.rules.roles import packaged_roles

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)
CITY = DivisionCode("370900000000")
TAISHAN = DivisionCode("370902000000")
DAIYUE = DivisionCode("370911000000")
DAIMIAO = DivisionCode("370902001000")
URBAN = "dibao_standard_urban_yuan_month"
_PLACES = {CITY: "泰安市", TAISHAN: "泰山区", DAIYUE: "岱岳区", DAIMIAO: "岱庙街道"}
DRAFTER, PUBLISHER = 11, 12


@pytest.fixture
def places(db: None) -> None:
    """The divisions of the small city."""
    with acting(system_actor("test")):
        Division.objects.bulk_create(
            Division(
                code=code.value,
                name=name,
                name_en=name,
                full_name=name,
                initials="df",
                level=int(code.level),
                parent_code=str(code.parent or ""),
                kind="statutory",
                basis="试验数据",
            )
            for code, name in _PLACES.items()
        )


def officer(
    account: int | None = DRAFTER, division: DivisionCode = CITY, *, without: frozenset[str] = frozenset()
) -> Actor:
    """An officer of a place who may do everything in the room, except `without`."""
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account,
        name=f"经办{account}",
        permissions=frozenset(one.value for one in Permission) - without,
        scope=Scope(division=division),
    )


def in_role(role: str, account: int = 77, division: DivisionCode = CITY) -> Actor:
    """An officer with a role."""
    return replace(officer(account, division), permissions=packaged_roles().roles[role].permissions)


@pytest.fixture(scope="session")
def small_packs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The archive of one layer with one complete programme: the checks find nothing wrong with it."""
    root = tmp_path_factory.mktemp("packs") / "policies"
    layer = root / "370900-ours"
    lay_out("butie", layer)
    (layer / "entities.yaml").write_text("household: {label: 家庭, label_en: household}\n", encoding="utf-8")
    return archive_of([root])


def changed(archive: bytes, path: str, old: str, new: str) -> bytes:
    """An archive with something else in one of its files."""
    files = files_of(archive)
    text = files[path].decode()
    assert old in text
    return packed({**files, path: text.replace(old, new).encode()})


def zipped(files: dict[str, bytes], *, mode: int = 0) -> bytes:
    """A zip as anybody may make it, whatever its paths."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = mode << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def unzipped(archive: bytes, folder: Path) -> Path:
    """The files of an archive in a folder."""
    for path, content in files_of(archive).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


Draft = Callable[..., int]


@pytest.fixture
def draft(places: None, small_packs: bytes) -> Draft:
    """Draft the small packs; `state` takes the version there, `effective_on` is the first day of a published one."""

    def do(
        archive: bytes = small_packs,
        *,
        state: PackState = PackState.DRAFT,
        effective_on: date = TODAY,
        division: DivisionCode = CITY,
        at: datetime = AT,
    ) -> int:
        made = actions.draft_pack(
            actor=officer(DRAFTER, division), at=at, division=division, archive=archive, title="市级政策包"
        )
        if state is PackState.WITHDRAWN:
            actions.withdraw_pack(actor=officer(DRAFTER, division), at=at, pack_id=made, reason="重复")
        elif state is not PackState.DRAFT:
            assert not actions.check_pack(actor=officer(DRAFTER, division), at=at, pack_id=made).problems
        if state in (PackState.PUBLISHED, PackState.SUPERSEDED):
            publish(made, effective_on, at=at, division=division)
        if state is PackState.SUPERSEDED:
            publish(do(at=at, division=division, state=PackState.CHECKED), date(2026, 11, 27), at=at)
            actions.supersede_pack(actor=officer(), at=datetime(2026, 11, 27, tzinfo=UTC), pack_id=made)
        return made

    return do


def publish(pack_id: int, effective_on: date, *, at: datetime = AT, division: DivisionCode = CITY) -> None:
    """Publish a checked version."""
    actions.publish_pack(
        actor=officer(PUBLISHER, division),
        at=at,
        pack_id=pack_id,
        document_number="泰民〔2026〕1号",
        effective_on=effective_on,
    )


Propose = Callable[..., int]


@pytest.fixture
def propose(places: None) -> Propose:
    """Propose an urban standard of 1000 yuan a month; `state` takes it there."""

    def do(
        value: str = "1000",
        *,
        state: StandardState = StandardState.PROPOSED,
        parameter: str = URBAN,
        division: DivisionCode = CITY,
        valid_from: date = TODAY,
        valid_to: date | None = None,
    ) -> int:
        made = actions.propose_standard(
            actor=officer(),
            at=AT,
            parameter=parameter,
            division=division,
            value=value,
            valid_from=valid_from,
            valid_to=valid_to,
            reasoning="按上年度人均消费支出测算",
        )
        if state is StandardState.DROPPED:
            actions.drop_standard(actor=officer(), at=AT, standard_id=made, reason="财力不足")
        elif state is not StandardState.PROPOSED:
            actions.consult_standard(actor=officer(), at=AT, standard_id=made, whom="市财政局", result="无异议")
        if state in (StandardState.APPROVED, StandardState.PUBLISHED, StandardState.REPLACED):
            actions.approve_standard(actor=officer(PUBLISHER), at=AT, standard_id=made)
        if state in (StandardState.PUBLISHED, StandardState.REPLACED):
            announce(made)
        if state is StandardState.REPLACED:
            later = date(2026, 11, 27)
            announce(do(value, state=StandardState.APPROVED, parameter=parameter, division=division, valid_from=later))
            actions.replace_standard(actor=officer(), at=datetime(2026, 11, 27, tzinfo=UTC), standard_id=made)
        return made

    return do


def announce(standard_id: int, effective_on: date | None = None) -> None:
    """Publish an approved standard."""
    actions.publish_standard(
        actor=officer(PUBLISHER),
        at=AT,
        standard_id=standard_id,
        document_title="关于调整城镇低保标准的通知",
        document_number="泰民〔2026〕2号",
        effective_on=effective_on,
    )
