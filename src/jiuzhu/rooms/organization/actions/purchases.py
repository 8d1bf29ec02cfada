"""The list of purchased services: listed, contracted, supervised and evaluated (工作意见二（四）2; 财政部令第102号)."""

from datetime import date, datetime
from decimal import Decimal

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.periods import Period
from jiuzhu.groundwork.transitions import actions as log
from jiuzhu.rooms.organization.actions.steps import local_day, lock, missing, news, one_step, require_text
from jiuzhu.rooms.organization.models import Division, PurchasedService
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.reasons import Reason, refuse
from jiuzhu.rooms.organization.states import SERVICES, ProcurementMethod, ServiceState

_FULL_SCORE = 100


def record_purchased_service(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    code: str,
    name: str,
    content: str,
    method: ProcurementMethod,
    procedure_note: str,
    budget_fen: int,
) -> int:
    """Put a service on the list of a division with how it is bought and its budget; returns its id.

    Raises:
        PermissionRefused, OutOfScope, NotFound (division), InvalidValue (empty text, budget), RuleRefused (code).
    """
    with one_step(actor, Permission.SERVICE_RECORD):
        actor.require_scope(division)
        code = require_text(code, "code", "项目编号", "the item number", longest=32)
        name = require_text(name, "name", "项目名称", "the name of the service")
        content = require_text(content, "content", "服务内容", "the content", longest=400)
        procedure_note = require_text(procedure_note, "procedure_note", "购买流程", "the procedure", longest=400)
        if budget_fen < 0:
            raise InvalidValue(
                "organization.service.budget", "预算不能为负数", "The budget cannot be negative.", field="budget_fen"
            )
        lock("service")
        today = local_day(at)
        if not Division.objects.filter(in_force(today), code=division.value).exists():
            raise missing(f"区划{division}", f"division ({division})")
        if PurchasedService.objects.filter(code=code).exists():
            refuse(
                [
                    Reason(
                        "organization.service.taken",
                        f"项目编号{code}已被使用",
                        f"The item number {code} is taken.",
                        field="code",
                    )
                ]
            )
        row = PurchasedService.objects.create(
            division_code=division.value,
            code=code,
            name=name,
            content=content,
            method=method.value,
            procedure_note=procedure_note,
            budget_fen=budget_fen,
            state=ServiceState.LISTED.value,
            listed_on=today,
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.service",
            object_id=row.id,
            transition=None,
            from_state=None,
            verb="list",
            to_state=ServiceState.LISTED,
            division=division,
        )
        _tell(actor, at, "listed", row)
        return row.id


def contract_purchased_service(
    *,
    actor: Actor,
    at: datetime,
    service_id: int,
    provider: str,
    provider_is_social_organization: bool,
    contract_number: str,
    contract_fen: int,
    valid_from: date,
    valid_to: date,
) -> None:
    """Record who provides a listed service, for how much and for how long.

    Raises:
        PermissionRefused, NotFound, InvalidValue (texts, amount, period), TransitionRefused, RuleRefused (budget).
    """
    with one_step(actor, Permission.SERVICE_RECORD):
        row = _service(service_id)
        provider = require_text(provider, "provider", "承接主体", "the provider")
        contract_number = require_text(
            contract_number, "contract_number", "合同编号", "the contract number", longest=60
        )
        term = Period(valid_from, valid_to)
        if contract_fen < 0:
            raise InvalidValue(
                "organization.service.amount",
                "合同金额不能为负数",
                "The amount cannot be negative.",
                field="contract_fen",
            )
        before = ServiceState(row.state)
        transition = SERVICES.plan(before, "contract")
        if contract_fen > row.budget_fen:
            refuse(
                [
                    Reason(
                        "organization.service.above_budget",
                        "合同金额超过预算，请核对或先调整预算",
                        "The contract is above the budget; check it or change the budget first.",
                        field="contract_fen",
                    )
                ]
            )
        PurchasedService.objects.filter(pk=row.pk).update(
            state=transition.to_state.value,
            provider=provider,
            provider_is_social_organization=provider_is_social_organization,
            contract_number=contract_number,
            contract_fen=contract_fen,
            valid_from=term.start,
            valid_to=term.end,
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.service",
            object_id=row.id,
            transition=transition,
            from_state=before,
            division=row.division_code,
        )
        _tell(actor, at, "contracted", row)


def evaluate_purchased_service(
    *, actor: Actor, at: datetime, service_id: int, score: Decimal, supervision_note: str, evaluation_note: str
) -> None:
    """Record what supervision found and how the service is judged, out of 100 points.

    Raises:
        PermissionRefused, NotFound, InvalidValue (score, empty notes), TransitionRefused (no contract yet).
    """
    with one_step(actor, Permission.SERVICE_EVALUATE):
        row = _service(service_id)
        if not 0 <= score <= _FULL_SCORE:
            raise InvalidValue(
                "organization.service.score",
                f"评估得分应在0至{_FULL_SCORE}之间，请核对",
                f"The score lies between 0 and {_FULL_SCORE}; check it.",
                field="score",
            )
        supervision_note = require_text(
            supervision_note, "supervision_note", "监督情况", "the supervision", longest=400
        )
        evaluation_note = require_text(evaluation_note, "evaluation_note", "评估意见", "the evaluation", longest=400)
        before = ServiceState(row.state)
        transition = SERVICES.plan(before, "evaluate")
        PurchasedService.objects.filter(pk=row.pk).update(
            state=transition.to_state.value,
            evaluation_score=score,
            supervision_note=supervision_note,
            evaluation_note=evaluation_note,
            evaluated_on=local_day(at),
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.service",
            object_id=row.id,
            transition=transition,
            from_state=before,
            division=row.division_code,
        )
        _tell(actor, at, "evaluated", row)


def cancel_purchased_service(*, actor: Actor, at: datetime, service_id: int, reason: str) -> None:
    """Take a service without a contract off the list.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason), TransitionRefused (contracted already).
    """
    with one_step(actor, Permission.SERVICE_RECORD):
        row = _service(service_id)
        reason = require_text(reason, "reason", "取消原因", "the reason", longest=200)
        before = ServiceState(row.state)
        transition = SERVICES.plan(before, "cancel")
        PurchasedService.objects.filter(pk=row.pk).update(state=transition.to_state.value)
        log.record(
            actor=actor,
            at=at,
            object_type="organization.service",
            object_id=row.id,
            transition=transition,
            from_state=before,
            division=row.division_code,
            reason=reason,
        )
        _tell(actor, at, "cancelled", row)


def _service(service_id: int) -> PurchasedService:
    row = PurchasedService.objects.select_for_update().filter(pk=service_id).first()
    if row is None:
        raise missing("该服务项目", "purchased service")
    return row


def _tell(actor: Actor, at: datetime, happened: str, row: PurchasedService) -> None:
    news(
        actor=actor,
        at=at,
        name=f"organization.service.{happened}",
        key=f"organization.service:{row.id}",
        division=row.division_code,
        payload={"service_id": row.id},
    )
