"""States and steps of the room determination (审核确认).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.determination.permissions import Permission


class DeterminationState(StrEnum):
    """Life of one determination for one programme. The machine evaluates, a named officer decides; an end of the
    procedure without co-operation is not a finding of “not eligible”.
    """

    OPENED = "opened"
    EVALUATED = "evaluated"
    FIRST_OPINION = "first_opinion"
    ON_PUBLIC_NOTICE = "on_public_notice"
    OBJECTED = "objected"
    NOTICE_OVER = "notice_over"
    APPROVED = "approved"
    REFUSED = "refused"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"


class BenefitState(StrEnum):
    """Life of a running benefit. Nothing is reduced or ended before the recipient was heard and told in writing."""

    RUNNING = "running"
    UNDER_REVIEW = "under_review"
    CHANGE_PROPOSED = "change_proposed"
    HEARD = "heard"
    END_ON_NOTICE = "end_on_notice"
    GRADUAL_EXIT = "gradual_exit"
    ENDED = "ended"


class RemedyState(StrEnum):
    """Life of a reconsideration or a lawsuit against a decision."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UPHELD = "upheld"
    CHANGED = "changed"
    REVOKED = "revoked"
    ORDERED = "ordered"
    WITHDRAWN = "withdrawn"


DETERMINATIONS = TransitionTable(
    states=DeterminationState,
    initial=DeterminationState.OPENED,
    names={
        DeterminationState.OPENED: ("待审核", "Opened"),
        DeterminationState.EVALUATED: ("已测算", "Evaluated"),
        DeterminationState.FIRST_OPINION: ("已提出初审意见", "First opinion given"),
        DeterminationState.ON_PUBLIC_NOTICE: ("公示中", "On public notice"),
        DeterminationState.OBJECTED: ("公示有异议", "Objected to"),
        DeterminationState.NOTICE_OVER: ("公示期满", "Public notice over"),
        DeterminationState.APPROVED: ("确认同意", "Approved"),
        DeterminationState.REFUSED: ("不予确认", "Refused"),
        DeterminationState.TERMINATED: ("终止审核", "Procedure terminated"),
        DeterminationState.WITHDRAWN: ("已撤回申请", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="evaluate",
            from_states=frozenset({DeterminationState.OPENED, DeterminationState.EVALUATED}),
            to_state=DeterminationState.EVALUATED,
            permission=Permission.DETERMINATION_EVALUATE,
            zh="测算",
            en="Evaluate",
            guard="pack_is_in_force",
            basis="个人信息保护法第二十四条",
        ),
        Transition(
            verb="give_opinion",
            from_states=frozenset({DeterminationState.EVALUATED}),
            to_state=DeterminationState.FIRST_OPINION,
            permission=Permission.DETERMINATION_GIVE_OPINION,
            zh="提出初审意见",
            en="Give the first opinion",
            guard="nothing_decisive_is_unknown",
            deadline="first_opinion_wd",
            basis="社会救助法第四十三条",
        ),
        Transition(
            verb="post",
            from_states=frozenset({DeterminationState.FIRST_OPINION}),
            to_state=DeterminationState.ON_PUBLIC_NOTICE,
            permission=Permission.DETERMINATION_POST,
            zh="公示",
            en="Post publicly",
            guard="programme_is_published",
            deadline="public_notice_nd",
            notice="public_notice",
            basis="民发〔2021〕57号",
        ),
        Transition(
            verb="object",
            from_states=frozenset({DeterminationState.ON_PUBLIC_NOTICE}),
            to_state=DeterminationState.OBJECTED,
            permission=Permission.DETERMINATION_OBJECT,
            zh="登记公示异议",
            en="Record an objection",
            deadline="reinvestigation_wd",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="reinvestigate",
            from_states=frozenset({DeterminationState.OBJECTED}),
            to_state=DeterminationState.OPENED,
            permission=Permission.DETERMINATION_REINVESTIGATE,
            zh="重新调查",
            en="Investigate again",
            basis="《关于改革完善社会救助制度的意见》（2020年）",
        ),
        Transition(
            verb="dismiss_objection",
            from_states=frozenset({DeterminationState.OBJECTED}),
            to_state=DeterminationState.ON_PUBLIC_NOTICE,
            permission=Permission.DETERMINATION_DISMISS_OBJECTION,
            zh="异议不成立",
            en="Dismiss the objection",
            guard="objection_is_answered",
            basis="民发〔2021〕57号第三十七条",
        ),
        Transition(
            verb="end_notice",
            from_states=frozenset({DeterminationState.ON_PUBLIC_NOTICE}),
            to_state=DeterminationState.NOTICE_OVER,
            permission=Permission.DETERMINATION_END_NOTICE,
            zh="公示期满",
            en="End the public notice",
            guard="full_period_has_passed",
            deadline="decision_wd",
            basis="民发〔2021〕57号",
        ),
        Transition(
            verb="send_back",
            from_states=frozenset({DeterminationState.FIRST_OPINION, DeterminationState.NOTICE_OVER}),
            to_state=DeterminationState.OPENED,
            permission=Permission.DETERMINATION_SEND_BACK,
            zh="退回补充调查",
            en="Send back for further investigation",
            guard="reason_is_given",
            basis="民发〔2021〕57号第二十条",
        ),
        Transition(
            verb="approve",
            from_states=frozenset({DeterminationState.NOTICE_OVER}),
            to_state=DeterminationState.APPROVED,
            permission=Permission.DETERMINATION_APPROVE,
            zh="确认",
            en="Approve",
            guard="decider_did_not_investigate_alone",
            notice="approval",
            basis="社会救助法第四十四条、第四十五条；民发〔2021〕57号第二十条、第二十一条",
        ),
        Transition(
            verb="approve_without_notice",
            from_states=frozenset({DeterminationState.FIRST_OPINION}),
            to_state=DeterminationState.APPROVED,
            permission=Permission.DETERMINATION_APPROVE_WITHOUT_NOTICE,
            zh="确认（依规不公示）",
            en="Approve (exempt from public notice)",
            guard="programme_is_exempt_from_notice",
            notice="approval",
            basis="社会救助法第五十条；民发〔2019〕62号",
        ),
        Transition(
            verb="refuse",
            from_states=frozenset({DeterminationState.FIRST_OPINION, DeterminationState.NOTICE_OVER}),
            to_state=DeterminationState.REFUSED,
            permission=Permission.DETERMINATION_REFUSE,
            zh="不予确认",
            en="Refuse",
            guard="reason_and_remedy_are_given",
            deadline="refusal_delivery_wd",
            notice="refusal",
            basis="社会救助法第四十五条、第七十六条；民发〔2021〕57号第二十一条",
        ),
        Transition(
            verb="terminate",
            from_states=frozenset(
                {
                    DeterminationState.OPENED,
                    DeterminationState.EVALUATED,
                    DeterminationState.FIRST_OPINION,
                    DeterminationState.OBJECTED,
                }
            ),
            to_state=DeterminationState.TERMINATED,
            permission=Permission.DETERMINATION_TERMINATE,
            zh="终止审核",
            en="Terminate the procedure",
            guard="refusal_to_cooperate_is_recorded",
            notice="procedure_terminated",
            basis="民发〔2021〕57号第二十九条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset(
                {
                    DeterminationState.OPENED,
                    DeterminationState.EVALUATED,
                    DeterminationState.FIRST_OPINION,
                    DeterminationState.ON_PUBLIC_NOTICE,
                    DeterminationState.OBJECTED,
                    DeterminationState.NOTICE_OVER,
                }
            ),
            to_state=DeterminationState.WITHDRAWN,
            permission=Permission.DETERMINATION_WITHDRAW,
            zh="撤回申请",
            en="Withdraw the application",
            basis="社会救助法第三十七条",
        ),
    ),
)

