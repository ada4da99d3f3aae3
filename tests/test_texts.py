"""The README and its pictures say what the code says now."""

import importlib.util
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pictures():
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs" / "pictures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_has_two_commands_that_differ_in_what_they_install_and_run():
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    first, second = (command.split(" && ") for command in commands)
    assert first[:1] == second[:1] == ["python3 -m venv .venv"]
    assert second[-1] == ".venv/bin/python -m pytest"


def test_the_readmes_first_command_prints_what_the_readme_shows(tmp_path):
    command = next(line for line in README.splitlines() if line.startswith("python3 -m venv")).split(" && ")[-1]
    words = [sys.executable, *shlex.split(command)[1:-1], str(tmp_path / "f.svg")]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    found = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", env=environment, check=True)
    for block in re.findall(r">>> (?:path_table|check_gradients).*\n((?:.+\n)+)", README):
        assert block.replace("<BLANKLINE>", "") in found.stdout
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("name", ["eager", "analysis", "peers_short"])
def test_the_readme_quotes_the_benchmarks_last_result(name):
    quoted = README.split(f"<!-- benchmarks/results/{name}.md -->\n")[1].split("<!-- end -->")[0]
    assert quoted == (ROOT / "benchmarks" / "results" / f"{name}.md").read_text(encoding="utf-8")
    assert "Measured on 20" in quoted


def test_the_speed_in_the_opening_words_is_the_measured_one():
    measured = float(re.search(r"`nn` beside micrograd \| ([\d.]+) × faster", README)[1])
    assert "more than twenty-five times faster" in README
    assert measured > 25


def test_the_graph_of_the_readme_is_drawn_by_the_code(pictures):
    assert (ROOT / "docs" / "graph.svg").read_text(encoding="utf-8") == pictures.graph()


def test_the_two_moons_of_the_readme_are_drawn_by_the_code(pictures):
    from matplotlib.image import imread

    drawn = io.BytesIO()
    pictures.two_moons().savefig(drawn, dpi=100, format="png")
    drawn.seek(0)
    fresh, committed = imread(drawn), imread(ROOT / "docs" / "moons.png")
    assert fresh.shape == committed.shape
    assert np.abs(fresh - committed).mean() < 0.01  # versions of Matplotlib differ by antialiasing


def test_every_link_of_the_texts_leads_somewhere():
    for text in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / text).read_text(encoding="utf-8")):
            assert target.startswith("https://") or (ROOT / target).exists(), f"{text} links to {target}"


def test_the_row_in_the_contributing_guide_is_all_that_an_op_takes(capsys):
    from autograd import Value, check_gradients, gradient, rules
    from autograd.__main__ import main

    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    namespace = dict(vars(rules))
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], namespace)
    cbrt = namespace["cbrt"]
    assert cbrt(-27.0) == pytest.approx(-3)
    x = Value(8.0, "x")
    assert gradient(x.cbrt(), x) == pytest.approx(1 / 12)
    assert gradient(gradient(cbrt(x), x, create_graph=True), x) == pytest.approx(-2 / 9 * 8 ** (-5 / 3))
    assert check_gradients(cbrt, [2.0])
    assert main(["cbrt(x)", "x=8"]) == 0
    assert "∂f/∂x = 0.0833333" in capsys.readouterr().out
