"""Writes files that keep the order in which things were made, with an index of it and without, and prints the order of h5py.

    python3 hdf5Order.py FOLDER

Prints a JSON object: file → path → {"names": …, "attributes": …}.
"""
import itertools
import json
import sys

import h5py
from h5py import h5g, h5p

folder = sys.argv[1]
TRACKED = h5p.CRT_ORDER_TRACKED
INDEXED = h5p.CRT_ORDER_TRACKED | h5p.CRT_ORDER_INDEXED


def write(file):
    for order, count in itertools.product((0, TRACKED, INDEXED), (1, 7, 40)):
        creation = h5p.create(h5p.GROUP_CREATE)
        creation.set_link_creation_order(order)
        creation.set_attr_creation_order(order)
        group = h5py.Group(h5g.create(file.id, f'group_{order}_{count}'.encode(), gcpl=creation))
        for index in range(count):
            name = f'{"zyx"[index % 3]}{index * 7919 % 1009}'
            group.create_group(name)
            group.attrs[name] = index
        for name in list(group.attrs)[::3]:
            # h5py makes it under another name, and then changes that.
            group.attrs[name] = 'again'
        for name in list(group)[::5]:
            group.move(name, f'moved_{name}')
        # The library is asked for all attributes because of this one.
        group.attrs['reference'] = file.ref


def printed(path):
    with h5py.File(path, 'r') as file:
        return {f'/{name}': {'names': list(file[name]), 'attributes': list(file[name].attrs)} for name in file}


found = {}
for version in ('earliest', 'v110', 'latest'):
    path = f'{folder}/order-{version}.h5'
    with h5py.File(path, 'w', libver=version) as file:
        write(file)
    found[path] = printed(path)
json.dump(found, sys.stdout)
