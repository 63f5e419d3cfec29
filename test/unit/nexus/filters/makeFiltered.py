"""Makes the files of this folder: the same numbers, packed by each filter that is shipped.

Needs h5py with the plug-ins for Blosc, LZ4 and BZip2 (hdf5-filter-plugin and hdf5-filter-plugin-blosc-serial of
Debian) and the program zstd; Bitshuffle is written here.
"""

import os
import subprocess

import h5py
import numpy

folder = os.path.dirname(os.path.abspath(__file__))
numbers = numpy.arange(2048, dtype="<i4") ** 2 % 1000
floats = numpy.sin(numpy.arange(1024, dtype="<f8"))


def bitshuffled(block, size):
    """The first bits of all elements, then the second ones, and so on."""
    bits = numpy.unpackbits(numpy.frombuffer(block, "u1").reshape(-1, size), axis=1, bitorder="little")
    return numpy.packbits(bits.T, axis=1, bitorder="little").tobytes()


def lz4_of_literals(data):
    """LZ4 that repeats nothing."""
    more, rest = divmod(len(data) - 15, 255)
    return b"\xf0" + b"\xff" * more + bytes([rest]) + data


def bitshuffle(data, size):
    return bitshuffled(data, size)


def bitshuffle_lz4(data, size):
    pieces = [data[at : at + 2048] for at in range(0, len(data), 2048)]
    packed = [lz4_of_literals(bitshuffled(piece, size)) for piece in pieces]
    head = len(data).to_bytes(8, "big") + (2048).to_bytes(4, "big")
    return head + b"".join(len(each).to_bytes(4, "big") + each for each in packed)


def zstd(data, size):
    return subprocess.run(["zstd", "-q", "-c", f"--stream-size={len(data)}"], input=data, stdout=subprocess.PIPE, check=True).stdout


def by_hand(group, name, data, chunk, filter_id, options, pack):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(chunk)
    plist.set_filter(filter_id, h5py.h5z.FLAG_OPTIONAL, options(data.dtype.itemsize))
    space = h5py.h5s.create_simple(data.shape)
    dataset = h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(data.dtype), space, plist)
    for start in range(0, data.shape[0], chunk[0]):
        at = (start,) + (0,) * (data.ndim - 1)
        packed = pack(data[start : start + chunk[0]].tobytes(), data.dtype.itemsize)
        dataset.write_direct_chunk(at, packed)


byPlugin = {
    "lz4": [{"compression": 32004}],
    "lzf": [{"compression": "lzf"}],
    "bzip2": [{"compression": 307, "compression_opts": (9,)}],
    # The codecs of Blosc: its own, LZ4, LZ4HC, zlib, Zstandard; with and without shuffling.
    "blosc": [
        {"compression": 32001, "compression_opts": (0, 0, 0, 0, 5, shuffle, codec)}
        for codec, shuffle in ((0, 1), (1, 2), (2, 0), (4, 1), (5, 2))
    ],
}
byHand = {
    "bitshuffle": (32008, lambda size: (0, 4, size, 0, 0), bitshuffle),
    "bitshuffle-lz4": (32008, lambda size: (0, 4, size, 2048 // size, 2), bitshuffle_lz4),
    "zstd": (32015, lambda size: (3,), zstd),
}

for name in [*byPlugin, *byHand]:
    with h5py.File(os.path.join(folder, f"{name}.h5"), "w", libver="earliest") as file:
        for index, keys in enumerate(byPlugin.get(name, [])):
            group = file.create_group(f"way{index}")
            group.create_dataset("numbers", data=numbers, chunks=(1024,), **keys)
            group.create_dataset("floats", data=floats, chunks=(512,), **keys)
        if name in byHand:
            group = file.create_group("way0")
            by_hand(group, "numbers", numbers, (1024,), *byHand[name])
            by_hand(group, "floats", floats, (512,), *byHand[name])
