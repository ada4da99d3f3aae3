"""A module owns parameters: leaves of the graph that training changes, each found under the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from autograd import Value

if TYPE_CHECKING:
    from .folding import Part


class Parameter(Value):
    """A leaf that an optimizer changes; a `Value` in every other way.

    >>> Parameter(0.5, "w")
    Parameter(data=0.5, grad=0.0, name='w')
    """

    __slots__ = ()
    role = "parameter"


class Module:
    """What neurons, layers and networks have in common: their attributes that are parameters, modules or lists of them.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.intercepts = Parameter(2.0), [Parameter(1.0)]
    ...     def __call__(self, x):
    ...         return self.slope * x + self.intercepts[0]
    >>> line = Line()
    >>> line(3.0).backward()
    >>> {path: p.grad for path, p in line.named_parameters().items()}
    {'slope': 3.0, 'intercepts.0': 1.0}
    """

    standardizer: Any = None  # what the inputs went through, and what the outputs are called: they are saved along
    classes: list[str] | None = None

    def modules(self) -> Iterator[Module]:
        """This module and all inside it, in the order of the attributes."""
        for _, found in self.named_modules():
            yield found

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """This module, under the path "", and all inside it, each by its path, such as `layers.0.neurons.3`."""
        yield from _walk(self, "", Module)

    def foldable(self) -> list[Part]:
        """What `diagram(f, model=…)` folds: the layers of this module, and the units in them."""
        from .folding import parts

        return parts(self)

    def named_parameters(self) -> dict[str, Value]:
        """Every parameter by its path, such as `layers.0.neurons.3.w.1`, in the order of the attributes."""
        return dict(_walk(self, "", Parameter))

    def parameters(self) -> list[Value]:
        """All parameters, in the order of their paths."""
        return list(self.named_parameters().values())

    def parameter(self, name: str) -> Value:
        """The parameter with that path or that name: `layers.0.neurons.4.w.1` or, in an MLP, `w1_52` (exercise G1).

        LookupError: there is none, or several have the name.
        """
        named = self.named_parameters()
        found = [named[name]] if name in named else [p for p in named.values() if p.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise LookupError(f"{len(found)} parameters are named {name!r}; give the path of one")
        known = [*named, *[p.name for p in named.values() if p.name]]
        close = "".join(f"; did you mean {match!r}?" for match in get_close_matches(name, known, 1))
        raise LookupError(f"no parameter {name!r} among the {len(named)} of this module{close}")

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, before the next `backward()` adds to it."""
        for p in self.parameters():
            p.grad = 0.0


def _walk(content: Any, path: str, kind: type) -> Iterator[tuple[str, Any]]:
    """Everything of that kind inside, by its path."""
    if isinstance(content, kind):
        yield path, content
    if isinstance(content, Value):
        return
    if isinstance(content, Module):
        content = vars(content)
    if isinstance(content, list | tuple):
        content = dict(enumerate(content))
    if isinstance(content, dict):
        for name, part in content.items():
            yield from _walk(part, f"{path}.{name}" if path else str(name), kind)
