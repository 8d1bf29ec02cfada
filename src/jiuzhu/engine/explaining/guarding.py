"""Which parts of an explanation an audience may not see: those that rest on a fact of a class hidden from it."""

from jiuzhu.engine.explaining.steps import Audience
from jiuzhu.engine.expressions.tree import Expression
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.program.nodes import Key


class Guard:
    """Follows personal data through formulas. What it finds follows from the program alone and is kept with it."""

    def __init__(self, intervals: Intervals, audience: Audience) -> None:
        self.intervals, self.audience = intervals, audience
        self.program, self.kept = intervals.program, intervals.kept

    def classes(self, key: Key) -> frozenset[str]:
        """All classes that a variable rests on, whatever the audience; `none` is one of them."""
        asked = "classes", key
        kept = self.kept
        found: frozenset[str] | None = kept.get(asked)
        if found is None:
            found = kept[asked] = self._classes(key)
        return found

    def _classes(self, key: Key) -> frozenset[str]:
        variable = self.program.readings[key].variable
        declared = variable.personal_data if variable.source is None else variable.source.personal_data
        if declared:
            return frozenset({f"{variable.entity}.{declared}"})
        return frozenset().union(*map(self.classes, self._below(key)))

    def _below(self, key: Key) -> frozenset[Key]:
        """What its formulas name, in whatever place and on whatever day; names make no circle, so this ends."""
        formulas = self.program.readings[key].variable.formulas
        return frozenset().union(*(self.intervals.keys_below(one.tree, Scope(key[0])) for one in formulas))

    def passed_on(self, key: Key) -> frozenset[str]:
        """The classes that a variable passes on to what rests on it: none where the audience is shown it anyway."""
        shown = self.audience.shown
        if not shown:
            return self.classes(key)
        asked = "passed", key, shown
        kept = self.kept
        found: frozenset[str] | None = kept.get(asked)
        if found is None:
            variable = self.program.readings[key].variable
            if variable.full_name in shown:
                found = frozenset()
            elif variable.source is not None:
                found = self.classes(key)
            else:
                found = (
                    self.classes(key)
                    if variable.personal_data
                    else frozenset().union(*map(self.passed_on, self._below(key)))
                )
            kept[asked] = found
        return found

    def classes_of(self, tree: Expression, scope: Scope) -> frozenset[str]:
        """All classes that a part of a formula rests on, but for those that are no personal data."""
        asked = "shown", id(tree), scope.entity, scope.members
        kept = self.kept
        found: frozenset[str] | None = kept.get(asked)
        if found is None:
            keys = self.intervals.keys_below(tree, scope)
            found = kept[asked] = _personal(frozenset().union(*(self.classes(key) for key in keys)))
        return found

    def hides(self, tree: Expression, scope: Scope) -> bool:
        """Whether the audience may not see a part of a formula."""
        if not self.audience.hidden:
            return False
        keys = self.intervals.keys_below(tree, scope)
        return any(self.audience.hides(self.passed_on(key)) for key in keys)

    def classes_of_variable(self, key: Key) -> frozenset[str]:
        """All classes that a variable rests on, but for `none`."""
        return _personal(self.classes(key))

    def hides_variable(self, key: Key) -> bool:
        """Whether the audience may not see a variable."""
        return self.audience.hides(self.passed_on(key))


def _personal(classes: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in classes if not one.endswith(".none"))
