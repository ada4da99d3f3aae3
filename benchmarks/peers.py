"""The tape beside its peers: C by hand, JAX, PyTorch, CasADi, micrograd, and what a new graph costs.

    pip install -e '.[peers,fast,dev]' && python benchmarks/peers.py

Writes benchmarks/results/peers.md, its ratios in short into the README, and draws peers.png. All contenders work in
float64 and, unless it says otherwise, on one thread; they take turns in one process, after their losses and gradients
were found to agree to 1e-9. Who is not installed is named as missing, and the rest runs.
"""

# ruff: noqa: E402  # that there is one thread has to be said before what asks for it is loaded

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import datetime
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import peer_c
import peer_casadi
import peer_digits
import peer_jax
import peer_moons
import peer_plot
import peer_torch
from common import RESULTS, ROOT, quoted
from peer_growth import SIZES
from peer_moons import TAPE
from peer_rounds import Contender, entered, interleaved, median, ratio, require_agreement
from peer_targets import Targets, figure
from peer_verdicts import Times, judged_digits, judged_growth, judged_moons, times_as_long

PACKAGES = ("numpy", "numba", "jax", "torch", "casadi", "micrograd")
MOONS = (peer_moons.tapes, peer_c.moons, peer_jax.moons, peer_torch.moons, peer_moons.eager, peer_moons.micrograd)
DIGITS = (peer_digits.tapes, peer_torch.digits, peer_jax.digits)
NOTE = (
    "float64, one thread each unless it says otherwise, in turns in one process; medians of the turns and of their",
    "ratios. C by hand loops over steps in C, the others in Python unless it says otherwise. All agree to 1e-9.",
)


