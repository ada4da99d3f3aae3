"""The compiled kernel: its source comes from the table, its cache from the source, and its threads from a pool."""

import ast
import math
import operator
import os
import pickle
import re
import signal
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from strategies import untidy

from autograd import Tape, Value, dot, gradient
from autograd.op import TABLE, Op
from autograd.tape import kernel as kernel_module
from autograd.tape.arrays import ArrayRunner, array_function
from autograd.tape.compiled import ROWS, KernelRunner
from autograd.tape.interpreter import Interpreter
from autograd.tape.kernel import Kernel, directory, kernel, ready
from autograd.tape.kernel_source import FIRST_CASE, STEP_KINDS, cases, kernel_source, sourced
from autograd.tape.passes import optimised
from autograd.tape.plan import Plan
from autograd.tape.program import Program
from autograd.tape.step import may_stand_still

imported = kernel_module._imported


@pytest.fixture
def uncompiled(monkeypatch):
    """The kernel's source run by Python itself, where compiling it would take seconds."""

    def njit(**options):
        return lambda function: function

    def made() -> Kernel:
        monkeypatch.setitem(sys.modules, "numba", types.SimpleNamespace(njit=njit))
        scope = {"__name__": "uncompiled"}
        exec(compile(kernel_source(cache=False), "kernel", "exec"), scope)
        monkeypatch.undo()
        return Kernel(scope["kernel"], sourced(TABLE.values()))

    return made


@pytest.fixture
def cold(monkeypatch, tmp_path):
    """An empty cache directory, nothing loaded and nothing said; gives what was compiled, which is a stub each time."""
    compiled = []

    def stub(source):
        compiled.append(source)
        return lambda *arguments: None

    monkeypatch.setenv("PATHGRAD_CACHE", str(tmp_path / "cache"))
    for name, empty in (("_said", set()), ("_loaded", []), ("_looked_up", {})):
        monkeypatch.setattr(kernel_module, name, empty)
    monkeypatch.setattr(kernel_module, "_imported", lambda path: stub(path.read_text(encoding="utf-8")))
    monkeypatch.setattr(kernel_module, "_compiled", stub)
    return compiled


def restarted(monkeypatch):
    """As in a new process: nothing is loaded and nothing was looked up."""
    monkeypatch.setattr(kernel_module, "_loaded", [])
    monkeypatch.setattr(kernel_module, "_looked_up", {})


# --- the source ----------------------------------------------------------------------------------------------------


def test_every_op_of_the_table_has_its_cases():
    source = kernel_source()
    ast.parse(source)
    found = re.findall(r"elif kind == (\d+):  # (\w+) ([uv]+)\n", source)
    fixed = [op for op in TABLE.values() if op.arity]
    assert {name for _, name, _ in found} == {op.name for op in fixed}
    for op in fixed:
        kinds = [kinds for _, name, kinds in found if name == op.name]
        assert kinds == (["vv", "vu", "uv"] if may_stand_still(op) else ["v" * op.arity])
    assert [int(number) for number, _, _ in found] == list(range(FIRST_CASE, FIRST_CASE + len(found)))
    assert sorted(STEP_KINDS.values()) == list(range(FIRST_CASE))
    assert cases(sourced(TABLE.values())) == {(TABLE[name], kinds): int(number) for number, name, kinds in found}


def test_only_pythons_operators_have_operands_that_stand_still():
    assert {op.name for op in TABLE.values() if may_stand_still(op)} == {"add", "sub", "mul", "div"}


def test_the_source_is_the_same_each_time():
    assert kernel_source() == kernel_source()
    assert kernel_source(cache=False) == kernel_source().replace("cache=True", "cache=False")


