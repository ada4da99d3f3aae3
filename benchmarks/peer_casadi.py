"""CasADi and the tape: gradient and Hessian times a direction, of Rosenbrock's function in 100 dimensions at one point
and at 1000, and of the moons loss by its 337 parameters.

CasADi gets its arguments by buffers, which spares it the conversion of matrices; many points go through `map`; its C
code is compiled with the flags of the program by hand.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import peer_moons
from peer_c import FLAGS
from peer_moons import ALPHA, TAPE
from peer_rounds import Contender, repeated

from autograd import Value
from autograd.tape import Tape

DIMENSIONS, POINTS = 100, 1000
MACHINE, CODE = "CasADi SX, virtual machine", "CasADi SX, C code"
_rng = np.random.default_rng(0)
AT, DIRECTIONS = _rng.uniform(-1.0, 1.0, (POINTS, DIMENSIONS)), _rng.normal(size=(POINTS, DIMENSIONS))
DIRECTION = _rng.normal(size=len(peer_moons.START))


def rosenbrock(x: Any) -> Any:
    """Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)², of whatever can be added and multiplied."""
    total: Any = 0.0
    for a, b in pairwise(x):
        total = total + 100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2
    return total


# the tape


def tape_of_rosenbrock(second: bool, many: bool) -> Iterator[Contender]:
    """One point as the parameters, with no inputs, which is less work than a row of inputs; many as rows."""
    x = [Value(0.5) for _ in range(DIMENSIONS)]
    if not many:
        tape, row, direction = Tape(rosenbrock(x), [], x, executor="compiled"), np.zeros((1, 0)), DIRECTIONS[0].copy()
        tape.parameters[:] = AT[0]
        work: Callable[[], Any] = lambda: tape.value_and_gradient(row)[1]  # noqa: E731
        if second:
            work = lambda: tape.hvp(row, direction)  # noqa: E731
    else:
        tape = Tape(rosenbrock(x), x, executor="compiled")
        tape = tape.hvp_tape(by="inputs") if second else tape.gradient_tape(by="inputs")
        rows = np.hstack([AT, DIRECTIONS]) if second else AT
        work = lambda: tape.forward(rows)  # noqa: E731
    tape.threads = 1
    yield Contender(TAPE, repeated(work), lambda: np.ravel(work()))


def tape_of_network(second: bool) -> Iterator[Contender]:
    tape = Tape(*peer_moons.recorded(), executor="compiled")
    tape.threads = 1
    work: Callable[[], Any] = lambda: tape.value_and_gradient(peer_moons.ROWS, reduce="mean")[1]  # noqa: E731
    if second:
        work = lambda: tape.hvp(peer_moons.ROWS, DIRECTION, reduce="mean")  # noqa: E731
    yield Contender(TAPE, repeated(work), work)


# CasADi


def buffered(name: str, function: Any, arguments: list[Any], size: int) -> Contender:
    """Reads and writes arrays in place, at the cost of one call."""
    buffer, trigger = function.buffer()
    arguments, result = [np.array(argument) for argument in arguments], np.zeros(size)
    for k, argument in enumerate(arguments):
        buffer.set_arg(k, memoryview(argument))
    buffer.set_res(0, memoryview(result))

    def found() -> Any:
        trigger()
        return result.copy()

    def run(count: int) -> None:
        assert buffer is not None and arguments is not None  # they live as long as what uses their memory
        for _ in range(count):
            trigger()

    return Contender(name, run, found)


def compiled(function: Any) -> Any:
    """The function's C code, through the compiler and back. FileNotFoundError: there is none."""
    import casadi

    with tempfile.TemporaryDirectory() as directory:
        generator = casadi.CodeGenerator(f"{function.name()}.c")
        generator.add(function)
        source = generator.generate(f"{directory}/")
        library = str(Path(source).with_suffix(".so"))
        subprocess.run(["cc", *FLAGS, "-shared", "-fPIC", "-o", library, source], check=True)
        return casadi.external(function.name(), library)


