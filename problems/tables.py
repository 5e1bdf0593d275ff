"""scikit-learn's bundled data sets, read from its files: importing scikit-learn takes longer than
most sweeps of them.
"""

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np

FILES = {
    "breast_cancer": "breast_cancer.csv",
    "diabetes": "diabetes_data_raw.csv.gz",
    "digits": "digits.csv.gz",
    "iris": "iris.csv",
    "wine": "wine_data.csv",
}


@cache
def table(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (N, d) and targets (N,) of the data set, as load_NAME(return_X_y=True) has them,
    diabetes unscaled.

    Where a version of scikit-learn keeps its files elsewhere, its own loader is asked.
    """
    package = importlib.util.find_spec("sklearn")
    folder = Path(str(package and package.origin)).parent / "datasets" / "data"
    if not (folder / FILES[name]).is_file():
        from sklearn import datasets

        return getattr(datasets, f"load_{name}")(
            return_X_y=True, **({"scaled": False} if name == "diabetes" else {})
        )
    if name == "diabetes":
        return np.loadtxt(folder / FILES[name]), np.loadtxt(folder / "diabetes_target.csv.gz")
    columns = np.loadtxt(folder / FILES[name], delimiter=",", skiprows=0 if name == "digits" else 1)
    return columns[:, :-1], columns[:, -1]
