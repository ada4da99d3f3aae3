"""The command line: what it prints at a point, and the one line for everything that can be wrong with a question."""

import io
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.__main__ import main
from autograd.op import TABLE, Op

ROOT = Path(__file__).parent.parent
EXAMPLE = ["(x*y + z)**2 + exp(x - y*z)", "x=1", "y=2", "z=0"]


@pytest.fixture
def asked(capsys):
    """Ask the command line; gives exit code, stdout and stderr."""

    def ask(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, out, err

    return ask


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograd", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, encoding="utf-8"
    )


def test_the_answer_is_value_gradient_paths_and_check_in_this_order(asked):
    code, out, err = asked(*EXAMPLE)
    assert (code, err) == (0, "")
    assert out.startswith(
        "f = (x*y + z)**2 + exp(x - y*z)\n"
        "f = 6.71828 at x = 1, y = 2, z = 0\n\n"
        "∂f/∂x = 10.7183\n∂f/∂y = 4\n∂f/∂z = -1.43656\n\n"
        "∂f/∂x as a sum over paths\n"
    )
    headings = ["∂f/∂y as a sum over paths\n", "∂f/∂z as a sum over paths\n", "Gradient check\n"]
    places = [out.index(heading) for heading in headings]
    assert places == sorted(places)


def test_each_path_is_a_row_with_its_product(asked):
    _, out, _ = asked("x*x*y", "x=3", "y=2")
    rows = [line for line in out.splitlines() if line.startswith("x → ")]
    assert len(rows) == 2
    assert all(row.endswith("3 · 2 = 6") for row in rows)


def test_paths_says_how_many_are_printed(asked):
    _, out, _ = asked("x*x + x*x", "x=3", "--paths", "1")
    assert len([line for line in out.splitlines() if line.startswith("x → ")]) == 1
    assert "… and 3 more" in out


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["-x**2", "x=-1"], "f = -1 at x = -1"),
        (["-x", "x=-1"], "f = 1 at x = -1"),
        (["--x", "x=2"], "f = 2 at x = 2"),
        (["--x*y", "x=2", "y=3"], "f = 6 at x = 2, y = 3"),
        (["-(x + 1)", "x=-.5"], "f = -0.5 at x = -0.5"),
        (["--", "-x", "x=-1"], "f = 1 at x = -1"),
        (["-1"], "f = -1"),
        (["-1e-3*x", "x=1e3"], "f = -1 at x = 1000"),
        (["--paths", "3", "-x", "x=2"], "f = -2 at x = 2"),
        ([" x + 1 ", " x = 2 "], "f = 3 at x = 2"),
        (["x=2", "x*y", "y=3"], "f = 6 at x = 2, y = 3"),
        (["x=2", "--paths=1", "x*y", "--paths", "2", "y=3"], "f = 6 at x = 2, y = 3"),
        (["x\n+ y", "x=2", "y=3"], "f = 5 at x = 2, y = 3"),
        (["ϕ", "ϕ=2"], "f = 2 at φ = 2"),
        (["x*e", "x=2", "e=10"], "f = 20 at x = 2, e = 10"),
        (["f*x", "x=2", "f=3"], "g = 6 at x = 2, f = 3"),
        (["x", "x=0.123456789"], "f = 0.123457 at x = 0.123456789"),
    ],
)
def test_the_point_and_the_expression_come_in_any_form_and_order(asked, words, answer):
    code, out, err = asked(*words)
    assert (code, out.splitlines()[1], err) == (0, answer, "")


def test_an_expression_without_variables_has_a_value_only(asked):
    assert asked("2*pi") == (0, "f = 2*pi\nf = 6.28319\n", "")


def test_an_expression_that_is_one_name_has_derivative_one(asked):
    code, out, _ = asked("x", "x=3")
    assert (code, out.splitlines()[3]) == (0, "∂f/∂x = 1")


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_numbers_without_neighbours_are_let_through(asked, number):
    code, out, err = asked("2*x", f"x={number}")
    assert (code, err) in [(0, ""), (1, "")]
    assert f"f = {number} at x = {number}" in out


def test_a_check_that_disagrees_gives_exit_code_1(asked):
    Op("wrong", math.sin, (lambda x, out: 2.0,), "a sine with a wrong rule")
    code, out, err = asked("wrong(x)", "x=1")
    assert (code, err) == (1, "")
    assert "∂f/∂x = 2\n" in out


@pytest.mark.parametrize("ending", ["svg", "html", "dot"])
def test_diagram_saves_the_graph_with_its_gradients_and_says_where(asked, tmp_path, ending):
    path = tmp_path / f"f.{ending}"
    code, out, _ = asked("x*y", "x=3", "y=7", "--diagram", str(path))
    assert (code, out.splitlines()[-1]) == (0, f"diagram: {path}")
    assert "f = x · y" in path.read_text(encoding="utf-8")


