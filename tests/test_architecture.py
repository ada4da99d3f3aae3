"""What imports what: one direction inside autograd, nothing heavy at import, no public name hidden by a module."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
from autograd.op import TABLE

ROOT = Path(__file__).parents[1]
# each module may import those to its left
ORDER = [
    ["op", "extended", "rules", "graph", "recording", "segment", "copying", "comparisons", "value"],
    ["methods", "linearized", "checkpoint"],
    ["chain_rule", "dual", "jacobian", "hessian", "labels", "names", "mathml", "formula", "paths"],
    ["tables", "network_steps", "costs", "recognition", "counting"],
    ["edges", "flow", "explain"],
    ["typesetting", "notation", "derivation_lines", "written_out", "derivation"],
    ["differences", "ladder", "check_row", "check_report", "check_point", "check", "replay", "agreement"],
    ["wording", "style", "picture", "shapes", "arrows", "overlay", "digraph", "svg", "programs", "diagram"],
    ["collision", "syntax", "expression", "__main__"],
]
PARTS = {"layout", "folding", "page", "practice", "tape"}  # sub-packages: each is one reader, entered by one module
RANK = {name: i for i, name in enumerate(name for group in ORDER for name in group)}
PUBLIC = [
    "Tape",
    "Value",
    "agreement",
    "checkpoint",
    "count_steps",
    "derivation",
    "exercise",
    "worksheet",
    "explain_gradient",
    "network_steps",
    "training_time",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "check_gradients",
    "paths",
    "count_paths",
    "path_sum",
    "path_table",
    "diagram",
    "no_grad",
]


def imported(path, package):
    """The modules of `package` that the file imports when it is itself imported, by their first name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level == 1:
                found |= {module.split(".")[0]} if module else {alias.name for alias in node.names}
            elif module.split(".")[0] == package:
                found |= {*module.split(".")[1:2]} or {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "autograd").glob("*.py")), ids=lambda path: path.stem)
def test_imports_inside_autograd_go_one_way(path):
    if path.stem == "__init__":
        return
    typing_only = {
        "graph": {"value", "segment"},
        "comparisons": {"value"},
        "copying": {"value"},
        "linearized": {"value"},
        "segment": {"value"},
    }.get(path.stem, set())
    late = {"__main__": {"__version__"}}.get(path.stem, set())
    for module in imported(path, "autograd") - typing_only - late - PARTS:
        assert RANK[module] < RANK[path.stem], f"{path.stem} imports {module}"


def test_every_module_has_its_place_in_the_order():
    assert set(RANK) == {path.stem for path in (ROOT / "autograd").glob("*.py")} - {"__init__"}


def test_autograd_knows_nothing_of_nn():
    for path in (ROOT / "autograd").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "") or ""]
            )
            assert not any(name == "nn" or name.startswith("nn.") for name in names), path


def test_nn_uses_only_public_names_of_autograd():
    public = {name for name in vars(autograd) if not name.startswith("_")}
    for path in (ROOT / "nn").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograd"):
                assert node.module == "autograd", path
                assert {alias.name for alias in node.names} <= public, path


def test_importing_autograd_takes_the_standard_library_alone_and_nothing_slow():
    code = (
        "import sys; before = set(sys.modules); import autograd, nn; new = set(sys.modules) - before;"
        "print(*sorted({m.split('.')[0] for m in new} - sys.stdlib_module_names - {'autograd', 'nn'}),"
        "'|', *sorted(new & {'dataclasses', 'inspect', 'ast', 'argparse', 'asyncio', 'unittest', 'graphviz'}))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "|"


def test_public_names_stay_what_they_are_when_every_module_is_imported():
    for module in pkgutil.iter_modules(autograd.__path__):
        importlib.import_module(f"autograd.{module.name}")
    for name in (*PUBLIC, *TABLE):
        assert callable(getattr(autograd, name)), f"a module hides autograd.{name}"


def test_every_op_is_a_public_function():
    assert {name: getattr(autograd, name) for name in TABLE} == dict(TABLE)


def test_a_star_import_gives_the_public_names_and_leaves_pythons_own_alone():
    namespace = {}
    exec("from autograd import *", namespace)
    assert set(namespace) - {"__builtins__"} == {*PUBLIC, *TABLE} - {"abs", "pow"}


def test_every_public_name_has_a_docstring():
    for name in (*PUBLIC, *TABLE):
        assert getattr(autograd, name).__doc__.strip(), name
    for name in nn.__all__:
        assert getattr(nn, name).__doc__.strip(), name


def test_every_module_opens_with_one_line_that_states_its_idea():
    for package in ("autograd", "nn", "tests"):
        for path in (ROOT / package).rglob("*.py"):
            doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert doc, path
            assert doc.splitlines()[0].rstrip().endswith((".", "…")) or "`" in doc.splitlines()[0], path


def test_the_version_is_stated_once_and_for_all():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == autograd.__version__
    assert [d.split(">")[0] for d in project["dependencies"]] == ["graphviz"]
    assert {"fast", "notebooks", "dev", "graphviz"} <= set(project["optional-dependencies"])
