"""A database with rows in every scoped table, in two counties, reached as the program reaches it: through its login."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import psycopg
from psycopg import sql
from tests.channels.conftest import AT, identity_number, newcomer, officer, register, registrar
from tests.rooms.application.conftest import everything_of_an_application
from tests.rooms.registry.sheets import line, workbook
from tests.rooms.verification.conftest import ask_all, scripted

from jiuzhu.core.actors import system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.names import PersonName
from jiuzhu.engine.runs.found import FoundRows
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.documents import actions as documents
from jiuzhu.groundwork.documents.content import Document
from jiuzhu.groundwork.records import Policy
from jiuzhu.groundwork.tasks.jobs import Work
from jiuzhu.rooms.catalogue import actions as catalogue
from jiuzhu.rooms.catalogue.permissions import Permission as Catalogue
from jiuzhu.rooms.catalogue.rules.archives import packed
from jiuzhu.rooms.determination import actions as determination
from jiuzhu.rooms.determination.permissions import Permission as Determination
from jiuzhu.rooms.disclosure import actions as disclosure
from jiuzhu.rooms.disclosure.permissions import Permission as Disclosure
from jiuzhu.rooms.disclosure.queries import Shown
from jiuzhu.rooms.disclosure.states import Board, Channel
from jiuzhu.rooms.organization import actions as organization
from jiuzhu.rooms.organization.models import Staff
from jiuzhu.rooms.organization.permissions import Permission as Organization
from jiuzhu.rooms.organization.states import NearRelation, ProcurementMethod
from jiuzhu.rooms.referral import actions as referral
from jiuzhu.rooms.referral.permissions import Permission as Referral
from jiuzhu.rooms.referral.states import Need, ReceiverKind
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.actions.roll.checking import check_roll
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.states import (
    DocumentKind,
    EvidenceKind,
    GuardianshipKind,
    LifeEventKind,
    SourceKind,
    TargetGroup,
)
from jiuzhu.rooms.verification import actions as verification
from jiuzhu.rooms.verification import queries as queries_of_verification
from jiuzhu.rooms.verification.permissions import Permission as Verification
from jiuzhu.rooms.verification.states import SignatureMethod, SignedBy

DAY = date(2026, 10, 1)
SCOPED = tuple(model._meta.db_table for model in record_models() if isinstance(model.policy, Policy))
# a row no actor has to do with: by these accounts nothing was written
NOBODY = 9_999_999


@dataclass(frozen=True)
class Family:
    """王秀兰 (head), her son and her granddaughter of a village, with everything that is known of them."""

    village: DivisionCode
    household_id: int
    person_ids: tuple[int, ...]
    account_id: int
    authorisation_id: int
    clerk_account_id: int

    @property
    def head_id(self) -> int:
        """The head."""
        return self.person_ids[0]


@dataclass(frozen=True)
class Scope:
    """What a transaction says of its actor, in the database's own terms. `role` empty: the bare login."""

    role: str = ""
    division: DivisionCode | None = None
    department: str = ""
    persons: tuple[int, ...] = ()
    households: tuple[int, ...] = ()
    account: int | None = None
    auditor: bool = False
    today: date = DAY

    def settings(self) -> dict[str, str]:
        """The settings that the program makes, and their values."""
        lo, hi = self.division.range if self.division is not None else ("", "")
        return {
            "role": self.role or "none",
            "jiuzhu.division_lo": lo,
            "jiuzhu.division_hi": hi,
            "jiuzhu.department": self.department,
            "jiuzhu.person_ids": "{" + ",".join(map(str, self.persons)) + "}",
            "jiuzhu.household_ids": "{" + ",".join(map(str, self.households)) + "}",
            "jiuzhu.account_id": "" if self.account is None else str(self.account),
            "jiuzhu.auditor": "on" if self.auditor else "",
            "jiuzhu.today": self.today.isoformat(),
        }


def staff(division: DivisionCode, *, account: int = NOBODY, auditor: bool = False) -> Scope:
    """An officer of a place."""
    return Scope("jiuzhu_staff", division=division, account=account, auditor=auditor)


def department(code: str, *, today: date = DAY) -> Scope:
    """An officer of a department of the city; the place gives nothing."""
    return Scope(
        "jiuzhu_department", division=DivisionCode("370900000000"), department=code, account=NOBODY, today=today
    )


def citizen(family: Family) -> Scope:
    """The head of a family."""
    return Scope(
        "jiuzhu_citizen", persons=(family.head_id,), households=(family.household_id,), account=family.account_id
    )


