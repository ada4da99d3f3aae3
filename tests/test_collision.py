"""Another distribution installs a package named autograd too: ours warns, nn refuses, the tests run on the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import autograd
import nn

CHECKOUT = Path(__file__).parents[1]


def run(code, *folders, cwd):
    """The code in a fresh interpreter that sees these folders first."""
    path = os.pathsep.join(map(str, folders))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True)


def other_distribution(folder):
    """A package like the other one: named autograd, with a subpackage numpy, and without a Value."""
    package = folder / "autograd"
    (package / "numpy").mkdir(parents=True)
    (package / "__init__.py").write_text("def grad(f): ...\n")
    (package / "numpy" / "__init__.py").write_text("")
    return folder


def test_the_tests_import_the_checkout():
    assert Path(autograd.__file__).parents[1] == CHECKOUT
    assert Path(nn.__file__).parents[1] == CHECKOUT


def test_nn_refuses_the_other_package_and_says_what_to_run(tmp_path):
    other = other_distribution(tmp_path / "other")
    result = run("import nn", other, CHECKOUT, cwd=tmp_path)
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: nn needs pathgrad's package autograd, but the one in ")
    assert "pip uninstall -y autograd && pip install --force-reinstall --no-deps" in last


def test_nn_refuses_a_package_that_cannot_be_imported(tmp_path):
    other = other_distribution(tmp_path / "other")
    (other / "autograd" / "__init__.py").write_text("import a_module_that_is_not_there\n")
    result = run("import nn", other, CHECKOUT, cwd=tmp_path)
    assert "cannot be imported (No module named 'a_module_that_is_not_there')" in result.stderr


def test_our_autograd_warns_of_the_other_package_behind_it(tmp_path):
    other = other_distribution(tmp_path / "other")
    result = run("import autograd, nn; print(autograd.Value(1.0))", CHECKOUT, other, cwd=tmp_path)
    assert "another distribution named autograd is installed in" in result.stderr
    assert "pip uninstall -y autograd" in result.stderr
    assert result.stdout.startswith("Value(")


def test_our_autograd_warns_when_both_share_one_folder(tmp_path):
    shared = other_distribution(tmp_path / "shared")
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "autograd", shared / "autograd", dirs_exist_ok=True, ignore=without)
    result = run("import autograd; print(autograd.Value(1.0))", shared, cwd=tmp_path)
    assert "another distribution named autograd is installed in" in result.stderr
    assert result.stdout.startswith("Value(")


def test_there_is_no_warning_without_the_other_package(tmp_path):
    result = run(
        "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\nimport autograd, nn",
        CHECKOUT,
        cwd=tmp_path,
    )
    assert result.stderr == ""
    assert result.returncode == 0