def test_the_source_as_python_computes_what_the_interpreter_does(uncompiled):
    kernel = uncompiled()
    rng = np.random.default_rng(0)
    for seed in range(6):
        leaves, nodes = untidy(seed, 25)
        tape = Tape(nodes[-1], leaves[:2], leaves[2:])
        runner = tape._runners.of("gradient", "both", True)
        for n in (0, 8, 32):  # whole blocks, as Python raises where the kernel computes with what is left over
            rows = rng.uniform(-1, 1, (n, 2))
            totals, results = KernelRunner(runner.plan, kernel).run(tape.parameters, rows)
            slow = Interpreter(runner.program, runner.results, runner.totals)
            expected = slow.run(tape.parameters.tolist(), rows.tolist())
            np.testing.assert_allclose(totals, expected[0], rtol=1e-12, atol=1e-13)
            np.testing.assert_allclose(results, np.array(expected[1]).reshape(n, 2), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("terms", [1, 2, 3, 7, 8, 9, 10, 17])
@pytest.mark.parametrize("units", [1, 2, 3, 5])
def test_matrix_products_of_every_size_are_whole(terms, units):
    """The kernel goes on by several outputs and inputs at a time, and must not forget what is left over."""
    x = [Value(0.0) for _ in range(terms)]
    w = [Value(float(k + 1)) for k in range(terms * units)]
    outputs = [dot(w[j * terms : (j + 1) * terms], x, w[j] if j % 2 else None).tanh() for j in range(units)]
    rows = np.random.default_rng(0).integers(-3, 4, (11, terms)) / 1024.0
    tape = Tape(outputs, x, w, executor="compiled")
    matrix = np.arange(1.0, terms * units + 1).reshape(units, terms)
    starts = np.array([float(j + 1) if j % 2 else 0.0 for j in range(units)])
    np.testing.assert_allclose(tape.forward(rows), np.tanh(rows @ matrix.T + starts), rtol=1e-14)
    tape = Tape(sum(outputs), x, w, executor="compiled")
    _, slopes = tape.value_and_gradient(rows)
    d = 1.0 - np.tanh(rows @ matrix.T + starts) ** 2
    expected = (d.T @ rows).ravel()
    expected[[j for j in range(units) if j % 2]] += d.sum(axis=0)[1::2]
    np.testing.assert_allclose(slopes, expected, rtol=1e-12, atol=1e-13)


# --- a new row -----------------------------------------------------------------------------------------------------

# name: the row's arguments after its name
NEW_ROWS = {
    "arithmetic": (lambda x: x * x * x, (lambda x, out: 3.0 * x * x,), "x³"),
    "a function of math": (math.erfc, (lambda x, out: x * 0.0 - 1.1,), "1 - erf"),
    "an array form": (
        lambda x: math.atan(x) if x > 0 else 0.0, (lambda x, out: TABLE["step"](x) / (1.0 + x * x),), "arc", *[""] * 3,
        (8, 0, 0), (), (), None, None, lambda xp, x: xp.where(x > 0.0, xp.arctan(x), 0.0),
    ),
    "of two": (math.atan2, (lambda y, x, out: x / (x * x + y * y), lambda y, x, out: -y / (x * x + y * y)), "angle"),
    "of three": (lambda a, b, c: a * b - c, (lambda a, b, c, o: b, lambda a, b, c, o: a, lambda a, b, c, o: -1.0), ""),
    "an operator": (operator.mul, (lambda x, y, out: y, lambda x, y, out: x), "product"),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(NEW_ROWS))
def test_a_new_row_runs_on_all_executors_without_another_edit(kind, uncompiled):
    op = Op("brandnew", *NEW_ROWS[kind])
    compiled = uncompiled()
    assert op in compiled.table
    rows = [[0.3, 1.7], [-0.4, 0.6], [1.2, -2.0], [0.8, 0.1]] * 2
    for split in (0, 1, 2):
        x = [Value(0.5, "x0"), Value(0.7, "x1")]
        graph = op(*[x[0], x[1], x[0]][: op.arity]) * 2.0 + x[1]
        tape = Tape(graph, x[:split], x[split:])
        runner = tape._runners.of("gradient", "both", False)
        assert op in runner.plan.ops
        here = np.array([row[:split] for row in rows]).reshape(8, split)
        expected = []
        for row in here.tolist():
            at = [Value(number) for number in [*row, *[v.data for v in x[split:]]]]
            f = op(*[at[0], at[1], at[0]][: op.arity]) * 2.0 + at[1]
            slopes = gradient(f, at)
            expected.append([f.data, *slopes[split:], *slopes[:split]])
        for engine in (
            ArrayRunner(runner.plan),
            KernelRunner(runner.plan, compiled),
            Interpreter(runner.program, runner.results, runner.totals),
        ):
            found = engine.run(tape.parameters, here)[1]
            np.testing.assert_allclose(np.array(found), expected, rtol=1e-14)


def test_a_new_row_can_be_compiled(uncompiled):
    import numba

    op = Op("brandnew", *NEW_ROWS["an array form"])
    line = re.search(rf"# {op.name} v\n(?:.*\n)*?.*y\[r\] = (.*)\n", kernel_source())[1]
    scope = {"math": math}
    exec(f"def f(x0, r):\n    return {line}", scope)
    f = numba.njit("f8(f8[:], i8)", error_model="numpy")(scope["f"])
    assert [f(np.array([0.5, -3.0]), r) for r in (0, 1)] == [math.atan(0.5), 0.0]


UNSOURCED = {
    "text": (lambda x: float(str(x)), (lambda x, out: 1.0,), "through its text"),
    "branch": (lambda x: x if x > 0 else -x, (lambda x, out: TABLE["sign"](x),), "with an if"),
    "unknown to Numba": (math.cbrt, (lambda x, out: 1.0 / (3.0 * out * out),), "cube root"),
    "array with an if": (
        math.fabs, (lambda x, out: TABLE["sign"](x),), "|x|", *[""] * 3, (8, 0, 0), (), (), None, None,
        lambda xp, x: xp.linalg.norm(x[None], axis=0),
    ),
    "four inputs": (
        lambda *xs: sum(xs), (lambda *xs: 1.0,) * 4, "sum", *[""] * 3, (8, 0, 0), (), (), None, None,
        lambda xp, *xs: sum(xs),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(UNSOURCED))
def test_a_row_without_source_is_left_out_and_its_tapes_run_on_numpy(kind, monkeypatch, capsys):
    before = kernel_source()
    op = Op("odd", *UNSOURCED[kind])
    assert kernel_source() == before  # so that tapes without it need no new kernel
    monkeypatch.setattr(kernel_module, "_said", set())
    x = Value(0.5)
    for _ in range(2):
        tape = Tape(op(*[x] * op.arity) * 2.0, [x], executor="compiled")
        assert tape.forward([[0.25], [8.0]]).tolist() == [2.0 * op(*[0.25] * op.arity), 2.0 * op(*[8.0] * op.arity)]
    err = capsys.readouterr().err
    assert err.count("odd cannot be compiled, so tapes with it run on NumPy") == 1
    assert ("give its row array=" in err) == (op.array is None)
    assert Tape(x * 2.0, [x], executor="compiled").forward([[4.0]]).tolist() == [8.0]
    assert capsys.readouterr().err == ""


def test_numpys_function_is_taken_by_what_a_row_computes_and_not_by_how_it_is_called():
    log10 = Op("log10", math.log, (lambda x, out: 1.0 / x,), "a natural logarithm, oddly named")
    assert array_function(log10, np) is np.log
    log2 = Op("log2", math.erf, (lambda x, out: 1.0,), "an error function, oddly named")
    assert array_function(log2, np)(np.array([0.5])).tolist() == [math.erf(0.5)]
    remainder = Op("remainder", math.remainder, (lambda x, y, out: 1.0, lambda x, y, out: 0.0), "IEEE 754's")
    assert array_function(remainder, np)(np.array([5.0, 7.0]), np.array([3.0, 4.0])).tolist() == [-1.0, -1.0]
    for name, function in (("sub", "subtract"), ("div", "divide"), ("neg", "negative"), ("asin", "arcsin")):
        assert array_function(TABLE[name], np) is getattr(np, function)
    assert array_function(TABLE["erf"], np)(np.array([0.5, np.nan])).tolist()[0] == math.erf(0.5)


# --- the cache -----------------------------------------------------------------------------------------------------


def test_two_loads_give_the_same_kernel():
    assert kernel() is kernel()
    assert kernel().table == sourced(TABLE.values())


def test_the_files_name_changes_with_the_table_the_versions_and_the_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("PATHGRAD_CACHE", str(tmp_path))

    def name():
        return kernel_module._marker(kernel_source())

    first = name()
    assert first.parent == tmp_path and re.fullmatch(r"kernel_[0-9a-f]{16}\.ready", first.name)
    names = {first}
    op = Op("brandnew", lambda x: x * x * x, (lambda x, out: 3.0 * x * x,), "x³")
    names.add(name())
    op.forward = lambda x: x * x * 3.0
    names.add(name())
    del TABLE["brandnew"]
    assert name() == first
    monkeypatch.setattr("numba.__version__", "99.0")
    names.add(name())
    monkeypatch.setattr("llvmlite.binding.get_host_cpu_name", lambda: "another")
    names.add(name())
    assert len(names) == 5
    monkeypatch.undo()
    monkeypatch.setenv("PATHGRAD_CACHE", str(tmp_path))
    assert name() == first


def test_the_first_time_it_is_compiled_and_says_so_and_then_it_is_there(cold, monkeypatch, capsys):
    assert not ready(set())
    loaded = kernel()
    assert kernel() is loaded and len(cold) == 1
    assert cold[0] == kernel_source()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "pathgrad: compiling the tape's kernel, once on this machine; this takes about ten seconds\n"
    assert sorted(path.suffix for path in directory().iterdir()) == [".py", ".ready"]
    assert ready(set(loaded.table))
    restarted(monkeypatch)
    assert ready(set(loaded.table))
    assert kernel() is not loaded and len(cold) == 2
    assert capsys.readouterr().err == ""


def test_a_table_with_another_row_has_another_kernel_and_both_stay(cold, capsys):
    first = kernel()
    op = Op("brandnew", lambda x: x * x * x, (lambda x, out: 3.0 * x * x,), "x³")
    assert ready(set(first.table)) and not ready({op})
    second = kernel()
    assert op in second.table and op not in first.table
    assert ready({op})
    del TABLE["brandnew"]
    assert kernel() is first and len(cold) == 2


@pytest.mark.parametrize("where", ["cache", "cache/deeper"])
def test_a_cache_directory_that_cannot_be_written_is_no_obstacle(cold, monkeypatch, tmp_path, capsys, where):
    (tmp_path / "cache").write_text("a file stands in the way")
    monkeypatch.setenv("PATHGRAD_CACHE", str(tmp_path / where))
    assert not ready(set())
    loaded = kernel()
    assert kernel() is loaded and ready(set(loaded.table))
    assert cold == [kernel_source(cache=False)]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "compiling the tape's kernel" in lines[0]
    assert lines[1].startswith(f"pathgrad: the compiled kernel cannot be kept in {tmp_path / where} (")
    assert lines[1].endswith("; empty this directory, or set PATHGRAD_CACHE to one that can be written")
    assert (tmp_path / "cache").read_text() == "a file stands in the way"


@pytest.mark.parametrize("error", [RuntimeError("no locator available"), pickle.UnpicklingError("invalid load key")])
def test_numba_may_refuse_to_keep_it_or_find_its_files_damaged(cold, monkeypatch, capsys, error):
    def refused(path):
        raise error

    monkeypatch.setattr(kernel_module, "_imported", refused)
    kernel()
    assert cold == [kernel_source(cache=False)]
    assert str(error) in capsys.readouterr().err
    assert not any(path.suffix == ".ready" for path in directory().iterdir())


def test_a_damaged_source_in_the_cache_is_no_obstacle(cold, monkeypatch, capsys):
    kernel()
    (source,) = directory().glob("*.py")
    source.write_text("")
    restarted(monkeypatch)
    monkeypatch.setattr(kernel_module, "_imported", imported)
    assert callable(kernel().function)
    assert f"cannot be kept in {directory()}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"PATHGRAD_CACHE": "/c/here"}, "/c/here"),
        ("linux", {}, "/home/me/.cache/pathgrad"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/pathgrad"),
        ("darwin", {}, "/home/me/Library/Caches/pathgrad"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/pathgrad"),
        ("win32", {}, "/home/me/pathgrad"),
    ],
)
def test_where_kernels_are_kept(monkeypatch, platform, variables, expected):
    for name in ("PATHGRAD_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert directory() == Path(expected)


# --- blocks and threads --------------------------------------------------------------------------------------------


def small_runner():
    program = Program()
    program.inputs = [program.leaf()]
    y = program.append(TABLE["sin"], (0,))
    short, (place,) = optimised(program, [y])
    return KernelRunner(Plan(short, [place], []), kernel())


def test_blocks_are_about_equally_full():
    runner = small_runner()
    for n in (0, 1, 7, 8, 9, 100, ROWS, ROWS + 1, 1000, 12345):
        size = runner._size(n)
        assert size % 8 == 0 and 8 <= size <= ROWS
        blocks = -(-n // size)
        assert blocks * size - n < 8 * max(blocks, 1)


@pytest.mark.parametrize("n", [1, ROWS - 1, ROWS, ROWS + 1, 3 * ROWS + 5])
def test_rows_of_all_blocks_arrive(n):
    rows = np.linspace(-3, 3, n)[:, None]
    runner = small_runner()
    for _ in range(2):
        np.testing.assert_allclose(runner.run([], rows)[1], np.sin(rows), rtol=1e-15)


@pytest.mark.parametrize("n", [8, 16, ROWS, 300, 1111])
def test_chunks_of_rows_add_up_to_the_whole(monkeypatch, n):
    """Chunks may be smaller than a block, or empty; what is the same in every row counts once for each."""
    leaves, nodes = untidy(3, 25)
    tape = Tape(nodes[-1] + leaves[2] * leaves[3], leaves[:2], leaves[2:])
    runner, rows = tape._runners.of("gradient", "both", True), np.random.default_rng(0).uniform(-1, 1, (n, 2))
    engine = KernelRunner(runner.plan, kernel())
    totals, results = [np.array(found) for found in engine.run(tape.parameters, rows)]
    monkeypatch.setattr("autograd.tape.compiled.CHUNK", engine.work)
    found = []
    for threads in (1, 2, 5):
        engine.threads = threads
        found.append([np.array(part) for part in engine.run(tape.parameters, rows)])
        np.testing.assert_allclose(found[-1][0], totals, rtol=1e-12, atol=1e-12)
        assert found[-1][1].tolist() == results.tolist()
        assert found[-1][0].tolist() == found[0][0].tolist()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_threads_are_made_anew_after_a_fork():
    x, w = Value(0.5), Value(2.0)
    y = x
    for _ in range(20):
        y = (y * w).sin()
    tape, rows = Tape(y, [x], [w], executor="compiled"), np.linspace(-1, 1, 100_000)[:, None]
    tape.threads = 2
    before = tape.value_and_gradient(rows)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(20)  # rather than wait for threads that are not there
            after = tape.value_and_gradient(rows)
            code = int(after[0] != before[0] or after[1][0] != before[1][0])
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
