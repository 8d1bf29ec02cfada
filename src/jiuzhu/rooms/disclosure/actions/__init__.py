"""All writes of the room."""

from jiuzhu.rooms.disclosure.actions.notices import (
    check_notice,
    expire_notice,
    expire_notices,
    interrupt_notice,
    post_notice,
    prepare_notice,
    resume_notice,
    withdraw_notice,
)
from jiuzhu.rooms.disclosure.actions.objections import (
    answer_objection,
    check_objection,
    close_objection,
    dismiss_objection,
    submit_objection,
    sustain_objection,
)

__all__ = [
    "answer_objection",
    "check_notice",
    "check_objection",
    "close_objection",
    "dismiss_objection",
    "expire_notice",
    "expire_notices",
    "interrupt_notice",
    "post_notice",
    "prepare_notice",
    "resume_notice",
    "submit_objection",
    "sustain_objection",
    "withdraw_notice",
]
