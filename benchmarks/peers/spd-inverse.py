"""Inverts a matrix such as EASE's once by NumPy's inverse and once by LAPACK's Cholesky inverse, f32: seconds of each."""

import json
import sys
import time

import numpy as np
from scipy.linalg import lapack

FACTORS = 500


def spd(n: int) -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((n, FACTORS), dtype=np.float32)
    return rows @ rows.T / FACTORS + np.eye(n, dtype=np.float32)


def cholesky_inverse(matrix: np.ndarray) -> np.ndarray:
    factor, failed = lapack.spotrf(matrix, lower=1)
    inverse, failed_too = lapack.spotri(factor, lower=1)
    assert failed == 0 and failed_too == 0
    return inverse


def seconds(work, matrix: np.ndarray) -> float:
    started = time.perf_counter()
    work(matrix)
    return time.perf_counter() - started


matrix = spd(int(json.load(sys.stdin)["n"]))
lower = np.asfortranarray(matrix)
seconds(cholesky_inverse, lower[:500, :500])
json.dump({"numpyS": seconds(np.linalg.inv, matrix), "choleskyS": seconds(cholesky_inverse, lower)}, sys.stdout)
