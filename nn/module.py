"""A module owns parameters: leaves of the graph that training changes."""

from __future__ import annotations

from autograd import Value


class Parameter(Value):
    """A leaf that an optimizer changes; a `Value` in every other way.

    >>> Parameter(0.5, "w")
    Parameter(data=0.5, grad=0.0, name='w')
    """

    __slots__ = ()
    role = "parameter"


class Module:
    """What neurons, layers and networks have in common: a list of parameters.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope = Parameter(2.0)
    ...     def __call__(self, x):
    ...         return self.slope * x
    ...     def parameters(self):
    ...         return [self.slope]
    >>> line = Line()
    >>> line(3.0).backward()
    >>> line.slope.grad
    3.0
    """

    def parameters(self) -> list[Value]:
        """All parameters, in a fixed order."""
        return []

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, before the next `backward()` adds to it."""
        for p in self.parameters():
            p.grad = 0.0
