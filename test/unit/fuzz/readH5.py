"""Reads HDF5 files, one name a line, each in a process of its own, because the library dies of some. One JSON line each."""

import json
import os
import select
import signal
import sys

import h5py
import numpy


def plain(value):
    if isinstance(value, bytes):
        return value.decode("latin1")
    if isinstance(value, str):
        return value.encode("utf8", "surrogateescape").decode("latin1")
    if isinstance(value, (bool, numpy.bool_)):
        return None
    if isinstance(value, numpy.integer):
        return str(int(value))
    if isinstance(value, numpy.floating) and value.dtype.itemsize <= 8:
        return repr(float(value))
    return None


def read(name):
    found = {}
    with h5py.File(name, "r") as file:

        def visit(group, path, depth):
            for key in list(group)[:1000]:
                try:
                    node = group[key]
                    if isinstance(node, h5py.Group):
                        if depth > 0 and len(found) < 2000:
                            visit(node, f"{path}/{key}", depth - 1)
                    elif isinstance(node, h5py.Dataset) and h5py.check_vlen_dtype(node.dtype) is not None:
                        continue  # lists of different lengths are not compared
                    elif isinstance(node, h5py.Dataset) and node.size is not None and node.size <= 1000:
                        found[f"{path}/{key}"] = [plain(item) for item in numpy.asarray(node[()]).ravel()]
                except Exception:
                    pass

        visit(file, "", 8)
    return found


def answer(name, pipe):
    try:
        text = json.dumps(read(name))
    except Exception:
        text = "null"
    with os.fdopen(pipe, "w") as out:
        out.write(text)
    os._exit(0)


for line in sys.stdin:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        answer(line.rstrip("\n"), writer)
    os.close(writer)
    pieces = []
    while True:
        if not select.select([reader], [], [], 10)[0]:
            os.kill(child, signal.SIGKILL)
            pieces = [b"null"]
            break
        piece = os.read(reader, 1 << 16)
        if not piece:
            break
        pieces.append(piece)
    os.close(reader)
    os.waitpid(child, 0)
    print(b"".join(pieces).decode() or "null", flush=True)
