"""Makes the golden files of the policies that no other program has runs of.

Written from the formulas of the papers, with numpy and scipy and other methods than the production
code: inverses of whole matrices, roots by bisection, integrals by adaptive quadrature.

    python3 policies.py          writes tsallis_inf_cb.json, joint.json, thompson_beta.json, ... here
"""

import json

import numpy as np
from scipy import integrate, optimize, stats

HOW = "policies.py beside this file, numpy and scipy: inverses of whole matrices, roots by Brent's method, integrals by adaptive quadrature"


def draw(u, p):
    total = 0.0
    for i, pi in enumerate(p):
        total += pi
        if pi > 0 and u < total:
            return i
    return max(i for i, pi in enumerate(p) if pi > 0)


def argmax(score, eligible):
    best = eligible[0]
    for a in eligible:
        if score[a] > score[best]:
            best = a
    return best


def mix(p, eligible, eps):
    for a in eligible:
        p[a] = (1 - eps) * p[a] + eps / len(eligible)
    return p


def tsallis(z, eligible, d, t):
    eta = 2 / np.sqrt(t)
    zs = np.array([z[a] for a in eligible]) - min(z[a] for a in eligible)
    if len(eligible) == 1:
        ps = np.ones(1)
    else:
        f = lambda x: np.sum(4 / (eta * (zs - x)) ** 2) - 1
        x = optimize.brentq(f, -2 * np.sqrt(len(zs)) / eta - 1e-9, -2 / eta, xtol=1e-15, rtol=8.9e-16)
        ps = 4 / (eta * (zs - x)) ** 2
    p = np.zeros(d)
    p[eligible] = ps / ps.sum()
    return p


def softmax(w, eligible, d):
    e = np.exp(np.array([w[a] for a in eligible]) - max(w[a] for a in eligible))
    p = np.zeros(d)
    p[eligible] = e / e.sum()
    return p


def cheb(z, m):
    return np.array([np.cos(j * np.arccos(z)) for j in range(m)])


def centred(x, low, high):
    return min(1.0, max(-1.0, 2 * (x - low) / (high - low) - 1))


def greatest(frozen):
    """Probability that each of independent variables is the greatest."""
    p = []
    points = sorted({q for f in frozen for q in f.ppf([1e-9, 1e-4, 0.02, 0.2, 0.5, 0.8, 0.98, 1 - 1e-4, 1 - 1e-9])})
    for i, f in enumerate(frozen):
        g = lambda x: f.pdf(x) * np.prod([h.cdf(x) for j, h in enumerate(frozen) if j != i])
        p.append(sum(integrate.quad(g, a, b, epsabs=1e-13, epsrel=1e-11)[0] for a, b in zip(points, points[1:])))
    return np.array(p) / sum(p)


def case(policy, rng, arms, rounds, values, costs, step, context=0, features=0, arm_values=None, subsets=False,
         uniforms=1, normals=0, wide=(0.0, 1.0)):
    """step(t, x, f, eligible, u, n) -> (arm, p, scores or None); then step.learn(arm, p, x, f, cost)."""
    inputs = {"policy": policy, "arms": arms, "context": context, "features": features, "values": values,
              "costs": [[float(c) for c in row] for row in costs]}
    if uniforms:
        inputs["uniforms"] = rng.random((rounds, uniforms)).tolist()
    if normals:
        inputs["normals"] = rng.standard_normal((rounds, normals)).tolist()
    if context:
        inputs["contexts"] = rng.uniform(*wide, (rounds, context)).tolist()
    if features:
        inputs["arm_features"] = rng.standard_normal((rounds, arms, features)).tolist()
    if arm_values is not None:
        inputs["arm_values"] = list(arm_values)
    if subsets:
        inputs["eligible"] = [sorted(rng.choice(arms, size=int(rng.integers(1, arms + 1)), replace=False).tolist())
                              for _ in range(rounds)]
    out = []
    for t in range(rounds):
        eligible = inputs["eligible"][t] if subsets else list(range(arms))
        x = np.array(inputs["contexts"][t]) if context else None
        f = np.array(inputs["arm_features"][t]) if features else None
        u = inputs["uniforms"][t] if uniforms else []
        n = inputs["normals"][t] if normals else []
        arm, p, scores = step.decide(t, x, f, eligible, u, n)
        row = {"arm": int(arm), "p": [float(v) for v in p]}
        if scores is not None:
            row["scores"] = [float(scores[a]) for a in eligible]
        out.append(row)
        step.learn(arm, p[arm], x, f, costs[t][arm])
    return {"inputs": inputs, "expected": {"rounds": out}}


