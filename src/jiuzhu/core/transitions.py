"""Which step leads from which state to which: the table that every room with a procedure states in `states.py`.

A table is checked when it is made, so a wrong one fails at import and never in front of a citizen.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from jiuzhu.core.errors import RuleRefused

S = TypeVar("S", bound=StrEnum)

_VERB = re.compile(r"[a-z][a-z0-9_]*")


class TransitionRefused(RuleRefused):
    """The step does not lead out of the present state; `allowed` holds the verbs that do."""

    def __init__(self, code: str, message_zh: str, message_en: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(code, message_zh, message_en)
        self.allowed = allowed


class TransitionTableError(ValueError):
    """A table of transitions that contradicts itself; the message names the state or verb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Generic[S]):
    """One step: the verb, where it may be taken, where it leads, and what hangs on it.

    `zh` and `en` are the step's name on buttons and in timelines. `guard` names a function of the room's rules,
    `deadline` a key of the pack's process (when the new state must be left), `notice` a key of the pack's notices.
    `basis` is the citation of the article that grants or orders the step.
    """

    verb: str
    from_states: frozenset[S]
    to_state: S
    permission: str
    zh: str
    en: str
    guard: str | None = None
    deadline: str | None = None
    notice: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionTable(Generic[S]):
    """All steps of one kind of object. `names` gives each state its Chinese and English name.

    Raises:
        TransitionTableError: a state without a name, a verb that leads two ways out of one state, a step from
            nowhere or without permission, a malformed verb, or a state that no steps reach from `initial`.
    """

    states: type[S]
    initial: S
    names: Mapping[S, tuple[str, str]]
    transitions: tuple[Transition[S], ...]

    def __post_init__(self) -> None:
        unnamed = [state.value for state in self.states if state not in self.names]
        if unnamed:
            raise TransitionTableError(f"states without a name: {', '.join(unnamed)}")
        known = set(self.states)
        foreign = [state for state in (self.initial, *self.names) if state not in known]
        if foreign:
            raise TransitionTableError(f"not states of {self.states.__name__}: {', '.join(map(str, foreign))}")
        taken: set[tuple[S, str]] = set()
        for transition in self.transitions:
            self._check(transition, known)
            for state in transition.from_states:
                if (state, transition.verb) in taken:
                    raise TransitionTableError(f"{transition.verb} leads out of {state.value} twice")
                taken.add((state, transition.verb))
        lost = [state.value for state in self.states if state not in self._reachable()]
        if lost:
            raise TransitionTableError(f"no steps lead from {self.initial.value} to: {', '.join(lost)}")

    @staticmethod
    def _check(transition: Transition[S], known: set[S]) -> None:
        if not _VERB.fullmatch(transition.verb):
            raise TransitionTableError(f"a verb is written in small letters: {transition.verb!r}")
        if not transition.from_states:
            raise TransitionTableError(f"{transition.verb} starts nowhere")
        if not transition.permission:
            raise TransitionTableError(f"{transition.verb} names no permission")
        if not (transition.zh and transition.en):
            raise TransitionTableError(f"{transition.verb} has no name in Chinese or English")
        foreign = {transition.to_state, *transition.from_states} - known
        if foreign:
            raise TransitionTableError(f"{transition.verb} names unknown states: {', '.join(map(str, foreign))}")

    def _reachable(self) -> set[S]:
        reached = {self.initial}
        waiting = [self.initial]
        while waiting:
            state = waiting.pop()
            for transition in self.out_of(state):
                if transition.to_state not in reached:
                    reached.add(transition.to_state)
                    waiting.append(transition.to_state)
        return reached

    def out_of(self, state: S) -> tuple[Transition[S], ...]:
        """The steps that lead out of a state, in the order of the table."""
        return tuple(transition for transition in self.transitions if state in transition.from_states)

    @property
    def final(self) -> frozenset[S]:
        """The states that no step leaves."""
        return frozenset(state for state in self.states if not self.out_of(state))

    @property
    def verbs(self) -> tuple[str, ...]:
        """All verbs, each once, in the order of the table."""
        return tuple(dict.fromkeys(transition.verb for transition in self.transitions))

    def plan(self, state: S, verb: str) -> Transition[S]:
        """The step that `verb` means in `state`.

        Raises:
            TransitionRefused: the verb is unknown (`transition.unknown_verb`) or leads nowhere from this state
                (`transition.not_allowed`); the message and `allowed` name the steps that are open.
        """
        for transition in self.out_of(state):
            if transition.verb == verb:
                return transition
        raise self._refusal(state, verb)

    def _refusal(self, state: S, verb: str) -> TransitionRefused:
        named = next((transition for transition in self.transitions if transition.verb == verb), None)
        open_steps = self.out_of(state)
        open_zh = "、".join(step.zh for step in open_steps) or "无（已办结）"
        open_en = ", ".join(step.en for step in open_steps) or "none (closed)"
        state_zh, state_en = self.names[state]
        allowed = tuple(step.verb for step in open_steps)
        if named is None:
            return TransitionRefused(
                "transition.unknown_verb",
                f"没有“{verb}”这一步骤。当前状态为“{state_zh}”，可以办理：{open_zh}",
                f"There is no step “{verb}”. The state is “{state_en}”; open steps: {open_en}.",
                allowed=allowed,
            )
        return TransitionRefused(
            "transition.not_allowed",
            f"当前状态为“{state_zh}”，不能办理“{named.zh}”；可以办理：{open_zh}",
            f"“{named.en}” cannot be done in the state “{state_en}”; open steps: {open_en}.",
            allowed=allowed,
        )

    def allowed(self, state: S, permissions: Iterable[str]) -> tuple[Transition[S], ...]:
        """The steps out of a state that a holder of `permissions` may take; guards are not asked."""
        held = frozenset(permissions)
        return tuple(transition for transition in self.out_of(state) if transition.permission in held)

    def name(self, state: S, language: Literal["zh", "en"] = "zh") -> str:
        """The state's name."""
        zh, en = self.names[state]
        return en if language == "en" else zh

    def to_mermaid(self, language: Literal["zh", "en"] = "zh") -> str:
        """The table as the text of a Mermaid state diagram; the same table always gives the same text."""
        lines = ["stateDiagram-v2"]
        lines += [f"    state {_quoted(self.name(state, language))} as {state.name}" for state in self.states]
        lines.append(f"    [*] --> {self.initial.name}")
        for transition in self.transitions:
            label = _plain(transition.en if language == "en" else transition.zh)
            lines += [
                f"    {state.name} --> {transition.to_state.name}: {label}"
                for state in self.states
                if state in transition.from_states
            ]
        lines += [f"    {state.name} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A label on one line: a colon or semicolon would end it, so their full-width forms stand in."""
    return " ".join(text.split()).replace(":", "：").replace(";", "；")


def _quoted(text: str) -> str:
    return '"' + _plain(text).replace('"', "”") + '"'
