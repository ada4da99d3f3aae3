"""`python -m nn moons` trains the two-moons classifier and draws what it learned; `python -m nn worksheets` writes the
notebooks without their solutions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

MISSING = "python -m nn moons needs scikit-learn and Matplotlib: pip install 'pathgrad[notebooks]'"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nn", description="A network to watch, and worksheets to fill in.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="moons | worksheets")
    moons = commands.add_parser(
        "moons", help="train MLP(2, [16, 16, 1]) on two interleaved crescents of 50 points each, and draw the result"
    )
    moons.add_argument("--steps", type=_count, default=100, help="training steps (100)")
    moons.add_argument("--output", default="moons.png", help="where the picture goes: .png .svg .pdf (moons.png)")
    sheets = commands.add_parser("worksheets", help="copies of the notebooks with the solutions left for you to find")
    sheets.add_argument("folder", nargs="?", type=Path, default="worksheets", help="where they go (worksheets)")
    sheets.add_argument("--replace", action="store_true", help="write over worksheets that are there already")
    chosen = parser.parse_args(arguments)
    if chosen.command == "worksheets":
        return _worksheets(chosen.folder, chosen.replace)
    try:
        return _moons(chosen.steps, chosen.output)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("sklearn", "matplotlib", "numpy"):
            raise
        print(f"{MISSING} ({error.name} is not installed)", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"cannot write {chosen.output}: {error}", file=sys.stderr)
        return 2


def _moons(steps: int, output: str) -> int:
    from matplotlib.figure import Figure

    ending = output.rpartition(".")[2].lower()
    if ending not in (known := Figure().canvas.get_supported_filetypes()):  # found out now, not after the training
        raise ValueError(f"the name must end in one of {' '.join(f'.{e}' for e in known)}")

    from .moons import network, picture, points, train

    x, y = points()
    model = network()
    print(f"MLP(2, [16, 16, 1]): {len(model.parameters())} parameters, {len(x)} points")
    history = []
    live = sys.stdout.isatty()
    for step in train(model, x, y, steps):
        history.append(step)
        line = f"step {step.number:3d}   loss {step.loss:.6f}   accuracy {step.accuracy:4.0%}"
        if live:
            print(f"\r{line}", end="", flush=True)
        elif step.number % 10 == 0 or step.number == steps - 1:
            print(line)
    if live:
        print()
    print(f"loss {history[0].loss!r} at the first step, {history[-1].loss!r} at the last")
    picture(model, x, y, history).savefig(output, dpi=120)
    print(f"picture: {output}")
    return 0


def _worksheets(folder: Path, replace: bool) -> int:
    from .student import write_worksheets

    try:
        files = write_worksheets(folder, replace=replace)
    except OSError as error:
        print(f"no worksheets: {error}", file=sys.stderr)
        return 2
    print(*files, sep="\n")
    print(f"{len(files)} worksheets; open one with: python -m jupyter lab {files[0]}")
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 up, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
