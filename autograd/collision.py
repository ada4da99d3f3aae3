"""The other package named autograd: a distribution on PyPI that installs one too, into the very same folder."""

from __future__ import annotations

import sys
from os.path import dirname, isdir, join


def other_autograd() -> str | None:
    """The folder in which the other package lies, or None. It is told by its subpackage `autograd.numpy`."""
    for folder in (dirname(dirname(__file__)), *sys.path):
        if isdir(join(folder, "autograd", "numpy")):
            return join(folder, "autograd")
    return None


def warn_of_other_autograd() -> None:
    """Warn, if the other package is in this environment: whichever comes first on the path is what users get."""
    folder = other_autograd()
    if folder is not None:
        import warnings

        warnings.warn(
            f"another distribution named autograd is installed in {folder}; it takes the place of pathgrad's package "
            "of that name, or will at its next update. Run: pip uninstall -y autograd, then install pathgrad again",
            UserWarning,
            stacklevel=3,
        )
