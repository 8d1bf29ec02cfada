"""A program as one SELECT that people can read: for databases, and for runs over what has changed.

Households and their members take turns, each in CTEs of its own, and every CTE holds only figures that need nothing
else of it. No NULL is left but in facts, where `coalesce` puts the bound; so none of the traps of SQL's own three
values is met. Members that are not there are told by the count, not by a value. All numbers are BIGINT.
"""

from collections.abc import Iterable, Sequence

from jiuzhu.engine.backends.dialects import DUCKDB, Dialect
from jiuzhu.engine.backends.phases import aggregates_of, turns
from jiuzhu.engine.kinds import Base, encode_day
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.areas import DIGITS, Areas
from jiuzhu.engine.population.planning import Plan
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.bounds import figure
from jiuzhu.engine.program.compiling import DIVISION, Cell, Program
from jiuzhu.engine.program.nodes import Key, Node, Op
from jiuzhu.engine.program.shapes import Shapes, results_of
from jiuzhu.engine.program.sharing import shared
from jiuzhu.engine.program.specialising import pruned

# columns of the tables: the household's number, its division, and the place of a row in the population
HOUSEHOLD, AREA, ROW = "#household", "#division", "#row"
_SIGNS = {
    Op.ADD: "+",
    Op.SUBTRACT: "-",
    Op.MULTIPLY: "*",
    Op.LESS: "<",
    Op.AT_MOST: "<=",
    Op.EQUAL: "=",
    Op.AND: "AND",
    Op.OR: "OR",
}
_ENDS = {"<": "#low", ">": "#high", "/": "#divisor"}


def emit(plan: Plan, entity: str = ROOT, dialect: Dialect = DUCKDB) -> str:
    """The statement that works out what a plan asks of an entity.

    It reads a table for each entity, named like it, with a column for each fact, `#household` and `#row`, and for
    households `#division`. It returns `#row` and a column for each cell: `column_of` says how it is called.
    """
    return statement(plan, entity, dialect).text(entity, plan.outputs_of(entity))


def statement(plan: Plan, entity: str, dialect: Dialect) -> "Statement":
    """What writes the statement; for databases in which parts of it are staged."""
    program = pruned(plan.program, [figure(key) for key in plan.outputs_of(entity)])
    return Statement(shared(program, repeated=_written_twice), plan.areas, dialect)


def column_of(key: Key) -> str:
    """The column of a cell: its variable's name, with `#low`, `#high` or `#divisor`."""
    name = figure(key)[1]
    return name + "".join(_ENDS[end] for end in key[1][len(name) :])


def _written_twice(node: Node) -> Iterable[Node]:
    """A number that may be negative is rounded by two formulas; a divisor is needed whole and by half."""
    if node.op is not Op.ROUND:
        return ()
    number, divisor = node.parts
    return (number, divisor) if number.lowest < 0 else (divisor,)


