"""Writes stored.h5: what only the HDF5 library reads. Needs h5py with SZIP; run where the file is wanted."""

import h5py
import numpy

with h5py.File("stored.h5", "w", libver=("earliest", "v110")) as file:
    entry = file.create_group("entry")
    entry.attrs["NX_class"] = "NXentry"
    entry["title"] = "Ice"
    counts = numpy.arange(64, dtype="i4").reshape(8, 8)
    entry.create_dataset("scaled", data=counts, chunks=(8, 8), scaleoffset=0)
    entry.create_dataset("szip", data=counts[0], chunks=(8,), compression="szip")
    parts = [entry.create_dataset(f"part{number}", data=counts[number, :2]) for number in (1, 2)]
    layout = h5py.VirtualLayout(shape=(4,), dtype="i4")
    for number, part in enumerate(parts):
        layout[2 * number : 2 * number + 2] = h5py.VirtualSource(part)
    entry.create_virtual_dataset("virtual", layout)
    beside = h5py.VirtualLayout(shape=(2,), dtype="i4")
    beside[:] = h5py.VirtualSource("beside.h5", "values", shape=(2,))
    entry.create_virtual_dataset("beside", beside)
