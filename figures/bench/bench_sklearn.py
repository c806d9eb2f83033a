"""The same training by scikit-learn's MLPClassifier."""
import sys
import warnings

import sklearn
from sklearn.neural_network import MLPClassifier

import unit

if sys.argv[1] == "version":
    unit.version("scikit-learn", sklearn.__version__)

warnings.filterwarnings("ignore")   # that it hasn't converged
X, y, widths, batch, rate, epochs = unit.task()
# warm_start: fit goes on where it was; no early end
nets = [MLPClassifier(w[1:-1], activation="relu", solver="sgd", alpha=0,
                      batch_size=batch, learning_rate_init=rate, momentum=0,
                      nesterovs_momentum=False, max_iter=epochs, tol=0,
                      n_iter_no_change=10**9, warm_start=True, random_state=7)
        for w in widths]


def train():
    for net in nets:
        net.fit(X, y)


unit.serve(train)