class Statement:
    """The CTEs of a statement, from the first turn to the last."""

    def __init__(self, program: Program, areas: Areas, dialect: Dialect) -> None:
        self.program, self.areas, self.dialect = program, areas, dialect
        self.turns = turns(program)
        self.shapes = Shapes(program)
        self.cells = {cell.key: cell for cell in program.cells}
        self.ctes: list[tuple[str, str]] = []
        self.uses: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.sources = {entity: self.name(entity) for entity in program.entities}
        self.totals: dict[bytes, str] = {}
        self.carried: dict[str, set[str]] = {}

    def name(self, column: str) -> str:
        return self.dialect.name_of(column)

    def text(self, entity: str, outputs: Sequence[Key]) -> str:
        """The whole statement."""
        select = self.written(entity, outputs)
        ctes = ",\n".join(
            f"{name} AS {self.dialect.materialized if self.uses.get(name, 0) > 1 else ''}(\n{text}\n)"
            for name, text in self.ctes
        )
        return f"{f'WITH {ctes}' if ctes else ''}\n{select}".lstrip()

    def written(self, entity: str, outputs: Sequence[Key]) -> str:
        """The last SELECT, after `ctes` were written; where tables are staged, each of them is one."""
        self.parameters()
        for turn in range(max(self.turns.values(), default=0) + 1):
            self.grouped(turn)
            self.layers(ROOT, turn)
            for members in self.program.entities:
                if members != ROOT:
                    self.joined(members, turn)
                    self.layers(members, turn)
        columns = [ROW, *(column_of(key) for key in outputs)]
        source = self.read(self.sources[entity])
        listed = ",\n  ".join(map(self.name, columns))
        return f"SELECT\n  {listed}\nFROM {source}\n"

    def read(self, source: str) -> str:
        self.uses[source] = self.uses.get(source, 0) + 1
        return source

    def add(self, entity: str, columns: Iterable[str], source: str, more: str = "") -> None:
        """A further CTE with everything of a source, and further columns."""
        self.numbers[entity] = self.numbers.get(entity, 0) + 1
        name = self.name(f"{entity} {self.numbers[entity]}")
        listed = "".join(f",\n    {column}" for column in columns)
        self.ctes.append((name, f"  SELECT {source}.*{listed}\n  FROM {source}{more}"))  # noqa: S608
        self.sources[entity] = name

    # turns

    def parameters(self) -> None:
        """Parameters that differ between divisions, as columns of the household."""
        used = {name for cell in self.program.cells if cell.node for name in nodes.parameters_of(cell.node)}
        if used:
            columns = [f"{self.parameter(name)} AS {self.name(f'p#{name}')}" for name in sorted(used)]
            self.add(ROOT, columns, self.read(self.sources[ROOT]))

    def parameter(self, name: str) -> str:
        kind = "BOOLEAN" if self.program.parameters[name].kind.base is Base.TRUTH else "BIGINT"
        first, last = (int(self.program.root.ljust(DIGITS, end)) for end in "09")
        starts, values = self.areas.starts.tolist(), self.areas.values[name]
        steps: list[tuple[int, str]] = []  # up to which division, and the value
        for start, end, value in zip(starts, [*starts[1:], 10**DIGITS], values, strict=True):
            if end <= first or start > last:
                continue
            shown = self.dialect.nothing(kind) if value is None else str(bool(value) if kind == "BOOLEAN" else value)
            if steps and steps[-1][1] == shown:
                steps.pop()
            steps.append((end, shown))
        branches = " ".join(f"WHEN {self.name(AREA)} < {end} THEN {shown}" for end, shown in steps[:-1])
        whole = f"CASE {branches} ELSE {steps[-1][1]} END" if branches else steps[-1][1]
        return whole if kind == "BOOLEAN" else self.dialect.whole(whole)

    def grouped(self, turn: int) -> None:
        """The aggregates of a turn: one GROUP BY for each entity, joined to the households."""
        found: dict[str, dict[bytes, Node]] = {}
        for cell in self.program.cells:
            if cell.key[0] == ROOT and self.turns[cell.key] == turn:
                for node in aggregates_of(cell):
                    if node.mark in self.totals:
                        continue
                    found.setdefault(str(node.value), {})[node.mark] = node
        joins, columns = "", []
        household, number = self.sources[ROOT], self.name(HOUSEHOLD)
        for entity, aggregates in found.items():
            writing = Writing(self, entity)
            totals = []
            name = self.name(f"{entity} of household {turn}")
            for mark, node in aggregates.items():
                column = self.totals[mark] = self.name(f"{entity}#{len(self.totals) + 1}")
                totals.append(f",\n    {writing.total(node)} AS {column}")
                columns.append(f"coalesce({name}.{column}, 0) AS {column}")
            source = self.read(self.sources[entity])
            text = f"  SELECT {number}{''.join(totals)}\n  FROM {source}\n  GROUP BY {number}"  # noqa: S608
            self.ctes.append((name, text))
            joins += f"\n  LEFT JOIN {name} ON {name}.{number} = {household}.{number}"
        if columns:
            self.add(ROOT, columns, self.read(household), joins)

    def joined(self, members: str, turn: int) -> None:
        """What members need of their household from this turn on."""
        needed: set[Key] = set()
        parameters: set[str] = set()
        for cell in self.program.cells:
            if cell.node is None:
                continue
            if cell.key[0] == members and self.turns[cell.key] == turn:
                roots = [cell.node]
            elif cell.key[0] == ROOT and self.turns[cell.key] == turn + 1:
                roots = [node.parts[0] for node in aggregates_of(cell) if node.value == members]
            else:
                continue
            for root in roots:
                needed |= {key for key in nodes.keys_of(root) if key[0] == ROOT}
                parameters |= nodes.parameters_of(root)
        columns = {self.of_household(key): self.column(key) for key in sorted(needed)}
        columns |= {self.name(f"p#{name}"): self.name(f"p#{name}") for name in sorted(parameters)}
        there = self.carried.setdefault(members, set())
        new = {name: column for name, column in columns.items() if name not in there}
        there.update(new)
        if new:
            source, household, number = (
                self.read(self.sources[members]),
                self.read(self.sources[ROOT]),
                self.name(HOUSEHOLD),
            )
            join = f"\n  JOIN {household} ON {household}.{number} = {source}.{number}"
            self.add(members, [f"{household}.{column} AS {name}" for name, column in new.items()], source, join)

    def layers(self, entity: str, turn: int) -> None:
        """The figures of an entity in a turn; those that need others of the same turn come in a later CTE."""
        depth: dict[Key, int] = {}
        writing = Writing(self, entity)
        layers: dict[int, list[str]] = {}
        for cell in self.program.cells:
            if cell.node is None or cell.key[0] != entity or self.turns[cell.key] != turn:
                continue
            below = [depth[key] for key in nodes.keys_of(cell.node) if key in depth]
            depth[cell.key] = 1 + max(below, default=0)
            text = writing.cell(cell)
            layers.setdefault(depth[cell.key], []).append(f"{text} AS {self.column(cell.key)}")
        for columns in layers.values():
            self.add(entity, columns, self.read(self.sources[entity]))

    def column(self, key: Key) -> str:
        return self.name(AREA if key == DIVISION else column_of(key))

    def of_household(self, key: Key) -> str:
        """The household's column as its members carry it."""
        return self.name(f"{ROOT} {AREA if key == DIVISION else column_of(key)}")


