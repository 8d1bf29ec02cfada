"""A fact: first its variable is chosen, then its value is entered in the form that suits the variable."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiuzhu.channels.kit.forms import DateInput, Form
from jiuzhu.channels.kit.wording import said, topic_name
from jiuzhu.channels.workbench.registry.forms.acts import day
from jiuzhu.core.actors import Actor
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.states import SOURCE_NAMES, SourceKind, SubjectKind

_SHORT = {"class": "input-short"}


def variable_choices(subject: SubjectKind) -> list[tuple[str, Any]]:
    """The variables of persons or of households, under the headings of their classes."""
    by_topic: dict[str, list[tuple[str, str]]] = {}
    for one in registry.public_variables().values():
        if one.subject is subject:
            by_topic.setdefault(one.personal_data, []).append((one.key, said(one.zh, one.en)))
    return [(topic_name(topic), rows) for topic, rows in by_topic.items()]


class VariableForm(Form):
    """What is to be recorded."""

    variable = forms.ChoiceField(label=_("登记什么"))

    def __init__(self, *args: Any, subject: SubjectKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["variable"] = forms.ChoiceField(
            label=_("登记什么"), choices=[("", gettext("请选择")), *variable_choices(subject)]
        )


class FactForm(Form):
    """The value of one variable, with source and period."""

    value = forms.CharField(label=_("值"))
    source = forms.ChoiceField(label=_("来源"))
    office = forms.CharField(label=_("来源单位或调查人"), required=False, max_length=64)
    evidence = forms.CharField(
        label=_("依据"), required=False, max_length=200, help_text=_("文件、凭证、调查记录的名称或编号")
    )
    valid_from = day(_("从哪天起是这样"))
    valid_to = day(_("到哪天为止"), required=False, help_text=_("仍是这样的不填；填了的，到这一天不再算"))

    def __init__(self, *args: Any, variable: registry.Variable, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.variable = variable
        self.fields["value"] = _value_field(variable)
        sources = [
            (kind.value, said(*names))
            for kind, names in SOURCE_NAMES.items()
            if kind is not SourceKind.VERIFIED or actor.may(Permission.FACT_VERIFY)
        ]
        self.fields["source"] = forms.ChoiceField(label=_("来源"), choices=sources)

    def fact(self, *, person_id: int | None = None, household_id: int | None = None) -> actions.NewFact:
        """What the room takes; only after `is_valid`."""
        entered = self.cleaned_data
        return actions.NewFact(
            variable=self.variable.key,
            value=_stored(self.variable, entered["value"]),
            valid_from=entered["valid_from"],
            valid_to=entered["valid_to"],
            source=SourceKind(entered["source"]),
            person_id=person_id,
            household_id=household_id,
            office=entered["office"],
            evidence=entered["evidence"],
        )


def _value_field(variable: registry.Variable) -> forms.Field:
    label = said(variable.zh, variable.en)
    unit = said(variable.unit, variable.unit_en)
    kind = variable.type.value
    if kind == "bool":
        choices = [("yes", gettext("是")), ("no", gettext("否"))]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    if kind == "code":
        rows = [(code, said(*names)) for code, names in variable.codes.items()]
        return forms.ChoiceField(label=label, choices=[("", gettext("请选择")), *rows])
    if kind == "date":
        return forms.DateField(label=label, widget=DateInput(_SHORT))
    if kind == "fen":
        yuan = {"分/月": gettext("元/月"), "分/年": gettext("元/年")}.get(variable.unit, gettext("元"))
        return forms.DecimalField(
            label=gettext("%(label)s（%(unit)s）") % {"label": label, "unit": yuan},
            min_value=Decimal(variable.smallest).scaleb(-variable.places),
            max_value=Decimal(variable.largest).scaleb(-variable.places),
            decimal_places=variable.places,
            widget=forms.TextInput({"inputmode": "decimal", **_SHORT}),
        )
    with_unit = gettext("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label
    if kind == "decimal":
        return forms.DecimalField(
            label=with_unit,
            min_value=Decimal(variable.smallest).scaleb(-variable.places),
            max_value=Decimal(variable.largest).scaleb(-variable.places),
            decimal_places=variable.places,
            widget=forms.TextInput({"inputmode": "decimal", **_SHORT}),
        )
    if kind == "int":
        return forms.IntegerField(
            label=with_unit,
            min_value=variable.smallest,
            max_value=variable.largest,
            widget=forms.TextInput({"inputmode": "numeric", **_SHORT}),
        )
    return forms.CharField(label=label, max_length=variable.largest)


def _stored(variable: registry.Variable, entered: Any) -> object:
    kind = variable.type.value
    if kind == "bool":
        return entered == "yes"
    if kind in ("fen", "decimal"):
        return int(Decimal(entered).scaleb(variable.places))
    return entered
