"""Routines as Python, with `math` alone: all slots are local names."""

from __future__ import annotations

import math

from .routine import WIDTH, about, filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .routine import Routine

INDENT = " " * 4


class PythonPrinter:
    """Prints a module."""

    c = False

    def number(self, x: float) -> str:
        """A number as it is written."""
        return repr(x) if math.isfinite(x) else f"{'-' * (x < 0)}math.{'nan' if x != x else 'inf'}"

    def text(self, routines: dict[str, Routine], functions: dict[str, str], x: str, w: str) -> str:
        """The module: its docstring, what it imports, the functions that had to be printed, and the routines."""
        bodies = [self._function(name, routine, x, w) for name, routine in routines.items()]
        parts = [*functions.values(), *bodies]  # the bodies came first, because they ask for functions
        first, *rest = about(routines, x, w)
        lines = [f'"""{first}', "", *rest, '"""']
        if any("math." in part for part in parts):
            lines += ["", "import math"]
        return "\n\n".join(["\n".join([*lines, ""]), *parts])

    def _function(self, name: str, routine: Routine, x: str, w: str) -> str:
        names = routine.texts = routine.names
        gives = "value" if len(routine.values) == 1 else f"{len(routine.values)} values"
        if routine.gradient is not None:
            gives += f", its derivatives by {w}, and those by {x}"
        lines = [f"def {name}({x}, {w}):", f'{INDENT}"""The {gives}."""']
        for argument, slots in ((x, routine.program.inputs), (w, routine.program.parameters)):
            if slots:
                lines += _unpacked([names[i] for i in slots], argument)
        for section, slots in routine.sections.items():
            if slots and routine.gradient is not None:
                lines.append(f"{INDENT}# {routine.title(section)}")
            for slot in slots:
                for words in routine.statements(slot):
                    lines += _statement(words)
        values = [names[i] for i in routine.values]
        if routine.gradient is not None:
            lines += _results(values[0], *[[names[i] for i in slots] for slots in routine.gradient])
        else:
            lines += [f"{INDENT}return {values[0]}"] if len(values) == 1 else _list("return ", values, "", INDENT)
        return "\n".join([*lines, ""])


def _unpacked(names: Sequence[str], argument: str) -> list[str]:
    line = f"{INDENT}{', '.join(names)} = {argument}"
    if len(names) > 1 and len(line) <= WIDTH:
        return [line]
    words = [f"{name}," for name in names]
    if len(names) == 1:
        return [f"{INDENT}({words[0]}) = {argument}"]
    return [f"{INDENT}(", *filled(words, 8), f"{INDENT}) = {argument}"]


def _statement(words: list[str]) -> list[str]:
    line = INDENT + " ".join(words)
    if len(line) <= WIDTH or len(words) == 1:
        return [line]
    target, _, first = words[0].partition(" = ")
    return [f"{INDENT}{target} = (", *filled([first, *words[1:]], 8), f"{INDENT})"]


def _list(before: str, items: Sequence[str], after: str, indent: str) -> list[str]:
    line = f"{indent}{before}[{', '.join(items)}]{after}"
    if len(line) <= WIDTH or not items:
        return [line]
    return [f"{indent}{before}[", *filled([f"{item}," for item in items], len(indent) + 4), f"{indent}]{after}"]


def _results(value: str, by_parameters: list[str], by_inputs: list[str]) -> list[str]:
    line = f"{INDENT}return {value}, [{', '.join(by_parameters)}], [{', '.join(by_inputs)}]"
    if len(line) <= WIDTH:
        return [line]
    lists = [line for items in (by_parameters, by_inputs) for line in _list("", items, ",", 2 * INDENT)]
    return [f"{INDENT}return (", f"{2 * INDENT}{value},", *lists, f"{INDENT})"]
