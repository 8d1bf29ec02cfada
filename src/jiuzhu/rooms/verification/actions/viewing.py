"""Looking at what sources said: every look is written down before anything is shown (社会救助法 art. 70)."""

from datetime import datetime

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope
from jiuzhu.rooms.verification.actions.steps import one_step
from jiuzhu.rooms.verification.models import Report, Viewing
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.queries.reports import ReportView, report_view
from jiuzhu.rooms.verification.rules.guards import text_of


def open_report(*, actor: Actor, at: datetime, report_id: int, why: str) -> ReportView:
    """Show a version of a report and write down who looked, at whom, and why.

    A citizen sees what concerns themselves and their wards; that look is not written down.

    Raises:
        PermissionRefused: the actor may not see hits. OutOfScope: the report is not the actor's.
        InvalidValue: no reason is given, or it is too long.
    """
    permission = Permission.ORDER_VIEW if actor.kind is ActorKind.CITIZEN else Permission.ITEM_VIEW
    with one_step(actor, permission, at):
        row = Report.objects.select_related("order").filter(pk=report_id).first()
        if row is None:
            raise OutOfScope
        view = report_view(row)
        if actor.kind is ActorKind.CITIZEN:
            return view.of_persons(actor.scope.person_ids)
        actor.require_scope(row.division_code)
        said = text_of(why, "why", "查看事由", "why you look", longest=200)
        Viewing.objects.bulk_create(
            Viewing(
                division_code=row.division_code,
                person_id=one.id,
                order_id=row.order_id,
                account_id=actor.account_id,
                actor_name=actor.name,
                post_title=actor.post_title,
                what=f"核对报告 {row.number}",
                why=said,
                at=at,
            )
            for one in view.content.persons
        )
        return view