@dataclass(frozen=True)
class Town:
    """The login of the program, the owner of the tables (whom no policy binds), and two families in two counties."""

    app: psycopg.Connection
    owner: psycopg.Connection
    here: Family
    there: Family

    @contextmanager
    def acting(self, scope: Scope) -> Iterator[psycopg.Cursor]:
        """A transaction of the program's login in a scope; whatever it does is taken back."""
        with self.app.transaction(force_rollback=True), self.app.cursor() as cursor:
            for name, value in scope.settings().items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            yield cursor

    def seen(self, scope: Scope) -> dict[str, set[int]]:
        """The ids of the rows of every scoped table that a scope sees."""
        with self.acting(scope) as cursor:
            return {table: ids(cursor, table) for table in SCOPED}

    def all_where(self, table: str, condition: str) -> set[int]:
        """The ids of the rows for which a condition on the table `t` holds, whoever may see them."""
        with self.owner.cursor() as cursor:
            return ids(cursor, table, condition)

    def image(self, table: str, row: int) -> str:
        """A row as JSON, under an id that is free."""
        with self.owner.cursor() as cursor:
            query = "SELECT (to_jsonb(t) || jsonb_build_object('id', (SELECT max(id) + 1000 FROM {table})))::text"
            query += " FROM {table} t WHERE id = %s"
            found = cursor.execute(sql.SQL(query).format(table=sql.Identifier(table)), [row]).fetchone()
        assert found is not None
        return str(found[0])


def ids(cursor: psycopg.Cursor, table: str, condition: str = "true") -> set[int]:
    """The ids of the rows that a cursor sees."""
    query = sql.SQL("SELECT id FROM {table} t WHERE ").format(table=sql.Identifier(table))
    return {row[0] for row in cursor.execute(query + sql.SQL(condition))}


def furnish(app: str, owner: str, villages: tuple[DivisionCode, DivisionCode]) -> Town:
    """Fill every scoped table for two villages of different counties; the second family's consent has run out."""
    here = _furnish(villages[0], 1, since=DAY, until=date(2027, 1, 1))
    there = _furnish(villages[1], 2, since=date(2025, 1, 1), until=date(2026, 1, 1))
    town = Town(
        psycopg.connect(app, autocommit=True),
        psycopg.connect(owner, autocommit=True),
        here,
        there,
    )
    for family in (here, there):
        town.owner.execute(
            "INSERT INTO registry_roll_entry (roll_id, row, person_id, household_id)"
            " SELECT id, 2, %s, %s FROM registry_roll_import WHERE left(division_code, 6) = %s",
            [family.head_id, family.household_id, family.village.value[:6]],
        )
    town.owner.execute(
        "INSERT INTO idempotency_answer (key, sender, route, request_digest, headers, body, at)"
        " VALUES ('a-key', 'account:1', 'POST /', '', '{}', '', now())"
    )
    return town


def _furnish(village: DivisionCode, number: int, *, since: date, until: date) -> Family:
    township = village.parent
    assert township is not None
    actor = registrar()
    made = register(
        village,
        [
            actions.NewMember("02", newcomer("王秀兰", 100 * number, date(1956, 3, 8), phone="13800001111")),
            actions.NewMember("22", newcomer("李建国", 100 * number + 1, date(1981, 5, 1))),
            actions.NewMember("42", newcomer("李晓雨", 100 * number + 2, date(2011, 9, 1))),
        ],
    )
    head, son, child = made.person_ids
    verified = SourceKind.VERIFIED
    actions.record_facts(
        actor=actor,
        at=AT,
        facts=[
            actions.NewFact("wage_income_fen_month", 100, DAY, verified, person_id=head),
            actions.NewFact("business_income_fen_month", 200, DAY, verified, person_id=head),
            actions.NewFact("pension_fen_month", 300, DAY, verified, person_id=head),
            actions.NewFact("wage_income_fen_month", 400, DAY, verified, person_id=son),
            actions.NewFact("home_count", 1, DAY, verified, household_id=made.household_id),
        ],
    )
    actions.tag_group(
        actor=actor,
        at=AT,
        group=TargetGroup.DIBAO,
        valid_from=DAY,
        evidence_kind=EvidenceKind.DETERMINATION,
        evidence_ref="试验",
        household_id=made.household_id,
    )
    actions.record_life_event(
        actor=actor, at=AT, kind=LifeEventKind.MISSING, person_id=son, happened_on=DAY, evidence="报案回执"
    )
    actions.set_guardian(
        actor=actor, at=AT, ward_id=child, guardian_id=head, kind=GuardianshipKind.STATUTORY, start_on=DAY
    )
    granted = actions.grant_authorisation(
        actor=actor,
        at=AT,
        person_id=head,
        department_code="tax",
        purpose="核对",
        valid_from=since,
        valid_to=until,
        variable_keys=["wage_income_fen_month"],
    )
    twice = actions.Particulars(name="何秀珍", document_kind=DocumentKind.NONE, birth_date=date(1950, 3, 1), sex="2")
    kept, merged, other = (register(village, [actions.NewMember("02", twice)]).person_ids[0] for _ in range(3))
    actions.merge_persons(actor=actor, at=AT, kept_id=kept, merged_id=merged, reason="重复登记")
    actions.dismiss_duplicate(actor=actor, at=AT, person_ids=(kept, other), reason="同名")
    with acting(system_actor("test")):
        account = Account.objects.create(
            login_name=f"citizen-{number}", display_name="王秀兰", kind=AccountKind.CITIZEN, created_at=AT, password="!"
        )
    birth = date(1956, 3, 8)
    actions.link_citizen(
        actor=actor, at=AT, account_id=account.pk, document_number=identity_number(100 * number, birth), method="test"
    )
    clerk_account = _offices(township, number, head)
    _notice(village, made.household_id)
    _refer(village, made.household_id)
    everything_of_an_application(village, made.household_id, made.person_ids)
    _verify(village, made.household_id, made.person_ids)
    _issue(village, made.household_id, number)
    _draft(DivisionCode(township.value[:6].ljust(12, "0")))
    _screen(village, made.household_id, head)
    return Family(village, made.household_id, made.person_ids, account.pk, granted, clerk_account)


