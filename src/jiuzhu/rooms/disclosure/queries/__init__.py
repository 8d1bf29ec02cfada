"""All reads of the room. Functions named `public_*` need no actor: what is posted everyone may read."""

from jiuzhu.rooms.disclosure.queries.boards import PostedNotice, PostedPage, public_board, public_notice
from jiuzhu.rooms.disclosure.queries.notices import NoticePage, NoticeView, notice, notices
from jiuzhu.rooms.disclosure.queries.objections import (
    Answer,
    ObjectionDetail,
    ObjectionPage,
    ObjectionView,
    objection,
    objections,
    public_answer,
)
from jiuzhu.rooms.disclosure.queries.postings import Posting
from jiuzhu.rooms.disclosure.rules import Shown

__all__ = [
    "Answer",
    "NoticePage",
    "NoticeView",
    "ObjectionDetail",
    "ObjectionPage",
    "ObjectionView",
    "PostedNotice",
    "PostedPage",
    "Posting",
    "Shown",
    "notice",
    "notices",
    "objection",
    "objections",
    "public_answer",
    "public_board",
    "public_notice",
]
