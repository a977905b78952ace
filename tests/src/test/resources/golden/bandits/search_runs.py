#!/usr/bin/env python3
"""search_runs.py: writes random_search.json, one_plus_one_es.json and sep_cma_es.json beside itself. Needs numpy.

Nothing is taken over from the Java classes: the strategies are worked out with vectors from the recurrences in their
documentation. Losses are those of a shifted ellipsoid with an edge of the box as the best value of one coordinate; a trial in a
forbidden corner has none (null).
"""
import json
import os
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def loss(x):
    if x[0] > 0.8 and x[-1] > 0.8:
        return None
    target = np.linspace(0.3, 1.1, len(x))
    return float(np.sum(10.0 ** (np.arange(len(x)) / max(1, len(x) - 1)) * (x - target) ** 2))


def clip(x):
    return np.minimum(1.0, np.maximum(0.0, x))


def known(f):
    return np.inf if f is None else f


def random_search(d, trials, rng, hyper):
    u = np.round(rng.random((trials, d)), 12)
    return {"uniforms": u.tolist()}, [x for x in u], [loss(x) for x in u]


def one_plus_one_es(d, trials, rng, hyper):
    z = np.round(rng.normal(size=(trials, d)), 12)
    x, sigma, best = np.full(d, 0.5), hyper.get("sigma", 0.3), None
    points, losses = [], []
    for t in range(trials):
        y = x.copy() if t == 0 else clip(x + sigma * z[t])
        f = loss(y)
        points.append(y)
        losses.append(f)
        success = t == 0 or known(f) <= best
        if t > 0:
            sigma *= np.exp((float(success) - 0.2) / (0.8 * hyper.get("damping", 3)))
        if success:
            x, best = y, known(f)
    return {"normals": z.tolist()}, points, losses


def sep_cma_es(d, trials, rng, hyper):
    lam = int(hyper.get("population", 0)) or max(4, 4 + int(np.floor(3 * np.log(d))))
    mu = lam // 2
    w = np.log(lam / 2 + 0.5) - np.log(np.arange(1, mu + 1))
    w /= w.sum()
    mueff = 1 / np.sum(w**2)
    cs = (mueff + 2) / (d + mueff + 5)
    damps = 1 + 2 * max(0, np.sqrt((mueff - 1) / (d + 1)) - 1) + cs
    cc = (4 + mueff / d) / (d + 4 + 2 * mueff / d)
    c1 = min(1, (d + 2) / 3 * 2 / ((d + 1.3) ** 2 + mueff))
    cmu = min(1 - c1, (d + 2) / 3 * 2 * (mueff - 2 + 1 / mueff) / ((d + 2) ** 2 + mueff))
    chi = np.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d**2))
    z = np.round(rng.normal(size=(trials, d)), 12)
    m, sigma, C = np.full(d, 0.5), hyper.get("sigma", 0.3), np.ones(d)
    ps, pc = np.zeros(d), np.zeros(d)
    points, losses = [], []
    for g in range(trials // lam):
        X = np.array([clip(m + sigma * np.sqrt(C) * z[g * lam + k]) for k in range(lam)])
        F = [loss(x) for x in X]
        points.extend(X)
        losses.extend(F)
        best = np.argsort([known(f) for f in F], kind="stable")[:mu]
        Y = (X[best] - m) / sigma
        yw = w @ Y
        m = m + sigma * yw
        ps = (1 - cs) * ps + np.sqrt(cs * (2 - cs) * mueff) * yw / np.sqrt(C)
        norm = np.linalg.norm(ps)
        h = float(norm / np.sqrt(1 - (1 - cs) ** (2 * (g + 1))) / chi < 1.4 + 2 / (d + 1))
        pc = (1 - cc) * pc + h * np.sqrt(cc * (2 - cc) * mueff) * yw
        C = (1 - c1 - cmu) * C + c1 * (pc**2 + (1 - h) * cc * (2 - cc) * C) + cmu * (w @ Y**2)
        sigma *= np.exp(cs / damps * (norm / chi - 1))
    return {"normals": z[: len(points)].tolist()}, points, losses


def case(run, d, trials, seed, hyper):
    draws, points, losses = run(d, trials, np.random.default_rng(seed), hyper)
    inputs = {"dimension": d, "hyperparameters": hyper, **draws, "losses": losses}
    incumbent = int(np.argmin([known(f) for f in losses]))
    return {"inputs": inputs, "expected": {"points": [p.tolist() for p in points], "incumbent": incumbent}}


def write(method, run, description, cases):
    file = {
        "name": method.replace("-", "_"),
        "kind": "search_run",
        "method": method,
        "description": description + "; losses are given, null is one that is not finite; made by search_runs.py",
        "tolerance": 1e-9,
        "cases": [case(run, *c) for c in cases],
    }
    with open(os.path.join(HERE, file["name"] + ".json"), "w") as out:
        json.dump(file, out, separators=(",", ":"))
        out.write("\n")


write("random-search", random_search, "every point is the listed uniforms", [(2, 12, 1, {}), (5, 8, 2, {})])
write(
    "one-plus-one-es",
    one_plus_one_es,
    "(1+1)-ES, one-fifth rule, from the middle of the box, points clipped to it",
    [(2, 40, 3, {}), (6, 60, 4, {"sigma": 0.15, "damping": 2.0})],
)
write(
    "sep-cma-es",
    sep_cma_es,
    "CMA-ES with a diagonal covariance, constants of Hansen's tutorial, c1 and cmu times (d+2)/3, points clipped to the box",
    [(1, 40, 7, {}), (3, 70, 5, {}), (8, 96, 6, {"sigma": 0.2, "population": 12.0})],
)