def _notice(village: DivisionCode, household_id: int) -> None:
    """A notice about the household that is not up yet, and one that is, with an objection."""
    may = system_actor("test", permissions=list(Disclosure))
    first, second = replace(may, account_id=8_000_001), replace(may, account_id=8_000_002)
    case = Shown(PersonName("王秀兰"), False, None, 3, 96_670, "monthly", "yes", "")
    posted = 0
    for board in (Board.DECISION, Board.OPINION):
        posted = disclosure.prepare_notice(
            actor=first,
            at=AT,
            division=village,
            programme="dibao",
            board=board,
            subject_type="test.case",
            subject_id=household_id,
            case=case,
        )
    disclosure.check_notice(actor=second, at=AT, notice_id=posted)
    disclosure.post_notice(actor=first, at=AT, notice_id=posted, places=["village"])
    disclosure.submit_objection(actor=first, at=AT, notice_id=posted, channel=Channel.WEB, text="有异议")


def _refer(village: DivisionCode, household_id: int) -> None:
    """A referral of the household to the education office of its county, and a donation."""
    actor = system_actor("test", permissions=list(Referral))
    sent = referral.propose_referral(
        actor=actor,
        at=AT,
        division=village,
        household_id=household_id,
        person_id=None,
        need=Need.OTHER,
        detail="有困难",
        receiver_kind=ReceiverKind.DEPARTMENT,
        receiver_name="教育局",
        receiver_department="education",
    )
    referral.consent_referral(
        actor=actor,
        at=AT,
        referral_id=sent,
        fields=["name"],
        covers=[ReceiverKind.DEPARTMENT],
        consented_by="王秀兰",
        evidence="签字",
    )
    referral.send_referral(actor=actor, at=AT, referral_id=sent, known={"name": "王秀兰"})
    referral.pledge_donation(actor=actor, at=AT, division=village, intent="助困", amount_fen=1)