def test_a_diagram_may_be_named_with_a_minus(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert asked("x", "x=1", "--diagram", "-f.dot")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["-f.dot"]


def test_a_constant_has_a_diagram_too(asked, tmp_path):
    path = tmp_path / "f.svg"
    assert asked("1 + 2", f"--diagram={path}") == (0, f"f = 1 + 2\nf = 3\n\ndiagram: {path}\n", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], 'no expression, as in python -m autograd "x*y + 1" x=2 y=3'),
        (["x=1"], 'no expression, as in python -m autograd "x*y + 1" x=2 y=3'),
        ([""], 'the expression is empty; write one, as in "x*y + 1"'),
        (["x", "+", "y", "x=1"], "more than one expression: 'x', '+', 'y'; put the whole of it in quotes"),
        (["a", "b", "c", "d", "e"], "more than one expression: 'a', 'b', 'c', 'd', …; put"),
        (["x*y*z", "x=1"], "no value for y, z: add y=… z=…"),
        (["x*y", "x=1"], "unknown name 'y' at column 3: give it a value, as in y=1"),
        (
            ["alpha", "alhpa=1"],
            "unknown name 'alpha' at column 1: give it a value, as in alpha=1, or did you mean alhpa?",
        ),
        (["x + sin"], "sin at column 5 is a function: write its inputs after it, as in sin(x)"),
        (["x", "x=1", "w=2"], "w is not in the expression, which has x"),
        (["2", "v=1", "w=2"], "v, w are not in the expression, which has no variables"),
        (["x", "x=1", "x=2"], "x has two values, 1 and 2; give it one"),
        (["x", "x=one"], "expected a number for x, got 'one'; write it as in x=-1.5 or x=1e-3"),
        (["x", "x=1,5"], "expected a number for x, got '1,5'; write it as in x=-1.5 or x=1e-3"),
        (["x", "x="], "expected a number for x, got nothing; write it as in x=-1.5 or x=1e-3"),
        (["x", "x=1e400"], "x=1e400 is too large: floats end at 1.8e308"),
        (["x", "2y=1"], "'2y' in '2y=1' is not a name; name variables with letters, digits and _, as in x1=2"),
        (["x", "=1"], "'' in '=1' is not a name"),
        (["lambda*x", "lambda=1", "x=2"], "'lambda' in 'lambda=1' is one of Python's own words"),
        (["fun(x)", "x=1"], "unknown function 'fun' at column 1: "),
        (["x +", "x=1"], "the expression ends too early at column 4"),
        (["x == 1", "x=1"], "'x == 1' at column 1 is not allowed"),
        (["x <= 1", "x=1"], "'x <= 1' at column 1 is not allowed"),
        (["max(x, y=1)", "x=1"], "'y=1' at column 8 is not allowed"),
        (["log(x)", "x=-1"], "log of -1.0: it takes x > 0"),
        (["1/x", "x=0"], "div of 1.0 and 0.0: float division by zero"),
        (["exp(x)", "x=1e3"], "exp of 1000.0: the result is beyond 1.8e308"),
        (["x", "x=1", "--paths", "-3"], "argument --paths: expected a whole number from 0 up, got '-3'"),
        (["x", "x=1", "--paths", "many"], "argument --paths: expected a whole number from 0 up, got 'many'"),
        (["x", "x=1", "--diagram"], "argument --diagram: expected one argument"),
        (["x", "x=1", "--digram=f.svg"], "unrecognized arguments: --digram=f.svg"),
        (["x", "x=1", "--diagram", "f.gif"], "cannot save a diagram as 'f.gif': the name must end in one of .svg"),
        (["+".join("x" * 400), "x=1", "--diagram", "f.svg"], "this graph has 400 nodes"),
        (["+".join("x" * 20_000), "x=1"], "the expression is too long or too deeply nested to be read"),
    ],
)
def test_a_faulty_question_gets_one_line_and_exit_code_2(asked, words, message):
    code, out, err = asked(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"python -m autograd: error: {message}")
    assert len(err.splitlines()) == 1


def test_a_diagram_that_cannot_be_written_is_said_in_one_line(asked, tmp_path):
    path = tmp_path / "missing" / "f.svg"
    code, out, err = asked("x", "x=1", "--diagram", str(path))
    assert (code, out) == (2, "")
    assert err == f"python -m autograd: error: cannot write the diagram to {path}: No such file or directory\n"


def test_version_is_the_packages(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"pathgrad {autograd.__version__}\n"


def test_help_shows_an_example_and_every_function(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["-h"])
    out = capsys.readouterr().out
    assert 'python -m autograd "(x*y + z)**2 + exp(x - y*z)" x=1 y=2 z=0' in out
    assert set(TABLE) <= set(out.split())


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_what_the_terminal_cannot_show_is_written_plainly(monkeypatch, encoding):
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["2*x", "x=3"]) == 0
    out = screen.buffer.getvalue().decode(encoding)
    assert "df/dx = 2" in out
    assert "x > f " in out


def test_the_command_runs_where_only_ascii_can_be_written():
    done = run(*EXAMPLE, PYTHONIOENCODING="ascii", LANG="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "df/dz = -1.43656" in done.stdout


def test_the_command_ends_without_a_traceback_and_with_exit_code_2():
    done = run("-x*y*z", "x=-1", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "python -m autograd: error: no value for y, z: add y=... z=...\n"


def test_a_reader_that_goes_away_is_no_error():
    command = [sys.executable, "-m", "autograd", *EXAMPLE]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 0