class TsallisCb:
    def __init__(self, d, bins, low, high, scaled, cost_low=0.0):
        self.k = np.zeros((bins, d)); self.s = np.zeros(bins); self.n = np.zeros(bins)
        self.low, self.high, self.scaled, self.cost_low, self.d = low, high, scaled, cost_low, d

    def bin(self, x):
        m = len(self.n)
        return int(min(m - 1, max(0, np.floor((x[0] - self.low) / (self.high - self.low) * m))))

    def decide(self, t, x, f, eligible, u, n):
        b = self.bin(x)
        scale = 1.0
        if self.scaled and self.n[b] > 0:
            scale = self.s[b] / self.n[b] - self.cost_low
            scale = scale if scale > 0 else 1.0
        p = tsallis(self.k[b] / scale, eligible, self.d, self.n[b] + 1)
        return draw(u[0], p), p, None

    def learn(self, arm, p, x, f, cost):
        b = self.bin(x)
        self.k[b, arm] += (cost - self.cost_low) / p
        self.s[b] += cost
        self.n[b] += 1


class Tsallis(TsallisCb):
    def __init__(self, d, scaled, eps):
        super().__init__(d, 1, 0, 1, scaled)
        self.eps = eps

    def bin(self, x):
        return 0

    def decide(self, t, x, f, eligible, u, n):
        scale = self.s[0] / self.n[0] if self.scaled and self.n[0] > 0 and self.s[0] > 0 else 1.0
        p = tsallis(self.k[0] / scale, eligible, self.d, t + 1)
        if len(eligible) > 1:
            p = mix(p, eligible, self.eps)
        return draw(u[0], p), p, None


class Means:
    """Policies of pulls and mean rewards; a reward is 1 - (cost - low) / (high - low)."""

    def __init__(self, d, rule, low=0.0, high=1.0):
        self.n = np.zeros(d); self.r = np.zeros(d); self.d, self.rule, self.low, self.high = d, rule, low, high
        self.t = 0

    def decide(self, t, x, f, eligible, u, n):
        return self.rule(self, eligible, u)

    def learn(self, arm, p, x, f, cost):
        self.n[arm] += 1
        self.r[arm] += 1 - (cost - self.low) / (self.high - self.low)
        self.t += 1


def softmax_rule(temperature):
    def rule(s, eligible, u):
        score = np.where(s.n > 0, s.r / np.maximum(s.n, 1), 0) / temperature
        p = softmax(score, eligible, s.d)
        return draw(u[0], p), p, score if len(eligible) > 1 else None
    return rule


def beta_rule(s, eligible, u):
    p = np.zeros(s.d)
    p[eligible] = greatest([stats.beta(1 + s.r[a], 1 + s.n[a] - s.r[a]) for a in eligible]) if len(eligible) > 1 else 1
    return draw(u[0], p), p, None


def ucb1_rule(s, eligible, u):
    score = np.full(s.d, np.inf)
    pulled = s.n > 0
    score[pulled] = s.r[pulled] / s.n[pulled] + np.sqrt(2 * np.log(s.t + 1) / s.n[pulled])
    arm = argmax(score, eligible)
    p = np.zeros(s.d)
    p[arm] = 1
    return arm, p, score if pulled[eligible].all() else None


