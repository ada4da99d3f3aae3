"""Real sets that come with scikit-learn: iris, digits, diabetes. Nothing is downloaded."""

from __future__ import annotations

from typing import Any, NamedTuple


class Dataset(NamedTuple):
    """Rows `x`, targets `y`, the names of the columns and of the classes (none where the target is a number)."""

    x: list[list[float]]
    y: list[Any]
    features: list[str]
    classes: list[str]

    def __repr__(self) -> str:
        classes = f", {len(self.classes)} classes" if self.classes else ""
        return f"Dataset({len(self.x)} rows, {len(self.features)} features{classes})"


def iris() -> Dataset:
    """150 iris flowers, four lengths in cm each; y is the species 0, 1 or 2, fifty of each (Fisher 1936).

    ModuleNotFoundError: scikit-learn is not installed.

    >>> iris(), iris().classes
    (Dataset(150 rows, 4 features, 3 classes), ['setosa', 'versicolor', 'virginica'])
    """
    return _dataset("iris")


def digits() -> Dataset:
    """1797 handwritten digits, 8×8 pixels from 0 to 16 row by row; y is the digit 0 … 9.

    ModuleNotFoundError: scikit-learn is not installed.

    >>> digits(), digits().y[:5]
    (Dataset(1797 rows, 64 features, 10 classes), [0, 1, 2, 3, 4])
    """
    return _dataset("digits")


def diabetes() -> Dataset:
    """442 patients, ten measurements each; y is the progress of the disease a year later, a number (Efron et al. 2004).

    The columns are as measured, age in years and so on, where scikit-learn's default has scaled them with statistics
    of all rows: what a `Standardizer` does belongs after the split. ModuleNotFoundError: scikit-learn is not installed.

    >>> diabetes(), diabetes().x[0][:3], diabetes().y[0]
    (Dataset(442 rows, 10 features), [59.0, 2.0, 32.1], 151.0)
    """
    return _dataset("diabetes", scaled=False)


def _dataset(name: str, **options: bool) -> Dataset:
    try:
        from sklearn import datasets
    except ModuleNotFoundError as error:
        text = f"{name}() needs scikit-learn: pip install 'pathgrad[notebooks]' ({error.name} is not installed)"
        raise ModuleNotFoundError(text, name=error.name) from None
    found = getattr(datasets, f"load_{name}")(**options)
    classes = [str(c) for c in found.get("target_names", [])]
    return Dataset(found.data.tolist(), found.target.tolist(), [str(f) for f in found.feature_names], classes)
