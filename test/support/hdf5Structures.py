"""Writes files with every structure of the format that holds names, attributes and values of variable length.

    python3 hdf5Structures.py FOLDER

Prints the names of the files, one a line. They are read by two readers, which have to agree.
"""
import ctypes
import glob
import itertools
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
TEXT = h5py.string_dtype()


def made(name, **options):
    path = os.path.join(folder, f'{name}.h5')
    print(path)
    return h5py.File(path, 'w', **options)


def groups(file):
    """Few names and many, in the order of the letters and of their making, and links of each kind."""
    for ordered, count in itertools.product((False, True), (0, 1, 8, 9, 40, 300)):
        group = file.create_group(f'group_{count}_{ordered}', track_order=ordered)
        for index in range(count):
            name = f'{"zyx"[index % 3]}{index * 7919 % 1009}'
            if index % 5 == 0:
                group[name] = h5py.SoftLink('/target')
            elif index % 5 == 1:
                group[name] = h5py.SoftLink('nowhere/at/all')
            elif index % 5 == 2:
                group[name] = h5py.ExternalLink('beside.h5', '/data')
            elif index % 5 == 3:
                group.create_group(name).attrs['NX_class'] = 'NXnote'
            else:
                group[name] = index
    file['target'] = 5
    file['long ' + 'name ' * 60] = 6
    file['Größe'] = 7
    file['loop'] = h5py.SoftLink('/loop')
    file['far'] = h5py.SoftLink('/group_8_False/x' + str(2 * 7919 % 1009))
    for index in range(20):
        file[f'chain_{index}'] = h5py.SoftLink('/target' if index == 0 else f'chain_{index - 1}')
    file['hard'] = file['group_40_False']
    file['group_40_False']['up'] = file['/']
    deep = file
    for index in range(40):
        deep = deep.create_group(f'deep_{index}')
    deep['end'] = 'bottom'


def attributes(file):
    """Few attributes and many, small ones and large ones, of each kind of type."""
    for ordered, count in itertools.product((False, True), (1, 7, 8, 9, 60)):
        node = file.create_group(f'attributes_{count}_{ordered}', track_order=ordered)
        for index in range(count):
            name = f'{"zyx"[index % 3]}{index * 37 % 101}'
            node.attrs[name] = [index, f'text {index}', np.arange(index), np.float32(index) / 3, np.bytes_(b'fixed')][index % 5]
        if count == 9:
            node.attrs['nothing'] = h5py.Empty('f8')
            node.attrs['none'] = np.zeros((0, 3))
            node.attrs['grid'] = np.arange(12, dtype='>i2').reshape(3, 4)
            node.attrs['flag'] = True
            node.attrs.create('texts', ['a', '', 'long ' * 50], dtype=TEXT)
            node.attrs.create('empty', '', dtype=TEXT)
            node.attrs['units'] = 'mm'
    if file.libver[0] != 'earliest':
        node.attrs['huge'] = np.arange(20_000, dtype='i8')
        node.attrs['larger'] = np.arange(9_000, dtype='i8')
    data = file.create_dataset('with_units', data=3.5)
    for index in range(30):
        data.attrs[f'a{index}'] = index
    data.attrs['units'] = 'K'


def values(file):
    """Values of variable length, in each layout."""
    file['text'] = 'one'
    file['no_text'] = ''
    file.create_dataset('texts', data=['a' * (index % 300) for index in range(900)], dtype=TEXT)
    file.create_dataset('packed', data=['é' * (index % 30) for index in range(900)], dtype=TEXT, chunks=(70,), compression='gzip')
    lists = file.create_dataset('lists', (50,), h5py.vlen_dtype('>i4'))
    for index in range(50):
        lists[index] = np.arange(index % 7)
    inner = np.dtype([('name', TEXT), ('at', '<f8', (2, 3)), ('kind', 'S7'), ('n', '>u2')])
    records = file.create_dataset('records', (6,), inner)
    for index in range(6):
        records[index] = (f'no {index}', np.full((2, 3), index), b'k', index)
    file['fixed'] = np.array([b'a', b'bc', b'\xff\xfe'], dtype='S4')
    file['named'] = np.dtype('<i4')
    file.create_dataset('of_named', data=[1, 2, 3], dtype=file['named'])
    file['target'] = [1, 2]
    file.create_dataset('reference', data=file['target'].ref, dtype=h5py.ref_dtype)
    file.create_dataset('opaque', data=np.array([b'abcd'], dtype='V4'))
    file['complex'] = np.array([1 + 2j])
    file['boolean'] = np.array([True, False])
    file.create_dataset('enumerated', data=[1, 0], dtype=h5py.enum_dtype({'off': 0, 'on': 1, 'far': 2 ** 40}, basetype='i8'))
    file['nothing'] = h5py.Empty('f4')
    file['none'] = np.zeros((3, 0))
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((3, 4))
    small = h5py.h5d.create(file.id, b'compact', h5py.h5t.STD_I16BE, space, compact)
    small.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(12, dtype='i2').reshape(3, 4))


