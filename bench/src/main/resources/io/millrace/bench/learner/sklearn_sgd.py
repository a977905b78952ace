"""scikit-learn's SGDClassifier on samples written by Samples.java; numpy, scipy, sklearn.

usage: sklearn_sgd.py FILE ROWS_PER_CALL RATE
Says "ready VERSION", then for every line on standard input learns all samples once, from zero, and prints
"CPU_SECONDS WALL_SECONDS ACCURACY". Only the calls of partial_fit are timed; the slices are made before.
"""
import sys
import time

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.linear_model import SGDClassifier

path, rows, rate = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
raw = np.fromfile(path, dtype=np.uint8)
dense, dimension, k, n = raw[:16].view("<i4")
labels = raw[16:16 + n].astype(np.int64)
body = raw[16 + n:].copy()
values = body[: n * k * 4].view("<f4").astype(np.float64)
if dense:
    x = values.reshape(n, k)
else:
    indices = body[n * k * 4:].view("<i4")
    x = sp.csr_matrix((values, indices, np.arange(0, n * k + 1, k)), shape=(n, dimension))
calls = [(x[i:i + rows], labels[i:i + rows]) for i in range(0, n, rows)]
loss = "log_loss" if tuple(int(v) for v in sklearn.__version__.split(".")[:2]) >= (1, 1) else "log"
print("ready", sklearn.__version__, flush=True)
for _ in sys.stdin:
    model = SGDClassifier(loss=loss, penalty=None, learning_rate="constant", eta0=rate, shuffle=False)
    classes = np.array([0, 1])
    wall, cpu = time.perf_counter(), time.thread_time()
    for a, b in calls:
        model.partial_fit(a, b, classes=classes)
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
    print(cpu, wall, model.score(x, labels), flush=True)
