"""The main pictures, drawn and rasterised into the folder artefacts/, for somebody to look at; none is blank."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from strategies import u1

from autograd import Value, diagram
from nn import MLP, hinge, squared_norm

ARTEFACTS = Path(__file__).parents[1] / "artefacts"


def example():
    f, (x, _, _) = u1()
    f.name = "f"
    f.backward()
    return f, x


def square():
    a = Value(3.0, "a")
    f = a * a
    f.backward()
    return f


def loss(samples, widths):
    rng = random.Random(0)
    model = MLP(2, widths, rng=0)
    hinges = [hinge(model([rng.gauss(0, 1), rng.gauss(0, 1)]), rng.choice([-1, 1])) for _ in range(samples)]
    total = sum(hinges) * (1.0 / samples) + 1e-4 * squared_norm(model.parameters())
    total.name = "L"
    total.backward()
    return total, model


def folded(samples, widths, **options):
    total, model = loss(samples, widths)
    return diagram(total, engine="builtin", model=model, **options)


PICTURES = {
    "square": lambda: diagram(square(), engine="builtin"),
    "u1_light": lambda: diagram(example()[0], engine="builtin"),
    "u1_dark": lambda: diagram(example()[0], engine="builtin", theme="dark"),
    "u1_print": lambda: diagram(example()[0], engine="builtin", theme="print"),
    "u1_paths": lambda: (lambda f, x: diagram(f, engine="builtin", paths_from=x))(*example()),
    "network_unfolded": lambda: folded(1, [3, 1], fold="none"),
    "network_neurons": lambda: folded(1, [3, 1], fold="neuron"),
    "network_opened": lambda: folded(1, [3, 1], fold="layer", open="layers.0"),
    "moons_one_sample": lambda: folded(1, [16, 16, 1], fold="layer"),
    "moons_all_samples": lambda: folded(100, [16, 16, 1], fold="layer"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_and_can_be_looked_at(name):
    if not shutil.which("rsvg-convert"):
        pytest.skip("rasterising takes the program rsvg-convert (Debian: librsvg2-bin)")
    import numpy
    from PIL import Image

    ARTEFACTS.mkdir(exist_ok=True)
    picture, raster = ARTEFACTS / f"{name}.svg", ARTEFACTS / f"{name}.png"
    PICTURES[name]().save(picture)
    subprocess.run(["rsvg-convert", "--zoom=1.5", "-o", raster, picture], check=True)
    pixels = numpy.asarray(Image.open(raster).convert("RGB"))
    background = (pixels == pixels[0, 0]).all(axis=2)
    assert 0.3 < background.mean() < 0.99
    assert background[:, [0, -1]].all() and background[[0, -1]].all(), "something is cut off at the edge"
