"""scikit-learn's MiniBatchDictionaryLearning (coordinate descent) or MiniBatchNMF on signals written by SklearnLearner.java.

usage: sklearn_dictionary.py SIGNALS PROBLEM DIMENSION ATOMS BATCH LAMBDA PASSES OUT MARK...
Says "ready VERSION", then for every line on standard input learns from D0 = the first ATOMS signals (NMF: from its own start), in order, no
shuffling, writes the dictionary after each MARK of samples to OUT (float64, one after another) and prints
"CPU_SECONDS WALL_SECONDS". Only the calls of partial_fit are timed; the slices are made before.
"""
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.decomposition import MiniBatchDictionaryLearning, MiniBatchNMF

path, problem, dimension, atoms, batch = sys.argv[1], sys.argv[2], *(int(v) for v in sys.argv[3:6])
penalty, passes, out, marks = float(sys.argv[6]), int(sys.argv[7]), sys.argv[8], [int(v) for v in sys.argv[9:]]
x = np.fromfile(path, dtype="<f8").reshape(-1, dimension)
calls = [x[i:i + batch] for i in range(0, len(x), batch)] * passes
warnings.filterwarnings("ignore")
print("ready", sklearn.__version__, flush=True)


def fresh():
    if problem == "kullback-leibler":
        return MiniBatchNMF(n_components=atoms, beta_loss="kullback-leibler", batch_size=batch, random_state=0)
    positive = problem == "non-negative-lasso"
    return MiniBatchDictionaryLearning(
        n_components=atoms, alpha=penalty, fit_algorithm="cd", batch_size=batch, shuffle=False,
        dict_init=x[:atoms].copy(), random_state=0, positive_code=positive, positive_dict=positive)


for _ in sys.stdin:
    model = fresh()
    cpu = wall = seen = 0
    found = []
    for a in calls:
        wall -= time.perf_counter()
        cpu -= time.thread_time()
        model.partial_fit(a)
        cpu += time.thread_time()
        wall += time.perf_counter()
        seen += len(a)
        if seen in marks:
            found.append(model.components_.copy())
    np.concatenate(found).astype("<f8").tofile(out)
    print(cpu, wall, flush=True)