class Writing:
    """Writes the expressions of one entity: each as a truth or as a number, whichever is wanted."""

    def __init__(self, statement: Statement, entity: str) -> None:
        self.statement, self.entity = statement, entity
        self.dialect, self.program = statement.dialect, statement.program
        self.shapes = statement.shapes
        self.today = encode_day(self.program.on)

    def cell(self, cell: Cell) -> str:
        """The expression of a cell."""
        if cell.node is None:
            raise TypeError(f"{cell.key} is a fact")
        return self.truth(cell.node) if cell.kind.base is Base.TRUTH else self.whole(cell.node)

    def whole(self, node: Node) -> str:
        """A number that is BIGINT whatever it is made of."""
        text = self.number(node)
        return self.dialect.whole(text) if self.is_narrow(node) else text

    def is_narrow(self, node: Node) -> bool:
        """Whether it is made of fixed numbers only, which databases take for INTEGER."""
        if node.op is Op.LITERAL:
            return True
        return node.op in (Op.CASE, Op.GREATEST, Op.LEAST) and all(map(self.is_narrow, results_of(node)))

    def number(self, node: Node) -> str:
        """An expression that is a number."""
        if node.op is Op.LITERAL:
            return f"({node.lowest})" if node.lowest < 0 else str(node.lowest)
        if self.shapes.is_truth(node):
            return self.dialect.number_of_truth(self.truth(node))
        match node.op:
            case Op.CELL | Op.PARAMETER:
                return self.named(node)
            case Op.ROUND:
                return self.rounded(node)
            case Op.NEGATE:
                return f"(-{self.whole(node.parts[0])})"
            case Op.CASE:
                return self.case(node, [self.number(one) for one in results_of(node)])
            case Op.GREATEST | Op.LEAST:
                return f"{node.op}({', '.join(self.number(part) for part in node.parts)})"
            case Op.ASSUME:
                return f"coalesce({self.named(node.parts[0])}, {self.number(node.parts[1])})"
            case Op.COUNT_TRUE:
                return f"({' + '.join(self.dialect.number_of_truth(self.truth(part)) for part in node.parts)})"
            case Op.AGE | Op.MONTHS_SINCE:
                return self.elapsed(node)
            case Op.SUM:
                return self.summed(node)
        left, right = node.parts
        first = self.whole(left) if self.is_narrow(left) and self.is_narrow(right) else self.number(left)
        return f"({first} {_SIGNS[node.op]} {self.number(right)})"

    def truth(self, node: Node) -> str:
        """An expression that is a truth."""
        if node.op is Op.LITERAL:
            return "TRUE" if node.lowest else "FALSE"
        if not self.shapes.is_truth(node):
            return f"({self.number(node)} <> 0)"
        match node.op:
            case Op.CELL | Op.PARAMETER:
                return self.named(node)
            case Op.AND | Op.OR:
                return f"({f' {_SIGNS[node.op]} '.join(self.truth(part) for part in node.parts)})"
            case Op.GREATEST | Op.LEAST:
                word = " OR " if node.op is Op.GREATEST else " AND "
                return f"({word.join(self.truth(part) for part in node.parts)})"
            case Op.NOT:
                return f"(NOT {self.truth(node.parts[0])})"
            case Op.CASE:
                return self.case(node, [self.truth(one) for one in results_of(node)])
            case Op.ASSUME:
                return f"coalesce({self.named(node.parts[0])}, {self.truth(node.parts[1])})"
            case Op.ONE_OF:
                return f"({self.number(node.parts[0])} IN ({', '.join(map(str, nodes.options_of(node)))}))"
            case Op.ANY | Op.EVERY:
                return self.quantified(node)
        left, right = node.parts
        return f"({self.number(left)} {_SIGNS[node.op]} {self.number(right)})"

    def named(self, node: Node) -> str:
        if node.op is Op.PARAMETER:
            return self.statement.name(f"p#{node.value}")
        key = nodes.key_of(node)
        return self.statement.column(key) if key[0] == self.entity else self.statement.of_household(key)

    def case(self, node: Node, results: Sequence[str]) -> str:
        branches = zip(node.parts[:-1:2], results[:-1], strict=True)
        shown = " ".join(f"WHEN {self.truth(condition)} THEN {result}" for condition, result in branches)
        return f"CASE {shown} ELSE {results[-1]} END"

    def rounded(self, node: Node) -> str:
        """Half away from zero, with whole-number division of numbers that are not negative."""
        number, divisor = node.parts
        whole = self.whole(number)
        if divisor.op is Op.LITERAL:
            by, half = str(divisor.lowest), str(divisor.lowest // 2)
        else:
            by = self.number(divisor if divisor.lowest >= 1 else nodes.extreme(Op.GREATEST, (divisor, nodes.ONE)))
            half = f"({self.dialect.divide(by, '2')})"
        above = f"({self.dialect.divide(f'({whole} + {half})', by)})"
        if number.lowest >= 0:
            return above
        below = self.dialect.divide(f"({half} - {whole})", by)
        return f"CASE WHEN {whole} < 0 THEN -({below}) ELSE {above} END"

    def elapsed(self, node: Node) -> str:
        day = self.number(node.parts[0])
        if node.op is Op.MONTHS_SINCE:
            months = self.dialect.divide(day, "100")
            years = self.dialect.divide(day, "10000")
            now = self.today // 10000 * 12 + self.today // 100 % 100
            began = f"CASE WHEN {day} % 100 > {self.today % 100} THEN 1 ELSE 0 END"
            return f"({now} - ({years}) * 12 - ({months}) % 100 - {began})"
        since = f"({self.today} - {day})"
        if node.lowest >= 0:
            return f"({self.dialect.divide(since, '10000')})"
        # years are added and taken away again, so that no negative number is divided
        return f"({self.dialect.divide(f'({since} + 50000000)', '10000')} - 5000)"

    # aggregates: worked out over the members, read by the household

    def total(self, node: Node) -> str:
        """An aggregate as a column of a GROUP BY: a sum, or how many members there are of some sort."""
        part = node.parts[0]
        if self.shapes.entity(part) != node.value:
            return "count(*)"
        if node.op is Op.SUM and not self.shapes.is_truth(part):
            return self.dialect.whole(f"sum({self.number(part)})")
        condition = self.truth(part)
        return f"count(*) FILTER (WHERE {f'NOT {condition}' if node.op is Op.EVERY else condition})"

    def summed(self, node: Node) -> str:
        column, part = self.statement.totals[node.mark], node.parts[0]
        if self.shapes.entity(part) == node.value:
            return column
        return f"({column} * {self.number(part)})"

    def quantified(self, node: Node) -> str:
        column, part = self.statement.totals[node.mark], node.parts[0]
        if self.shapes.entity(part) == node.value:
            return f"({column} = 0)" if node.op is Op.EVERY else f"({column} > 0)"
        if node.op is Op.EVERY:
            return f"({column} = 0 OR {self.truth(part)})"
        return f"({column} > 0 AND {self.truth(part)})"