def _verify(village: DivisionCode, household_id: int, persons: tuple[int, ...]) -> None:
    """A verification that was reported, looked at and disputed, a batch, and an entrustment of another unit."""
    actor = system_actor("test", permissions=[*Verification, *Registry])
    with scripted() as sources:
        mandate = verification.draw_up_mandate(
            actor=actor,
            at=AT,
            household_id=household_id,
            programmes=["dibao"],
            purpose="核对",
            valid_from=AT.date(),
            valid_to=DAY.replace(year=2027),
            covers_reviews=True,
            items=["banks.accounts"],
        )
        # the son is missing, so he does not count as a member
        for person, signed_by in ((persons[0], SignedBy.SELF), (persons[2], SignedBy.GUARDIAN)):
            verification.sign_mandate(
                actor=actor,
                at=AT,
                mandate_id=mandate,
                person_id=person,
                signed_by=signed_by,
                method=SignatureMethod.UNIFIED_IDENTITY,
                signer_name="王秀兰",
            )
        batch = verification.make_batch(
            actor=actor,
            at=AT,
            division=village,
            title="年度核查",
            programmes=["dibao"],
            purpose="核查",
            entries=[verification.BatchEntry(household_id)],
        )
        verification.order_piece(actor=actor, at=AT, batch_id=batch, first=1, last=1, asking_office="民政局")
        order = queries_of_verification.orders(actor=actor, at=AT, household_id=household_id).rows[0].id
        ask_all(sources, AT)
        report = verification.report_order(actor=actor, at=AT, order_id=order)
        verification.open_report(actor=actor, at=AT, report_id=report, why="审核")
        item = queries_of_verification.order(actor=actor, at=AT, order_id=order).items[0].id
        verification.dispute_item(actor=actor, at=AT, item_id=item, statement="有误")
    verification.record_entrustment(
        actor=actor,
        at=AT,
        division=village,
        unit_name="住房保障中心",
        department="housing",
        programmes=["zhufang_jiuzhu"],
        document_number="1号",
        valid_from=AT.date(),
        valid_to=DAY.replace(year=2027),
    )


def _issue(village: DivisionCode, household_id: int, number: int) -> None:
    """A letter about the household, and the one that replaced it."""
    for version in (1, 2):
        documents.issue(
            actor=system_actor("test"),
            at=AT,
            kind="verification.notice",
            prefix="HD",
            object_type="verification.signature",
            object_id=number,
            version=version,
            division=village,
            build=lambda given: Document("告知书", given.number, "民政局", given.issued_on, ()),
            household_id=household_id,
        )


def _draft(county: DivisionCode) -> None:
    """What a county prepares and has not published: a draft of packs, a proposed standard."""
    actor = system_actor("test", permissions=list(Catalogue))
    archive = packed({"370900-ours/instruments.yaml": b"sample_law: {title: x, level: law, from: 2020-01-01}"})
    pack_id = catalogue.draft_pack(actor=actor, at=AT, division=county, archive=archive, title="草案")
    catalogue.start_impact(
        actor=actor,
        at=AT,
        division=county,
        on=DAY,
        after_id=pack_id,
        before_id=None,
        after_digest="a" * 64,
        before_digest="b" * 64,
        engine="numpy 2",
        code_version="1",
    )
    catalogue.propose_standard(
        actor=actor,
        at=AT,
        parameter="dibao_standard_urban_yuan_month",
        division=county,
        value="1000",
        valid_from=DAY,
        reasoning="测算",
    )


def _screen(village: DivisionCode, household_id: int, person_id: int) -> None:
    """A screening of the village that found something of the household and of its head."""
    actor = system_actor("test", permissions=list(Determination))
    run = determination.start_screening(
        actor=actor, at=AT, division=village, on=DAY, pack_digest="a", engine="arrays", code_version="1"
    )
    both = [village.value] * 2
    found = FoundRows(
        [household_id] * 2, [None, person_id], both, ["dibao", "tekun"], [3, 3], [3, 3], [1, 2], [1, 2], ["monthly"] * 2
    )
    after, until = (village.value, household_id - 1), (village.value, household_id)
    determination.record_findings(actor=actor, at=AT, run_id=run, after=after, until=until, findings=found)


def _offices(township: DivisionCode, number: int, person_id: int) -> int:
    """A clerk who looks at somebody and uploads a roll, a filing, and a purchased service; the clerk's account."""
    persona = officer(f"T{number:03}", "孙立新", "township_clerk", township)
    clerk = replace(persona.actor(), name="孙立新")
    queries.person_detail(actor=clerk, at=AT, person_id=person_id, purpose="受理")
    content = workbook([line("1", "户主", "赵甲", 900 + number, phone="1")])
    roll = actions.upload_roll(actor=clerk, at=AT, content=content, name="名单.xlsx").roll.id
    work = Work(job_id=1, actor=clerk, request_id="r", at=AT, attempt=0, last_attempt=True, stop_asked=lambda: False)
    check_roll(work, roll_id=roll)
    setter = system_actor("test", permissions=list(Organization))
    with acting(setter):
        staff_id = Staff.objects.get(account_id=persona.account.pk).pk
    organization.file_near_relative(
        actor=setter, at=AT, staff_id=staff_id, relative_name="孙大勇", relation=NearRelation.SIBLING
    )
    organization.record_purchased_service(
        actor=setter,
        at=AT,
        division=township,
        code=f"FW-{number}",
        name="走访",
        content="走访",
        method=ProcurementMethod.INQUIRY,
        procedure_note="询价",
        budget_fen=1,
    )
    return persona.account.pk
