"""bench_digits.py > digits.tsv: scikit-learn on the folds of figures/lab-digits.c, deal k with the seed 10k.  Run by hand, like
the benchmark: from the top folder, with NumPy and scikit-learn."""
import sys
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

FOLDS, SHUFFLES = 10, 5
table = np.loadtxt("tests/data/digits.csv", delimiter=",", skiprows=1)
X, y, n = table[:, :-1], table[:, -1], len(table)
warnings.simplefilter("ignore")     # that 200 epochs weren't enough


def share(model, seed):
    order, right = np.random.default_rng(seed + 2000).permutation(n), 0
    for k in range(FOLDS):
        test = order[k * n // FOLDS:(k + 1) * n // FOLDS]
        rest = np.setdiff1d(order, test)
        mean, std = X[rest].mean(axis=0), X[rest].std(axis=0)
        std[std == 0] = 1
        model.fit((X[rest] - mean) / std, y[rest])
        right += (model.predict((X[test] - mean) / std) == y[test]).sum()
    return 100 * right / n


print("name\tmean\tdeviation\tversion")
for name, model in (("logistic", lambda k: LogisticRegression(max_iter=1000)),
                    ("mlp", lambda k: MLPClassifier((128,), random_state=k))):
    shares = [share(model(k), 10 * k) for k in range(SHUFFLES)]
    print(name, np.mean(shares), np.std(shares, ddof=1), sklearn.__version__, sep="\t")
    sys.stdout.flush()