BENEFITS = TransitionTable(
    states=BenefitState,
    initial=BenefitState.RUNNING,
    names={
        BenefitState.RUNNING: ("享受中", "Running"),
        BenefitState.UNDER_REVIEW: ("复核中", "Under review"),
        BenefitState.CHANGE_PROPOSED: ("拟减发或停发", "Reduction or end proposed"),
        BenefitState.HEARD: ("已听取意见", "Recipient heard"),
        BenefitState.END_ON_NOTICE: ("终止公示中", "End on public notice"),
        BenefitState.GRADUAL_EXIT: ("渐退期", "Gradual exit"),
        BenefitState.ENDED: ("已终止", "Ended"),
    },
    transitions=(
        Transition(
            verb="review",
            from_states=frozenset({BenefitState.RUNNING, BenefitState.GRADUAL_EXIT}),
            to_state=BenefitState.UNDER_REVIEW,
            permission=Permission.BENEFIT_REVIEW,
            zh="启动复核",
            en="Start a review",
            deadline="review_wd",
            basis="社会救助法第四十六条、第四十七条；民发〔2021〕57号第三十一条",
        ),
        Transition(
            verb="keep",
            from_states=frozenset({BenefitState.UNDER_REVIEW}),
            to_state=BenefitState.RUNNING,
            permission=Permission.BENEFIT_KEEP,
            zh="维持",
            en="Keep",
            basis="社会救助法第四十七条",
        ),
        Transition(
            verb="increase",
            from_states=frozenset({BenefitState.UNDER_REVIEW}),
            to_state=BenefitState.RUNNING,
            permission=Permission.BENEFIT_INCREASE,
            zh="增发",
            en="Increase",
            notice="benefit_increased",
            basis="社会救助法第四十七条",
        ),
        Transition(
            verb="propose_change",
            from_states=frozenset({BenefitState.RUNNING, BenefitState.UNDER_REVIEW, BenefitState.GRADUAL_EXIT}),
            to_state=BenefitState.CHANGE_PROPOSED,
            permission=Permission.BENEFIT_PROPOSE_CHANGE,
            zh="拟减发或停发",
            en="Propose to reduce or end",
            guard="reason_is_given",
            deadline="hearing_wd",
            notice="hearing_invitation",
            basis="社会救助法第四十八条",
        ),
        Transition(
            verb="hear",
            from_states=frozenset({BenefitState.CHANGE_PROPOSED}),
            to_state=BenefitState.HEARD,
            permission=Permission.BENEFIT_HEAR,
            zh="听取意见",
            en="Hear the recipient",
            guard="statement_is_recorded",
            basis="社会救助法第四十八条",
        ),
        Transition(
            verb="drop_change",
            from_states=frozenset({BenefitState.CHANGE_PROPOSED, BenefitState.HEARD}),
            to_state=BenefitState.RUNNING,
            permission=Permission.BENEFIT_DROP_CHANGE,
            zh="不作变更",
            en="Drop the proposal",
            basis="社会救助法第四十八条",
        ),
        Transition(
            verb="reduce",
            from_states=frozenset({BenefitState.HEARD}),
            to_state=BenefitState.RUNNING,
            permission=Permission.BENEFIT_REDUCE,
            zh="减发",
            en="Reduce",
            guard="recipient_was_heard",
            notice="benefit_reduced",
            basis="社会救助法第四十八条；民发〔2021〕57号第三十四条",
        ),
        Transition(
            verb="enter_gradual_exit",
            from_states=frozenset({BenefitState.HEARD}),
            to_state=BenefitState.GRADUAL_EXIT,
            permission=Permission.BENEFIT_ENTER_GRADUAL_EXIT,
            zh="进入渐退期",
            en="Enter the gradual exit",
            guard="household_rose_above_by_work",
            deadline="gradual_exit_months",
            notice="gradual_exit",
            basis="民发〔2022〕83号",
        ),
        Transition(
            verb="post_end",
            from_states=frozenset({BenefitState.HEARD}),
            to_state=BenefitState.END_ON_NOTICE,
            permission=Permission.BENEFIT_POST_END,
            zh="公示终止",
            en="Post the end publicly",
            guard="programme_posts_its_end",
            deadline="public_notice_nd",
            basis="民发〔2021〕43号第二十四条",
        ),
        Transition(
            verb="end",
            from_states=frozenset({BenefitState.HEARD, BenefitState.END_ON_NOTICE}),
            to_state=BenefitState.ENDED,
            permission=Permission.BENEFIT_END,
            zh="终止",
            en="End",
            guard="recipient_was_heard",
            notice="benefit_ended",
            basis="社会救助法第四十八条；民发〔2021〕43号第二十四条",
        ),
        Transition(
            verb="give_up",
            from_states=frozenset(
                {
                    BenefitState.RUNNING,
                    BenefitState.UNDER_REVIEW,
                    BenefitState.CHANGE_PROPOSED,
                    BenefitState.HEARD,
                    BenefitState.GRADUAL_EXIT,
                }
            ),
            to_state=BenefitState.ENDED,
            permission=Permission.BENEFIT_GIVE_UP,
            zh="自愿放弃",
            en="Give up",
            guard="statement_is_recorded",
            basis="民发〔2021〕43号第二十四条",
        ),
        Transition(
            verb="end_on_death",
            from_states=frozenset(
                {
                    BenefitState.RUNNING,
                    BenefitState.UNDER_REVIEW,
                    BenefitState.CHANGE_PROPOSED,
                    BenefitState.HEARD,
                    BenefitState.END_ON_NOTICE,
                    BenefitState.GRADUAL_EXIT,
                }
            ),
            to_state=BenefitState.ENDED,
            permission=Permission.BENEFIT_END_ON_DEATH,
            zh="因死亡终止",
            en="End on death",
            guard="nobody_else_shares_the_benefit",
            basis="民发〔2022〕83号；民发〔2021〕43号第二十四条",
        ),
    ),
)