def arrays(file):
    """Arrays of one to four axes in chunks that fit and that do not, through the filters that are built in."""
    for number, (shape, chunks) in enumerate((
            ((100,), (7,)), ((13, 17), (5, 4)), ((13, 17), (13, 17)), ((6, 5, 7), (2, 5, 3)), ((3, 4, 5, 6), (2, 2, 2, 4)), ((2000,), (1,)))):
        for growing, filters in itertools.product((False, True), ({}, {'compression': 'gzip', 'shuffle': True}, {'fletcher32': True})):
            data = np.arange(np.prod(shape), dtype='<u4').reshape(shape)
            most = (None, *shape[1:]) if growing else None
            name = f'array_{number}_{growing}_{"_".join(filters)}'
            file.create_dataset(name, data=data, chunks=chunks, maxshape=most, **filters)
    file.create_dataset('long', data=np.arange(40_000), chunks=(3,), maxshape=(None,))
    file.create_dataset('long_packed', data=np.arange(40_000), chunks=(3,), maxshape=(None,), compression='gzip')
    file.create_dataset('both', data=np.arange(9_000).reshape(90, 100), chunks=(2, 3), maxshape=(None, None), compression='gzip')
    late = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    late.set_chunk((4,))
    late.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    full = h5py.h5d.create(file.id, b'early', h5py.h5t.STD_I32LE, h5py.h5s.create_simple((30,)), late)
    full.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(30, dtype='i4'))
    rest = file.create_dataset('wide', data=np.arange(600.).reshape(20, 30))
    rest.attrs['units'] = 'm'


def beside():
    with made('beside') as file:
        group = file.create_group('data')
        group.attrs['NX_class'] = 'NXdata'
        group['x'] = 'far away'
        group['back'] = h5py.ExternalLink('groups-earliest.h5', '/target')


def narrow():
    """Addresses and lengths of four bytes, also one without the other, behind a block of a user."""
    for address, length, block in ((4, 4, 0), (4, 4, 512), (4, 4, 2048), (4, 8, 0), (8, 4, 0)):
        plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
        plist.set_sizes(address, length)
        plist.set_userblock(block)
        path = os.path.join(folder, f'narrow-{address}-{length}-{block}.h5')
        print(path)
        handle = h5py.h5f.create(path.encode(), h5py.h5f.ACC_TRUNC, plist)
        with h5py.File(handle) as file:
            groups(file)
            values(file.create_group('values'))
    for version in ('earliest', 'latest'):
        with made(f'behind-{version}', userblock_size=1024, libver=version) as file:
            attributes(file)
            values(file.create_group('values'))


def shared():
    """Messages that many objects have in common, in a table of the file, which h5py knows nothing of."""
    libraries = glob.glob('/usr/lib/*/libhdf5_serial.so.1??') + glob.glob('/usr/lib/*/libhdf5.so.1??')
    try:
        library = ctypes.CDLL(libraries[0])
        plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
        known = ctypes.c_int64(plist.id)
        failed = library.H5Pset_shared_mesg_nindexes(known, 2) < 0
        failed |= library.H5Pset_shared_mesg_index(known, 0, 0x1 << 1 | 0x1 << 3 | 0x1 << 11, 8) < 0
        failed |= library.H5Pset_shared_mesg_index(known, 1, 0x1 << 12, 16) < 0
        if failed:
            return
    except (IndexError, OSError):
        return
    path = os.path.join(folder, 'shared.h5')
    print(path)
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_libver_bounds(h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST)
    handle = h5py.h5f.create(path.encode(), h5py.h5f.ACC_TRUNC, plist, access)
    with h5py.File(handle) as file:
        for index in range(60):
            data = file.create_dataset(f'd{index}', data=np.arange(4.), chunks=(2,), compression='gzip')
            data.attrs['units'] = 'a unit that is the same everywhere'
            data.attrs['number'] = np.arange(5)
        for index in range(30):
            data.attrs[f'a{index}'] = 'the same again and again'
        for index in range(40):
            file.attrs[f'a{index}'] = np.arange(9) + index % 3


for version in ('earliest', 'v110', 'latest'):
    for write in (groups, attributes, values, arrays):
        with made(f'{write.__name__}-{version}', libver=version) as file:
            write(file)
beside()
narrow()
shared()
