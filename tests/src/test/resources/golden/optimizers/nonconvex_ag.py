#!/usr/bin/env python3
"""nonconvex_ag.py scad > nonconvex_ag.json, nonconvex_ag.py mcp > nonconvex_ag_mcp.json: steps of the accelerated gradient method on
logistic regression under a nonconvex penalty, from its definition. Needs numpy.

Nothing is taken over from the Java class: the slope of the penalty's concave part is the difference of the slopes of the penalty, piece
by piece as its paper gives it, and of l |t|; the restart is decided from the list of all points at which gradients were taken.
"""
import json
import sys
import numpy as np

PENALTY = sys.argv[1]
LR, STEPS, ROWS, D = 0.3, 40, 16, 5
l, a, gamma = {"scad": (0.15, 3.2, 3.0), "mcp": (0.1, 3.7, 2.5)}[PENALTY]
rng = np.random.default_rng(20261121)
X = np.round(rng.normal(size=(ROWS, D)) * [0.5, 1, 1.5, 1, 0.7], 4)
Y = np.where(X @ [1, -1, 0.5, 0, 0] + 0.5 * rng.normal(size=ROWS) > 0, 1.0, -1.0)
RIDGE = 0.01
W0 = np.round(rng.normal(size=D) * 0.3, 6)
BATCHES = [rng.choice(ROWS, 8, replace=False).tolist() for _ in range(STEPS)]


def gradient(w, rows):
    slope = -Y[rows] / (1 + np.exp(Y[rows] * (X[rows] @ w)))
    return X[rows].T @ slope / len(rows) + RIDGE * w


def penalty_slope(size):
    if PENALTY == "mcp":
        return l - size / gamma if size <= gamma * l else 0.0
    return l if size <= l else (a * l - size) / (a - 1) if size <= a * l else 0.0


def concave_slope(w):
    return np.array([np.sign(t) * (penalty_slope(abs(t)) - l) for t in w])


def prox_l1(w, by):
    return w - np.clip(w, -by, by)


x, ag = W0.copy(), W0.copy()
looked = [W0]
alpha, last_restart = 1.0, 0
params, published, restarts = [], [], 0
for k, rows in enumerate(BATCHES, 1):
    slower = k > 2 and np.linalg.norm(looked[-1] - looked[-2]) < np.linalg.norm(looked[-2] - looked[-3])
    if slower and k - last_restart >= 3:
        alpha, last_restart = 1.0, k
        restarts += 1
    else:
        alpha = 2 / (1 + np.sqrt(1 + 4 / alpha ** 2))
    md = (1 - alpha) * ag + alpha * x if k > 1 else W0
    looked.append(md)
    g = gradient(md, rows) + concave_slope(md)
    x = prox_l1(x - LR / alpha * g, l * LR / alpha)
    ag = prox_l1(md - LR * g, l * LR)
    params.append(x.tolist())
    published.append(ag.tolist())
points = np.abs(looked)
ends = [0, l, a * l, np.inf] if PENALTY == "scad" else [0, gamma * l, np.inf]
pieces = [np.sum((points > low) & (points <= high)) for low, high in zip(ends, ends[1:])]
assert 3 <= restarts <= STEPS // 4 and min(pieces) > 5, f"not all of the rule is exercised: {restarts} restarts, {pieces}"
assert np.sum(np.array(published) == 0) > 5, "no zeros"

print(json.dumps({
    "method": "nonconvex_ag",
    "hyperparameters": {"lr": LR, "lambda": l, "a": a, "gamma": gamma, "mcp": int(PENALTY == "mcp")},
    "oracle": "problem",
    "problem": {"type": "logistic", "X": X.tolist(), "y": Y.tolist(), "lambda": RIDGE},
    "inputs": {"batches": BATCHES},
    "shape": [D],
    "w0": W0.tolist(),
    "trajectory": params,
    "extra_trajectories": {"published": published},
    "final_state": {"ag": ag.tolist(), "md": md.tolist()},
    "tolerance": {"rtol": 1e-9, "atol": 1e-11},
    "note": "made by nonconvex_ag.py beside this file: numpy, from the recurrence, not from this code",
    "checked_against": "numpy " + np.__version__,
}, separators=(",", ":")))
