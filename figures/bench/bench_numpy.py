"""The published chapter's network, its gradient divided by the rows once."""
import sys

import numpy as np

import unit

if sys.argv[1] == "version":
    unit.version("NumPy", np.__version__)

rng = np.random.default_rng(7)


def relu(z):
    return np.maximum(0, z)


def relu_grad(z):
    return (z > 0).astype(float)


def sigmoid(z):
    return np.where(z >= 0,
                    1 / (1 + np.exp(-z)),
                    np.exp(z) / (1 + np.exp(z)))


def binary_cross_entropy(y_pred, y_true):
    eps = 1e-7
    p = np.clip(y_pred, eps, 1 - eps)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


class LinearLayer:
    def __init__(self, d_in, d_out, seed):
        scale = np.sqrt(2.0 / (d_in + d_out))
        self.W = scale * np.random.default_rng(seed).standard_normal((d_in, d_out))
        self.b = np.zeros((1, d_out))

    def forward(self, X):
        self._X_cache = X
        return X @ self.W + self.b

    def backward(self, dZ):
        self.dW = self._X_cache.T @ dZ
        self.db = dZ.sum(axis=0, keepdims=True)
        return dZ @ self.W.T

    def update(self, lr):
        self.W -= lr * self.dW
        self.b -= lr * self.db


class NeuralNetwork:
    def __init__(self, layer_dims, seed):
        self.layers = [LinearLayer(layer_dims[i], layer_dims[i + 1], seed + i)
                       for i in range(len(layer_dims) - 1)]
        self.loss_history = []
        self.grad_norms = []

    def forward(self, X):
        self._activations = []
        A = X
        self._activations.append(A)
        for i, layer in enumerate(self.layers):
            Z = layer.forward(A)
            if i < len(self.layers) - 1:
                A = relu(Z)
            else:
                A = sigmoid(Z)
            self._activations.append(A)
        return A

    def backward(self, y_pred, y_true):
        dA = (y_pred - y_true) / y_true.shape[0]
        for i in range(len(self.layers) - 1, -1, -1):
            A_curr = self._activations[i + 1]
            if i < len(self.layers) - 1:
                dZ = dA * relu_grad(A_curr)
            else:
                dZ = dA
            dA = self.layers[i].backward(dZ)

    def update(self, lr):
        for layer in self.layers:
            layer.update(lr)

    def train(self, X, y, lr, n_epochs, batch_size):
        N = X.shape[0]
        for epoch in range(n_epochs):
            perm = rng.permutation(N)
            X_s, y_s = X[perm], y[perm]
            epoch_loss = 0.0
            n_batches = 0
            for start in range(0, N, batch_size):
                X_b = X_s[start:start + batch_size]
                y_b = y_s[start:start + batch_size]
                y_pred = self.forward(X_b)
                epoch_loss += binary_cross_entropy(y_pred, y_b)
                n_batches += 1
                self.backward(y_pred, y_b)
                self.update(lr)
            self.loss_history.append(epoch_loss / n_batches)
            if epoch % 100 == 0:
                self.grad_norms.append([np.linalg.norm(l.dW) for l in self.layers])


X, y, widths, batch, rate, epochs = unit.task()
nets = [NeuralNetwork(w, seed=42) for w in widths]


def train():
    for net in nets:
        net.train(X, y.reshape(-1, 1), rate, epochs, batch)


unit.serve(train)
