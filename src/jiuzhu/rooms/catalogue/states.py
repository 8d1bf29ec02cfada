"""States and steps of the room catalogue (制度清单).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.catalogue.permissions import Permission


class PackState(StrEnum):
    """Life of one version of a policy pack; a published version is never changed, only replaced by a later one."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class StandardState(StrEnum):
    """Life of one dated standard (a figure for one programme, place and period) from proposal to replacement."""

    PROPOSED = "proposed"
    CONSULTED = "consulted"
    APPROVED = "approved"
    PUBLISHED = "published"
    REPLACED = "replaced"
    DROPPED = "dropped"


PACKS = TransitionTable(
    states=PackState,
    initial=PackState.DRAFT,
    names={
        PackState.DRAFT: ("起草中", "Draft"),
        PackState.CHECKED: ("已校验", "Checked"),
        PackState.PUBLISHED: ("已发布", "Published"),
        PackState.SUPERSEDED: ("已被替代", "Superseded"),
        PackState.WITHDRAWN: ("已撤销", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="check",
            from_states=frozenset({PackState.DRAFT}),
            to_state=PackState.CHECKED,
            permission=Permission.PACK_CHECK,
            zh="校验通过",
            en="Pass the checks",
            guard="worked_cases_agree",
            basis="社会救助法第十五条",
        ),
        Transition(
            verb="revise",
            from_states=frozenset({PackState.CHECKED}),
            to_state=PackState.DRAFT,
            permission=Permission.PACK_REVISE,
            zh="退回修改",
            en="Send back for revision",
            basis="社会救助法第十五条",
        ),
        Transition(
            verb="publish",
            from_states=frozenset({PackState.CHECKED}),
            to_state=PackState.PUBLISHED,
            permission=Permission.PACK_PUBLISH,
            zh="发布",
            en="Publish",
            guard="every_rule_cites_its_basis",
            notice="programme_published",
            basis="社会救助法第十五条；政府信息公开条例第二十一条",
        ),
        Transition(
            verb="supersede",
            from_states=frozenset({PackState.PUBLISHED}),
            to_state=PackState.SUPERSEDED,
            permission=Permission.PACK_SUPERSEDE,
            zh="以新版本替代",
            en="Replace by a later version",
            guard="later_version_is_published",
            basis="社会救助法第十五条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset({PackState.DRAFT, PackState.CHECKED}),
            to_state=PackState.WITHDRAWN,
            permission=Permission.PACK_WITHDRAW,
            zh="撤销草案",
            en="Withdraw the draft",
            basis="社会救助法第十五条",
        ),
    ),
)

STANDARDS = TransitionTable(
    states=StandardState,
    initial=StandardState.PROPOSED,
    names={
        StandardState.PROPOSED: ("拟定", "Proposed"),
        StandardState.CONSULTED: ("已征求意见", "Consulted"),
        StandardState.APPROVED: ("已批准", "Approved"),
        StandardState.PUBLISHED: ("已公布", "Published"),
        StandardState.REPLACED: ("已调整", "Replaced"),
        StandardState.DROPPED: ("未通过", "Dropped"),
    },
    transitions=(
        Transition(
            verb="consult",
            from_states=frozenset({StandardState.PROPOSED}),
            to_state=StandardState.CONSULTED,
            permission=Permission.STANDARD_CONSULT,
            zh="征求意见",
            en="Consult",
            basis="民发〔2024〕16号",
        ),
        Transition(
            verb="approve",
            from_states=frozenset({StandardState.CONSULTED}),
            to_state=StandardState.APPROVED,
            permission=Permission.STANDARD_APPROVE,
            zh="批准",
            en="Approve",
            guard="not_below_the_provincial_floor",
            basis="社会救助法第十七条、第十九条",
        ),
        Transition(
            verb="drop",
            from_states=frozenset({StandardState.PROPOSED, StandardState.CONSULTED}),
            to_state=StandardState.DROPPED,
            permission=Permission.STANDARD_DROP,
            zh="不予通过",
            en="Drop",
            basis="社会救助法第十七条、第十九条",
        ),
        Transition(
            verb="publish",
            from_states=frozenset({StandardState.APPROVED}),
            to_state=StandardState.PUBLISHED,
            permission=Permission.STANDARD_PUBLISH,
            zh="公布",
            en="Publish",
            guard="document_number_is_given",
            deadline="open_government_wd",
            notice="standard_published",
            basis="社会救助法第十七条、第十九条；政府信息公开条例第二十六条",
        ),
        Transition(
            verb="replace",
            from_states=frozenset({StandardState.PUBLISHED}),
            to_state=StandardState.REPLACED,
            permission=Permission.STANDARD_REPLACE,
            zh="以新标准替代",
            en="Replace by a new standard",
            guard="periods_do_not_overlap",
            basis="鲁民〔2022〕56号",
        ),
    ),
)