class PageHinkley:
    """Any policy, made anew when the costs of an arm rise."""

    def __init__(self, make, d, threshold, delta):
        self.make, self.d, self.threshold, self.delta = make, d, threshold, delta
        self.inside = make()
        self.costs = [[] for _ in range(d)]
        self.sums = [[] for _ in range(d)]
        self.start = 0
        self.restarts = 0
        self.rounds = 0

    def decide(self, t, x, f, eligible, u, n):
        self.rounds = t + 1
        return self.inside.decide(t - self.start, x, f, eligible, u, n)

    def learn(self, arm, p, x, f, cost):
        self.inside.learn(arm, p, x, f, cost)
        c, m = self.costs[arm], self.sums[arm]
        c.append(cost)
        mean, sd = np.mean(c), np.std(c)
        m.append((m[-1] if m else 0.0) + cost - mean - self.delta * sd)
        if len(c) > 10 and m[-1] - min(0.0, min(m)) > self.threshold * sd:
            self.inside = self.make()
            self.costs = [[] for _ in range(self.d)]
            self.sums = [[] for _ in range(self.d)]
            self.start = self.rounds
            self.restarts += 1


class Ridge:
    def __init__(self, k, ridge):
        self.a = np.eye(k) * ridge
        self.b = np.zeros(k)

    def take(self, x, y):
        self.a += np.outer(x, x)
        self.b += y * x

    def at(self, x):
        inverse = np.linalg.inv(self.a)
        return inverse @ self.b @ x, np.sqrt(x @ inverse @ x)


class LinTs:
    def __init__(self, d, k, ridge, noise):
        self.models = [Ridge(k, ridge) for _ in range(d)]
        self.d, self.noise = d, noise

    def decide(self, t, x, f, eligible, u, n):
        at = [m.at(x) for m in self.models]
        p = np.zeros(self.d)
        p[eligible] = greatest([stats.norm(at[a][0], self.noise * at[a][1]) for a in eligible])
        score = [at[a][0] + self.noise * at[a][1] * n[a] for a in range(self.d)]
        return argmax(score, eligible), p, score

    def learn(self, arm, p, x, f, cost):
        self.models[arm].take(x, -cost)


class SharedLinUcb:
    def __init__(self, d, k, ridge, alpha, eps):
        self.model = Ridge(k, ridge)
        self.d, self.alpha, self.eps = d, alpha, eps

    def decide(self, t, x, f, eligible, u, n):
        score = []
        for a in range(self.d):
            mean, deviation = self.model.at(f[a])
            score.append(mean + self.alpha * deviation)
        p = np.zeros(self.d)
        best = argmax(score, eligible)
        p[best] = 1
        p = mix(p, eligible, self.eps)
        arm = eligible[int(u[1] * len(eligible))] if u[0] < self.eps else best
        return arm, p, score

    def learn(self, arm, p, x, f, cost):
        self.model.take(f[arm], -cost)


class SharedLinTs:
    def __init__(self, d, k, ridge, noise, samples):
        self.model = Ridge(k, ridge)
        self.d, self.k, self.noise, self.samples = d, k, noise, samples

    def decide(self, t, x, f, eligible, u, n):
        lower = np.linalg.cholesky(self.model.a)
        theta = np.linalg.solve(self.model.a, self.model.b)
        p = np.zeros(self.d)
        z = np.array(n).reshape(self.samples, self.k)
        for s in range(self.samples):
            sample = theta + self.noise * np.linalg.solve(lower.T, z[s])
            p[argmax([f[a] @ sample for a in range(self.d)], eligible)] += 1 / self.samples
        return draw(u[0], p), p, [f[a] @ theta for a in range(self.d)] if len(eligible) > 1 else None

    def learn(self, arm, p, x, f, cost):
        self.model.take(f[arm], -cost)


