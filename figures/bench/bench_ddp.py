"""PyTorch's DistributedDataParallel over gloo: the time of a step of the wide network, in double.
bench_ddp.py RANKS: prints lines like those of mpi.c."""
import os
import sys
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def rank(r, ranks):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29531")
    dist.init_process_group("gloo", rank=r, world_size=ranks)
    if ranks > 1:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[r % os.cpu_count()]})
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(7)
    X = torch.randn(8192, 784)
    y = (X[:, :1] > 0).double()
    for batch in 256, 512, 1024, 2048, 4096:
        net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 1))
        net = DistributedDataParallel(net) if ranks > 1 else net
        optimizer, criterion = torch.optim.SGD(net.parameters(), lr=0.05), nn.BCEWithLogitsLoss()
        steps = 8 if batch < 1024 else 2
        for _ in range(2):      # the first is a rehearsal
            start = time.monotonic()
            for _ in range(steps):
                rows = torch.randperm(len(X))[:batch][r::ranks]
                loss = criterion(net(X[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            took = (time.monotonic() - start) / steps
        if r == 0:
            print("step", batch, f"{took:.4g}", sep="\t", flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    if sys.argv[1] == "version":
        print(torch.__version__)
    else:
        mp.spawn(rank, args=(int(sys.argv[1]),), nprocs=int(sys.argv[1]))