def machine() -> str:
    """What the figures depend on: cores, instruction set, versions."""
    flags = Path("/proc/cpuinfo").read_text().split() if Path("/proc/cpuinfo").exists() else []
    widest = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "")
    versions = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    try:
        found = subprocess.run(["cc", "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
        versions.append(f"cc {found}")
    except FileNotFoundError:
        versions.append("cc not installed")
    cores = f"{os.cpu_count()} cores, {platform.machine()}{f' with {widest}' if widest else ''}, {platform.system()}"
    return f"{cores}; {', '.join(versions)}"


def compared(makers: Iterable[Callable[[], Iterable[Contender]]], agree: bool = True) -> tuple[Times, list[str]]:
    """Contenders found to agree, then timed."""
    contenders, missing = entered(makers)
    if agree:
        require_agreement(contenders)
    return interleaved(contenders), missing


def table(title: str, times: Times, missing: list[str]) -> str:
    lines = [f"## {title}", "", "| contender | median | beside the tape |", "|---|---:|---:|"]
    for name, found in times.items():
        lines.append(f"| {name} | {figure(1e6 * median(found))} µs | {figure(ratio(found, times[TAPE]))} × |")
    lines += [f"| {name} | not installed | |" for name in missing]
    text = "\n".join(lines) + "\n"
    print(text, flush=True)
    return text


def for_the_readme(moons: Times, digits: Times, casadi: dict[str, Times]) -> str:
    """The ratios in short: how many times as long as the tape each contender takes, and no absolute times."""
    lines = [f"Measured on {datetime.date.today()}: {machine()}.", "", "| task | contender | time beside the tape's |"]
    lines.append("|---|---|---:|")
    tasks = {"moons, a training step": moons, "digits, value and gradient": digits}
    tasks |= {task: times for task, times in casadi.items() if "1 point" not in task}
    for task, times in tasks.items():
        for name, found in times.items():
            if name != TAPE:
                lines.append(f"| {task} | {name} | {figure(ratio(found, times[TAPE]))} × |")
    return "\n".join(lines) + "\n"


def in_a_process_of_its_own(script: str) -> Any:
    command = [sys.executable, str(ROOT / "benchmarks" / script)]
    return json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout)


def training() -> Any:
    """Of several processes the one with the median time; they all learn the same."""
    runs = sorted((in_a_process_of_its_own("peer_training.py") for _ in range(5)), key=lambda run: run["seconds"])
    return runs[len(runs) // 2]


def compilation() -> tuple[float, float]:
    """Seconds, by the clock and of the processor, to compile the kernel on a machine that never did."""
    code = "import time; start = time.perf_counter(), time.process_time(); from autograd import Value; "
    code += "from autograd.tape import Tape; x = Value(1.0); Tape(x * x, [x], executor='compiled').forward([[2.0]]); "
    code += "print(time.perf_counter() - start[0], time.process_time() - start[1])"
    with tempfile.TemporaryDirectory() as directory:
        found = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PATHGRAD_CACHE": directory},
            capture_output=True,
            text=True,
            check=True,
        )
    clock, processor = map(float, found.stdout.split())
    return clock, processor


def growth_table(found: Any) -> str:
    lines = ["## A new graph: µs for each instruction, by the number of instructions", ""]
    lines += ["| graph | instructions | record | prepare the forward pass | prepare the gradient | replay |"]
    lines += ["|---|---:|---:|---:|---:|---:|"]
    for graph in ("chain", "terms", "network"):
        for size in map(str, SIZES):
            one = found[graph][size]
            parts = [f"{1e6 * one[part] / one['ops']:.3g}" for part in ("record", "forward", "gradient", "replay")]
            lines.append(f"| {graph} | {one['ops']:.0f} | {' | '.join(parts)} |")
    text = "\n".join(lines) + "\n"
    print(text, flush=True)
    return text


def main() -> None:
    targets, texts, loads = Targets(), [], [os.getloadavg()[0]]
    moons, missing = compared(MOONS)
    texts.append(table("A training step of the moons network: 100 rows, 2–16–16–1, hinge + L2, SGD", moons, missing))
    digits, missing = compared(DIGITS)
    texts.append(table("Value and gradient on the digits: 1437 rows, 64–32–10, cross-entropy", digits, missing))
    judged_moons(targets, moons)
    judged_digits(targets, digits, training())
    casadi = {}
    for task, makers in peer_casadi.TASKS.items():
        times, missing = compared(makers)
        casadi[task] = times
        texts.append(table(task, times, missing))
        for name in (peer_casadi.MACHINE, peer_casadi.CODE):
            targets.above(f"{task}: {name} beside the tape", times_as_long(times, name))
    for what, maker in (("moons", peer_moons.passes), ("digits", peer_digits.passes)):
        times, _ = compared([maker], agree=False)
        targets.at_most(f"{what}, gradient beside the forward pass", times_as_long(times, TAPE, "forward"), 4)
    found = in_a_process_of_its_own("peer_growth.py")
    texts.append(growth_table(found))
    judged_growth(targets, found)
    clock, processor = compilation()
    targets.below("compiling the kernel, once on a machine", clock, 20, " s")
    targets.without("the same, processor time", processor, " s")

    lines = [f"Measured on {datetime.date.today()}: {machine()}.", ""]
    lines += NOTE
    loads.append(os.getloadavg()[0])
    lines += [f"Load of the machine before and after: {loads[0]:.1f} and {loads[1]:.1f}; 1 is this run alone."]
    lines += ["", "| what | measured | target | |", "|---|---:|---:|---|"]
    lines += [f"| {' | '.join(row)} |" for row in targets.rows]
    summary = "\n".join(lines) + "\n"
    print(summary)
    (RESULTS / "peers.md").write_text("\n".join([summary, *texts]), encoding="utf-8")
    short = for_the_readme(moons, digits, casadi)
    (RESULTS / "peers_short.md").write_text(short, encoding="utf-8")
    quoted("peers_short", short)
    beside = {
        f"{task}: {name.removeprefix('CasADi ')}": ratio(times[name], times[TAPE])
        for task, times in casadi.items()
        for name in times
        if name != TAPE
    }
    medians = [{name: median(found) for name, found in times.items()} for times in (moons, digits)]
    picture = peer_plot.plotted(*medians, beside)
    picture.savefig(RESULTS / "peers.png", dpi=100)


if __name__ == "__main__":
    main()
