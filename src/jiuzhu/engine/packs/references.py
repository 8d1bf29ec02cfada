"""What the files of a programme refer to: variables, parameters, instruments. A wrong name gets the nearest one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.documents import Node, Scalar
from jiuzhu.engine.kinds import Base, Unit
from jiuzhu.engine.packs.citations import read_basis
from jiuzhu.engine.packs.fields import Fields
from jiuzhu.engine.packs.model import Parameter, Variable
from jiuzhu.engine.packs.pieces import Formula
from jiuzhu.engine.packs.programmes import Key, Term, TermUnit
from jiuzhu.engine.packs.variables import parsed
from jiuzhu.engine.problems import Problems, nearest

_MOST_NUMBER = 1200
_SINCE = date(1949, 10, 1)


@dataclass(frozen=True, slots=True)
class References:
    """Everything that was read before the programmes' own files, and where problems go."""

    instruments: dict[str, Citation]
    variables: Mapping[Key, Variable]
    parameters: Mapping[str, Parameter]
    problems: Problems

    def basis(self, fields: Fields) -> tuple[tuple[Citation, ...], bool]:
        """`basis`, which must be there unless `demo: true` marks a demonstration."""
        demo = fields.truth("demo")
        return read_basis(fields, self.instruments, needed=not demo), demo

    def variable(self, node: Node, entity: str) -> Variable | None:
        """The variable that a node names: `entity.name`, or a name of the given entity."""
        text = node.text.strip() if isinstance(node, Scalar) else ""
        owner, dot, name = text.rpartition(".")
        found = self.variables.get((owner if dot else entity, name))
        if found is None:
            known = [variable.full_name for variable in self.variables.values()]
            self.problems.add(
                node.place,
                "programme.variable",
                f"没有变量“{text}”。",
                f"there is no variable {text!r}.",
                advice=nearest(text if dot else f"{entity}.{text}", known),
            )
        return found

    def parameter(self, node: Scalar, units: tuple[Unit, ...]) -> str:
        """The name of a parameter that holds a whole number in one of some units."""
        found = self.parameters.get(node.text)
        if found is None:
            self.problems.add(
                node.place,
                "programme.parameter",
                f"“{node.text}”不是数字，也不是参数。",
                f"{node.text!r} is neither a number nor a parameter.",
                advice=nearest(node.text, self.parameters),
            )
            return ""
        if found.kind.base is not Base.NUMBER or found.kind.unit not in units or found.kind.places:
            self.problems.add(
                node.place,
                "programme.parameter_type",
                f"参数“{node.text}”的类型不能作为这里的期限。",
                f"parameter {node.text!r} is of a type that is no length of time here.",
                advice=("天数用 days，月数用 months，小时用 count。", "Use days, months, or count for hours."),
            )
        return found.name

    def number(self, fields: Fields, key: str, units: tuple[Unit, ...]) -> tuple[int | None, str]:
        """A whole number from 1, or the name of a parameter."""
        node = fields.node(key)
        if not isinstance(node, Scalar):
            fields.text(key)
            return None, ""
        if not node.text.isascii() or not node.text.isdigit():
            return None, self.parameter(node, units)
        number = int(node.text[:9])
        if not 1 <= number <= _MOST_NUMBER:
            fields.wrong(node, f" 1 至 {_MOST_NUMBER} 的整数", f"a whole number from 1 to {_MOST_NUMBER}")
        return number, ""

    def term(self, fields: Fields, events: tuple[str, ...], after: str | None = None) -> Term:
        """`limit`, `unit` and `after`: how long, counted from what."""
        unit = TermUnit(fields.choice("unit", tuple(TermUnit)) or TermUnit.NATURAL_DAYS)
        units = (Unit.MONTHS, Unit.NONE) if unit is TermUnit.MONTHS else (Unit.DAYS, Unit.NONE)
        number, parameter = self.number(fields, "limit", units)
        return Term(number, parameter, unit, fields.choice("after", events, after), fields.place)

    def condition(self, fields: Fields, key: str, basis: tuple[Citation, ...]) -> Formula | None:
        """A formula that says when; it is typed when the programme is checked."""
        node = fields.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar) or not node.text.strip():
            fields.wrong(node, "公式", "a formula")
            return None
        return parsed(node, "", Period(_SINCE), basis, self.problems)
