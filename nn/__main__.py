"""`python -m nn moons`: train the two-moons classifier and draw what it learned."""

from __future__ import annotations

import argparse
import sys

MISSING = "python -m nn moons needs scikit-learn and Matplotlib: pip install 'pathgrad[notebooks]'"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nn", description="Train a small network and draw the result.")
    demos = parser.add_subparsers(dest="demo", required=True, metavar="moons")
    moons = demos.add_parser("moons", help="two interleaved crescents of 50 points each, MLP(2, [16, 16, 1])")
    moons.add_argument("--steps", type=_count, default=100, help="training steps (100)")
    moons.add_argument("--output", default="moons.png", help="where the picture goes: .png .svg .pdf (moons.png)")
    chosen = parser.parse_args(arguments)
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


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 up, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