def rosenbrock_contenders(second: bool, many: bool) -> Iterator[Contender]:
    import casadi as ca

    x, d = ca.SX.sym("x", DIMENSIONS), ca.SX.sym("d", DIMENSIONS)
    gradient = ca.gradient(rosenbrock(ca.vertsplit(x)), x)
    if second:
        function = ca.Function("hvp", [x, d], [ca.jtimes(gradient, x, d)], {"cse": True})
    else:
        function = ca.Function("gradient", [x], [gradient], {"cse": True})
    arguments = [AT, DIRECTIONS][: 1 + second]
    if many:
        function = function.map(POINTS)  # the generated C has the loop over the points as well
    else:
        arguments = [argument[0] for argument in arguments]
    yield buffered(MACHINE, function, arguments, arguments[0].size)
    yield buffered(CODE, compiled(function), arguments, arguments[0].size)


def network_contenders(second: bool) -> Iterator[Contender]:
    """SX: all rows written out, for the virtual machine, the fastest there; one row and `map`, for C, since no compiler
    takes 200 000 lines. MX, its matrices, besides: not what the target names, and much faster on this problem."""
    import casadi as ca

    n, count = len(peer_moons.ROWS), len(peer_moons.START)
    arguments = [peer_moons.START, peer_moons.ROWS, DIRECTION][: 2 + second]

    def function(name: str, loss: Any, p: Any, rows: Any, d: Any) -> Any:
        gradient = ca.gradient(loss, p)
        result = ca.jtimes(gradient, p, d) if second else gradient
        return ca.Function(name, [p, rows, d][: 2 + second], [result])

    def hinge(p: Any, row: Any) -> Any:
        p, row = ca.vertsplit(p), ca.vertsplit(row)
        values, at = row[:2], 0
        for fan_in, fan_out in peer_moons.WEIGHTS.pairs:
            outputs = []
            for _ in range(fan_out):
                terms = [w * v for w, v in zip(p[at : at + fan_in], values, strict=True)]
                outputs.append(sum(terms, p[at + fan_in]))
                at += fan_in + 1
            values = [ca.fmax(z, 0) for z in outputs]
        return ca.fmax(1 - row[2] * outputs[0], 0)

    p, rows, d = ca.SX.sym("p", count), ca.SX.sym("rows", 3, n), ca.SX.sym("d", count)
    loss = sum(hinge(p, row) for row in ca.horzsplit(rows)) / n + ALPHA * ca.dot(p, p)
    yield buffered(MACHINE, function("rows", loss, p, rows, d), arguments, count)

    row = ca.SX.sym("row", 3)
    one = function("one", hinge(p, row) / n, p, row, d)
    p, rows, d = ca.MX.sym("p", count), ca.MX.sym("rows", 3, n), ca.MX.sym("d", count)
    inputs = [p, rows, d][: 2 + second]
    same = [0, 2][: 1 + second]  # what all rows have in common; the one result is added up
    total = one.map("total", "serial", n, same, [0])(*inputs) + 2 * ALPHA * (d if second else p)
    yield buffered(CODE, compiled(ca.Function("mapped", inputs, [total])), arguments, count)

    values, at = rows[:2, :], 0
    for fan_in, fan_out in peer_moons.WEIGHTS.pairs:
        neurons = ca.reshape(p[at : at + fan_out * (fan_in + 1)], fan_in + 1, fan_out)
        outputs = ca.mtimes(neurons[:-1, :].T, values) + ca.repmat(neurons[-1, :].T, 1, n)
        values = ca.fmax(outputs, 0)
        at += fan_out * (fan_in + 1)
    loss = ca.sum2(ca.fmax(1 - rows[2, :] * outputs, 0)) / n + ALPHA * ca.dot(p, p)
    matrices = function("matrices", loss, p, rows, d)
    yield buffered("CasADi MX, virtual machine", matrices, arguments, count)
    yield buffered("CasADi MX, C code", compiled(matrices), arguments, count)


TASKS: dict[str, tuple[Callable[[], Iterator[Contender]], Callable[[], Iterator[Contender]]]] = {}
for _second, _what in ((False, "gradient"), (True, "Hessian · vector")):
    for _many, _where in ((False, "1 point"), (True, f"{POINTS} points")):
        TASKS[f"Rosenbrock in {DIMENSIONS} dimensions, {_where}, {_what}"] = (
            lambda second=_second, many=_many: tape_of_rosenbrock(second, many),
            lambda second=_second, many=_many: rosenbrock_contenders(second, many),
        )
    TASKS[f"2–16–16–1 network, 100 rows, {_what}"] = (
        lambda second=_second: tape_of_network(second),
        lambda second=_second: network_contenders(second),
    )