REMEDIES = TransitionTable(
    states=RemedyState,
    initial=RemedyState.RECEIVED,
    names={
        RemedyState.RECEIVED: ("已收到", "Received"),
        RemedyState.ACCEPTED: ("已受理", "Accepted"),
        RemedyState.REJECTED: ("不予受理", "Not accepted"),
        RemedyState.UPHELD: ("维持", "Decision upheld"),
        RemedyState.CHANGED: ("变更", "Decision changed"),
        RemedyState.REVOKED: ("撤销", "Decision revoked"),
        RemedyState.ORDERED: ("责令履行", "Performance ordered"),
        RemedyState.WITHDRAWN: ("已撤回", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="accept",
            from_states=frozenset({RemedyState.RECEIVED}),
            to_state=RemedyState.ACCEPTED,
            permission=Permission.REMEDY_ACCEPT,
            zh="受理",
            en="Accept",
            deadline="reconsideration_nd",
            basis="行政复议法第三十条、第六十二条；社会救助法第七十六条",
        ),
        Transition(
            verb="reject",
            from_states=frozenset({RemedyState.RECEIVED}),
            to_state=RemedyState.REJECTED,
            permission=Permission.REMEDY_REJECT,
            zh="不予受理",
            en="Do not accept",
            guard="reason_is_given",
            basis="行政复议法第三十条",
        ),
        Transition(
            verb="uphold",
            from_states=frozenset({RemedyState.ACCEPTED}),
            to_state=RemedyState.UPHELD,
            permission=Permission.REMEDY_UPHOLD,
            zh="登记维持",
            en="Record: upheld",
            basis="社会救助法第七十六条",
        ),
        Transition(
            verb="change",
            from_states=frozenset({RemedyState.ACCEPTED}),
            to_state=RemedyState.CHANGED,
            permission=Permission.REMEDY_CHANGE,
            zh="登记变更",
            en="Record: changed",
            deadline="remedy_execution_wd",
            basis="社会救助法第七十六条",
        ),
        Transition(
            verb="revoke",
            from_states=frozenset({RemedyState.ACCEPTED}),
            to_state=RemedyState.REVOKED,
            permission=Permission.REMEDY_REVOKE,
            zh="登记撤销",
            en="Record: revoked",
            deadline="remedy_execution_wd",
            basis="社会救助法第七十六条",
        ),
        Transition(
            verb="order",
            from_states=frozenset({RemedyState.ACCEPTED}),
            to_state=RemedyState.ORDERED,
            permission=Permission.REMEDY_ORDER,
            zh="登记责令履行",
            en="Record: performance ordered",
            deadline="remedy_execution_wd",
            basis="行政复议法第二十三条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset({RemedyState.RECEIVED, RemedyState.ACCEPTED}),
            to_state=RemedyState.WITHDRAWN,
            permission=Permission.REMEDY_WITHDRAW,
            zh="登记撤回",
            en="Record: withdrawn",
            basis="社会救助法第七十六条",
        ),
    ),
)
