"""Makes the pictures of the README: `python docs/pictures.py`. A test makes them again and compares."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from autograd import Value, diagram, exp  # noqa: E402  # the checkout's
from nn import moons  # noqa: E402


def graph() -> str:
    """f = (xy + z)² + exp(x − yz) at (1, 2, 0), exercise U1, after backward."""
    x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
    f = (x * y + z) ** 2 + exp(x - y * z)
    f.name = "f"
    f.backward()
    return diagram(f, engine="builtin").svg()


def two_moons():
    """What the two-moons demo draws after its 100 steps."""
    points = moons.points()
    model = moons.network()
    history = list(moons.train(model, *points))
    return moons.picture(model, *points, history)


if __name__ == "__main__":
    (HERE / "graph.svg").write_text(graph(), encoding="utf-8")
    two_moons().savefig(HERE / "moons.png", dpi=100)
