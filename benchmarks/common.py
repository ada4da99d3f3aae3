"""What the benchmarks share: the machine's name, the two moons, and where results go."""

from __future__ import annotations

import datetime
import json
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
sys.path.insert(0, str(ROOT))


def moons():
    """The two moons, made in another process, so that scikit-learn's objects burden no garbage collection here."""
    code = "import json; from nn.moons import points; print(json.dumps(points()))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(found.stdout)


def machine():
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next(
            (line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line), model
        )
    return f"{model}, {platform.system()}, Python {platform.python_version()}"


def written(name, rows):
    """The table of (what, measured, target) as Markdown, printed and written to results/`name`.md."""
    lines = [f"Measured on {datetime.date.today()}: {machine()}. Medians of paired runs, garbage collector on.", ""]
    lines += ["| what | measured | target |", "|---|---|---|"]
    lines += [f"| {what} | {measured} | {target} |" for what, measured, target in rows]
    text = "\n".join(lines) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text, end="")
    return text


def quoted(name, text):
    """Put the result into the README, between the marks that name it."""
    readme = ROOT / "README.md"
    before, mark, rest = readme.read_text(encoding="utf-8").partition(f"<!-- benchmarks/results/{name}.md -->\n")
    if not mark:
        raise LookupError(f"README.md has no place for the result {name}")
    readme.write_text(f"{before}{mark}{text}{rest[rest.index('<!-- end -->') :]}", encoding="utf-8")
