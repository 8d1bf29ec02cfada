"""All reads of the room, each in its actor's scope; they return frozen values.

The form is derived by pure rules; they are handed on here, for rooms are entered by few doors.
"""

from jiuzhu.rooms.application.queries.applications import (
    AnswerView,
    ApplicationDetail,
    ApplicationPage,
    ApplicationView,
    CaseDates,
    MaterialView,
    MemberView,
    NeedView,
    NoticeView,
    Receipt,
    RequestView,
    SignatureView,
    application,
    applications,
    receipt,
)
from jiuzhu.rooms.application.queries.leads import LeadDetail, LeadPage, LeadView, lead, leads
from jiuzhu.rooms.application.queries.overlapping import open_elsewhere
from jiuzhu.rooms.application.rules.form.answers import (
    Checked,
    FieldProblem,
    Given,
    Reading,
    askable,
    check_answers,
    missing_items,
    plain_of,
    read_answers,
    with_answers,
)
from jiuzhu.rooms.application.rules.form.deriving import Person, derive_form, needed_papers
from jiuzhu.rooms.application.rules.form.questions import (
    AnswerKey,
    Form,
    Option,
    Paper,
    Prefilled,
    Question,
    Section,
    Wanted,
    field_of,
)
from jiuzhu.rooms.application.rules.form.screening import (
    Chance,
    Prospect,
    anonymous_case,
    screen_anonymously,
    screening_form,
)
from jiuzhu.rooms.application.rules.guards import Item, ItemKind
from jiuzhu.rooms.application.rules.overlaps import Overlap
from jiuzhu.rooms.application.rules.signing import Words, words_of
from jiuzhu.rooms.application.rules.terms import LegalDate

__all__ = [
    "AnswerKey",
    "AnswerView",
    "ApplicationDetail",
    "ApplicationPage",
    "ApplicationView",
    "CaseDates",
    "Chance",
    "Checked",
    "FieldProblem",
    "Form",
    "Given",
    "Item",
    "ItemKind",
    "LeadDetail",
    "LeadPage",
    "LeadView",
    "LegalDate",
    "MaterialView",
    "MemberView",
    "NeedView",
    "NoticeView",
    "Option",
    "Overlap",
    "Paper",
    "Person",
    "Prefilled",
    "Prospect",
    "Question",
    "Reading",
    "Receipt",
    "RequestView",
    "Section",
    "SignatureView",
    "Wanted",
    "Words",
    "anonymous_case",
    "application",
    "applications",
    "askable",
    "check_answers",
    "derive_form",
    "field_of",
    "lead",
    "leads",
    "missing_items",
    "needed_papers",
    "open_elsewhere",
    "plain_of",
    "read_answers",
    "receipt",
    "screen_anonymously",
    "screening_form",
    "with_answers",
    "words_of",
]
