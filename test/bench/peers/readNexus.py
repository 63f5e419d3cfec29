"""What the bench asks of NeXus files, done with h5py. Prints one JSON document; times in milliseconds.

Usage: readNexus.py list FILE GROUP LIMIT | full FILE GROUP | last FILE PATH | walk FILE ROUNDS | scalars FILE COUNT
"""

import json
import resource
import statistics
import sys
import time

import h5py

what, file = sys.argv[1:3]


def median(rounds, work):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if what == "list":
    group, limit = sys.argv[3], int(sys.argv[4])

    def listing():
        with h5py.File(file, "r") as opened:
            node = opened[group]
            start = time.perf_counter()
            for name in list(node)[:limit]:
                node.get(name, getclass=True)
            return (time.perf_counter() - start) * 1000

    result = {"ms": statistics.median(listing() for _ in range(5))}
elif what == "full":

    def full_listing():
        with h5py.File(file, "r") as opened:
            node = opened[sys.argv[3]]
            start = time.perf_counter()
            nodes = [(name, child.shape, child.dtype, child.attrs.get("units")) for name, child in node.items()]
            assert nodes
            return (time.perf_counter() - start) * 1000

    result = {"ms": statistics.median(full_listing() for _ in range(5))}
elif what == "last":
    before = peak_megabytes()

    def last():
        with h5py.File(file, "r") as opened:
            return opened[sys.argv[3]][()]

    result = {"ms": median(1, last), "megabytes": peak_megabytes() - before}
elif what == "walk":

    def walk():
        nodes = []

        def visit(name, node):
            if isinstance(node, h5py.Dataset):
                nodes.append((name, node.shape, node.dtype, node.attrs.get("units")))
            else:
                nodes.append((name, node.attrs.get("NX_class")))

        with h5py.File(file, "r") as opened:
            opened.visititems(visit)
        return nodes

    result = {"ms": median(int(sys.argv[3]), walk)}
else:

    def scalars():
        values = []
        with h5py.File(file, "r") as opened:
            for index in range(int(sys.argv[3])):
                dataset = opened[f"/entry/log_{index}/value"]
                values.append((dataset[()], dataset.attrs.get("units")))
        return values

    result = {"ms": median(7, scalars)}

print(json.dumps(result))
