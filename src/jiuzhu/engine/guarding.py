"""Which parts of an explanation an audience may not see: those that rest on a fact of a class hidden from it."""

from jiuzhu.engine.expressions.tree import Expression
from jiuzhu.engine.intervals import Intervals, Scope
from jiuzhu.engine.program.nodes import Key
from jiuzhu.engine.steps import Audience


class Guard:
    """Follows personal data through formulas. What it finds follows from the program alone and is kept with it."""

    def __init__(self, intervals: Intervals, audience: Audience) -> None:
        self.intervals, self.audience = intervals, audience
        self.prepared, self.program, self.kept = intervals.assessment.prepared, intervals.program, intervals.kept

    def classes(self, key: Key) -> frozenset[str]:
        """All classes that a variable rests on, whatever the audience; `none` is one of them."""
        asked = "classes", key
        kept = self.kept
        found: frozenset[str] | None = kept.get(asked)
        if found is None:
            found = kept[asked] = frozenset(
                f"{entity}.{source.personal_data}"
                for entity, name in self.prepared.facts_below(key)
                if (source := self.program.readings[entity, name].variable.source) is not None
            )
        return found

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
                # formulas name no variable in a circle, so this ends
                below = [self.intervals.keys_below(one.tree, Scope(key[0])) for one in variable.formulas]
                found = frozenset().union(*(self.passed_on(one) for keys in below for one in keys))
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
