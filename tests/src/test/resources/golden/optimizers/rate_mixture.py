#!/usr/bin/env python3
"""rate_mixture.py > rate_mixture.json: steps of the mixture of rates on logistic regression, from its definition. Needs numpy.

Nothing is taken over from the Java class: the curvature, the weights and the copies are worked out with vectors and matrices from
the recurrence in its documentation; the minimum over the simplex by moving weight between pairs, three times over all pairs.
"""
import json
import numpy as np

WINDOW, DAMPING, LR, STEPS, ROWS, D = 12, 3.0, 1.0, 40, 16, 4
rng = np.random.default_rng(20261121)
X = np.round(rng.normal(size=(ROWS, D)) * [0.5, 1, 1.5, 2], 4)
Y = np.where(X @ [1, -1, 0.5, 0.3] + 0.5 * rng.normal(size=ROWS) > 0, 1.0, -1.0)
LAMBDA = 0.01
W0 = np.round(rng.normal(size=D) * 0.5, 6)
BATCHES = [rng.choice(ROWS, 4, replace=False).tolist() for _ in range(STEPS)]


def value(w, rows):
    return np.mean(np.log1p(np.exp(-Y[rows] * (X[rows] @ w)))) + 0.5 * LAMBDA * w @ w


def gradient(w, rows):
    slope = -Y[rows] / (1 + np.exp(Y[rows] * (X[rows] @ w)))
    return X[rows].T @ slope / len(rows) + LAMBDA * w


def newton_on_simplex(w, s, H):
    v = w.copy()
    for _ in range(3):
        for i in range(1, len(w)):
            for j in range(i):
                e = np.zeros(len(w))
                e[i], e[j] = 1, -1
                along = -(s + H @ (v - w)) @ e / (e @ H @ e)
                v += e * np.clip(along, -v[i], v[j])
    return v / v.sum()


rates = np.array([1 / 64, 1 / 8, 1])
copies = np.tile(W0, (6, 1))
q = np.zeros((3, D))
w = np.full(6, 1 / 6)
A = np.zeros((6, 6))
mean = 0.0
first, published, weights = [], [], []
for t, rows in enumerate(BATCHES, 1):
    n = len(rows)
    mix = w @ copies
    g = gradient(mix, rows)
    own = np.array([gradient(c, rows) for c in copies])
    s = (copies - mix) @ g
    c = np.sum((own - g) * (copies - mix))
    if s @ s > 0 and c > 0:
        A = max(0, 1 - n / WINDOW) * A + n * c * np.outer(s, s) / (s @ s)
        mean += (c - mean) / min(t, max(1, WINDOW / n))
        w = newton_on_simplex(w, n * s, A + DAMPING * mean / 6 * np.eye(6))
    q += own[3:] ** 2
    direction = LR * np.vstack([rates[:, None] * own[:3], own[3:] / (q + 1 / rates[:, None])])
    loss = np.array([value(p, rows) for p in copies])
    copies = copies - np.minimum(1, 2 * loss / np.sum(own * direction, axis=1))[:, None] * direction
    first.append(copies[0].tolist())
    published.append((w @ copies).tolist())
    weights.append(w.tolist())

print(json.dumps({
    "method": "rate_mixture",
    "hyperparameters": {"lr": LR, "window": WINDOW, "damping": DAMPING},
    "oracle": "problem",
    "problem": {"type": "logistic", "X": X.tolist(), "y": Y.tolist(), "lambda": LAMBDA},
    "inputs": {"batches": BATCHES},
    "shape": [D],
    "w0": W0.tolist(),
    "trajectory": first,
    "extra_trajectories": {"published": published, "weights": weights},
    "final_state": {"curvature": A.ravel().tolist(), "mean-curvature": [mean], "settler-3": copies[5].tolist(), "follower-2": copies[1].tolist()},
    "tolerance": {"rtol": 1e-8, "atol": 1e-10},
    "note": "made by rate_mixture.py beside this file: numpy, from the recurrence, not from this code",
    "checked_against": "numpy " + np.__version__,
}, separators=(",", ":")))