class Joint:
    def __init__(self, values, low, high, log, po, pc, c_low, c_high, ridge, kappa, eps):
        g = np.log if log else (lambda v: v)
        self.w = [centred(g(v), g(low), g(high)) for v in values]
        self.model = Ridge(po * pc, ridge)
        self.po, self.pc, self.c, self.kappa, self.eps = po, pc, (c_low, c_high), kappa, eps

    def row(self, arm, x):
        return np.outer(cheb(self.w[arm], self.po), cheb(centred(x[0], *self.c), self.pc)).ravel()

    def decide(self, t, x, f, eligible, u, n):
        score = []
        for a in range(len(self.w)):
            mean, deviation = self.model.at(self.row(a, x))
            score.append(self.kappa * deviation - mean)
        p = np.zeros(len(self.w))
        best = argmax(score, eligible)
        p[best] = 1
        p = mix(p, eligible, self.eps)
        arm = eligible[int(u[1] * len(eligible))] if u[0] < self.eps else best
        return arm, p, score

    def learn(self, arm, p, x, f, cost):
        self.model.take(self.row(arm, x), np.log(cost))


def bowl(rng, rounds, values, contexts):
    """Costs with a best value that depends on the context."""
    return [[float(20 + 100 * (v - 1.2 - 0.5 * c[0]) ** 2 + rng.integers(0, 5)) for v in values] for c in contexts]


def write(name, description, cases, tolerance):
    for c in cases:
        if "contexts" in c["inputs"] and not c["inputs"]["context"]:
            raise AssertionError
    with open(name + ".json", "w") as out:
        json.dump({"name": name, "kind": "policy_run", "description": description, "note": HOW,
                   "tolerance": tolerance, "cases": cases}, out)
        out.write("\n")


