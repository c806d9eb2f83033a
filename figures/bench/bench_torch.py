"""The same training by PyTorch: modules, autograd, its SGD; in double."""
import sys

import torch
from torch import nn

import unit

if sys.argv[1] == "version":
    unit.version("PyTorch", torch.__version__)

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def network(widths):
    layers = []
    for d_in, d_out in zip(widths, widths[1:]):
        layers += [nn.Linear(d_in, d_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


X, y, widths, batch, rate, epochs = unit.task()
X, y = torch.from_numpy(X), torch.from_numpy(y).reshape(-1, 1)
criterion = nn.BCEWithLogitsLoss()
nets = [network(w) for w in widths]
runs = [(net, torch.optim.SGD(net.parameters(), lr=rate)) for net in nets]


def train():
    for net, optimizer in runs:
        for _ in range(epochs):
            order = torch.randperm(len(X))
            total = 0.0
            for rows in order.split(batch):
                loss = criterion(net(X[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()


unit.serve(train)