def main():
    rng = np.random.default_rng(20251)
    big = lambda rounds, arms: rng.integers(20, 400, (rounds, arms)).astype(float)
    coins = lambda rounds, means: (rng.random((rounds, len(means))) < means).astype(float)
    unit = lambda rounds, arms: rng.random((rounds, arms))

    write("tsallis_inf_cb", "one Tsallis-INF per bin of the context; t and scale of the bin", [
        case("tsallis_inf_cb", rng, 4, 60, {"bins": 5.0, "context-low": -1.0, "context-high": 2.0, "cost-low": 1.0},
             big(60, 4), TsallisCb(4, 5, -1, 2, True, 1.0), context=1, wide=(-1.2, 2.2)),
        case("tsallis_inf_cb", rng, 6, 60, {"bins": 2.0, "scaled": 0.0}, unit(60, 6),
             TsallisCb(6, 2, 0, 1, False), context=1, subsets=True)], 1e-8)
    write("tsallis_inf_subsets", "Tsallis-INF over eligible subsets, with a share of uniform decisions", [
        case("tsallis_inf", rng, 6, 60, {"epsilon": 0.1, "scaled": 0.0}, unit(60, 6), Tsallis(6, False, 0.1), subsets=True),
        case("tsallis_inf", rng, 5, 60, {"epsilon": 0.05}, big(60, 5), Tsallis(5, True, 0.05))], 1e-8)
    grid = np.linspace(1, 1.95, 20)
    rates = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
    plain = np.random.default_rng(7)
    first = {"value-low": 1.0, "value-high": 1.95, "context-low": 0.0, "context-high": 1.0, "context-terms": 4.0,
             "epsilon": 0.0}
    one = case("joint", rng, 20, 80, first, [[1.0] * 20] * 80,
               Joint(grid, 1, 1.95, False, 6, 4, 0, 1, 0.01, 0.1, 0), context=1, arm_values=grid)
    costs = bowl(plain, 80, grid, one["inputs"]["contexts"])
    again = np.random.default_rng(11)
    one = rerun(one, costs, Joint(grid, 1, 1.95, False, 6, 4, 0, 1, 0.01, 0.1, 0))
    second = {"value-low": 1e-4, "value-high": 1.0, "value-log": 1.0, "value-terms": 3.0, "context-terms": 2.0,
              "kappa": 0.3, "ridge": 0.5, "epsilon": 0.2}
    two = case("joint", again, 5, 60, second, again.uniform(0.5, 3, (60, 5)),
               Joint(rates, 1e-4, 1.0, True, 3, 2, 0, 1, 0.5, 0.3, 0.2), context=1, arm_values=rates, subsets=True,
               uniforms=2, wide=(-0.1, 1.1))
    write("joint", "linear model of ln(cost) over tensor Chebyshev features, least lower bound", [one, two], 1e-7)
    write("softmax", "p = softmax(mean reward / temperature), 0 without pulls", [
        case("softmax", rng, 5, 60, {}, 1 - coins(60, [0.2, 0.4, 0.5, 0.6, 0.7]), Means(5, softmax_rule(0.1))),
        case("softmax", rng, 4, 40, {"temperature": 0.4, "cost-low": -2.0, "cost-high": 6.0}, rng.uniform(-2, 6, (40, 4)),
             Means(4, softmax_rule(0.4), -2, 6), subsets=True)], 1e-9)
    write("thompson_beta", "p = probability that theta_a ~ Beta(1+s,1+n-s) is the greatest; arm drawn from p", [
        case("thompson_beta", rng, 4, 40, {}, 1 - coins(40, [0.2, 0.5, 0.6, 0.7]), Means(4, beta_rule)),
        case("thompson_beta", rng, 3, 25, {}, 1 - coins(25, [0.9, 0.95, 0.1]), Means(3, beta_rule), subsets=True)], 1e-7)
    write("lints", "theta_a ~ N(A^-1 b, v^2 A^-1) by arm; p by quadrature", [
        case("lints", rng, 4, 30, {"noise": 0.4, "ridge": 2.0}, rng.normal(size=(30, 4)), LinTs(4, 3, 2.0, 0.4), context=3,
             uniforms=0, normals=4, wide=(-1, 1))], 1e-7)
    write("linucb_shared", "one ridge regression over features of the arms, upper bound; a share of uniform decisions", [
        case("linucb_shared", rng, 5, 50, {"alpha": 0.7, "ridge": 1.5, "epsilon": 0.15}, rng.normal(size=(50, 5)),
             SharedLinUcb(5, 4, 1.5, 0.7, 0.15), features=4, uniforms=2, subsets=True)], 1e-8)
    write("lints_shared", "share of M samples of theta ~ N(A^-1 b, v^2 A^-1) that each arm wins; arm drawn from the shares", [
        case("lints_shared", rng, 4, 25, {"noise": 0.5, "ridge": 1.0, "samples": 20.0}, rng.normal(size=(25, 4)),
             SharedLinTs(4, 3, 1.0, 0.5, 20), features=3, normals=60)], 1e-8)
    jump = np.vstack([1 - coins(150, [0.3, 0.6, 0.95]), 1 - coins(150, [0.3, 0.8, 0.05])])
    restarting = PageHinkley(lambda: Means(3, ucb1_rule), 3, 8.0, 0.01)
    tsallis_restarting = PageHinkley(lambda: Tsallis(3, False, 0.0), 3, 8.0, 0.01)
    write("page_hinkley", "UCB1 and Tsallis-INF, made anew when the costs of an arm rise", [
        case("ucb1", rng, 3, 300, {"restart-threshold": 8.0, "restart-delta": 0.01}, jump, restarting, uniforms=0),
        case("tsallis_inf", rng, 3, 300, {"restart-threshold": 8.0, "restart-delta": 0.01, "scaled": 0.0}, jump,
             tsallis_restarting)], 1e-8)
    assert restarting.restarts > 0 and tsallis_restarting.restarts > 0, (restarting.restarts, tsallis_restarting.restarts)
    write("ucb1_subsets", "UCB1 over eligible subsets", [
        case("ucb1", rng, 5, 60, {}, 1 - coins(60, [0.2, 0.4, 0.5, 0.6, 0.7]), Means(5, ucb1_rule), uniforms=0,
             subsets=True)], 1e-10)


def rerun(made, costs, step):
    """The same case with other costs."""
    i = made["inputs"]
    i["costs"] = costs
    out = []
    for t, row in enumerate(costs):
        x = np.array(i["contexts"][t])
        arm, p, scores = step.decide(t, x, None, list(range(i["arms"])), i["uniforms"][t], [])
        out.append({"arm": int(arm), "p": [float(v) for v in p], "scores": [float(s) for s in scores]})
        step.learn(arm, p[arm], x, None, row[arm])
    made["expected"]["rounds"] = out
    return made


main()
