"""Writes datasets that are stored in every way that HDF5 knows, some of them not wholly there.

    python3 hdf5Storage.py FOLDER

Prints a JSON object: file → path → the values, or a text that says why there are none.
"""
import itertools
import json
import os
import sys
import zlib

import h5py
import numpy as np

printed = {}


def expect(file, path, values):
    known = printed.setdefault(file, {})
    known[path] = values if isinstance(values, str) else np.asarray(values).ravel().tolist()


def chunks(folder):
    """Chunks listed in each way there is, all of them written, one of them missing, or none written."""
    forms = {
        'fixed': ((40,), (40,)), 'paged': ((5000,), (5000,)), 'growing': ((6000,), (None,)), 'both': ((60, 50), (None, None)),
        'late': ((6, 50), (12, None)), 'single': ((4,), (4,)), 'plane': ((60, 50), (60, 50)), 'roomy': ((30, 40), (60, 90)),
    }
    for version, compression in itertools.product(('earliest', 'latest'), (None, 'gzip', 'lzf')):
        name = f'{folder}/chunks-{version}-{compression}.h5'
        with h5py.File(name, 'w', libver=version) as file:
            for (form, (shape, most)), state in itertools.product(forms.items(), ('whole', 'gap', 'none')):
                if state == 'gap' and form == 'single':
                    continue
                path = f'{form}_{state}'
                data = file.create_dataset(
                    path, shape, 'i4', maxshape=most, chunks=tuple(min(4, length) for length in shape), compression=compression)
                values = np.arange(np.prod(shape), dtype='i4').reshape(shape)
                if state == 'whole':
                    data[...] = values
                elif state == 'gap':
                    data[(slice(0, shape[0] - 4), *(slice(None) for _ in shape[1:]))] = values[:shape[0] - 4]
                expect(name, f'/{path}', values if state == 'whole' else 'never written')


def cut(folder):
    """Chunks whose last one holds less than a chunk does, as if a writer had lost the rest: HDF5 reads on behind it."""
    forms = {'fixed': ((40,), (40,)), 'growing': ((40,), (None,)), 'both': ((40, 40), (None, None)), 'single': ((4,), (4,))}
    filters = {
        'plain': ({}, None), 'gzip': ({'compression': 'gzip'}, zlib.compress), 'unpacked': ({'compression': 'gzip'}, None),
        'shuffled': ({'shuffle': True, 'compression': 'gzip'}, zlib.compress), 'only_shuffled': ({'shuffle': True}, None),
        'lzf': ({'compression': 'lzf'}, lzf),
        'summed': ({'fletcher32': True}, lambda part: part + fletcher32(part)),
    }
    for version, (name, (options, pack)) in itertools.product(('earliest', 'latest'), filters.items()):
        path = f'{folder}/cut-{version}-{name}.h5'
        with h5py.File(path, 'w', libver=version) as file:
            for (form, (shape, most)), state in itertools.product(forms.items(), ('whole', 'cut')):
                # Chunks without filters have no length of their own there.
                if version == 'latest' and name == 'plain':
                    continue
                chunk = tuple(min(4, length) for length in shape)
                data = file.create_dataset(f'{form}_{state}', shape, 'i4', maxshape=most, chunks=chunk, **options)
                values = np.arange(np.prod(shape), dtype='i4').reshape(shape)
                data[...] = values
                # Every byte the same, so that shuffling changes nothing.
                part = np.full(chunk, 0x07070707, 'i4').tobytes()
                if state == 'cut':
                    part = part[:-5]
                mask = 0xffffffff if name == 'unpacked' else 0
                data.id.write_direct_chunk((0,) * len(shape), pack(part) if pack else part, mask)
                values[tuple(slice(0, length) for length in chunk)] = 0x07070707
                expect(path, f'/{form}_{state}', values if state == 'whole' else 'shorter than it should be')


def lzf(data):
    """Packed without making it shorter but for what comes once more, as LZF may."""
    if len(data) > 32:
        # 9 bytes as they are, then those 9 before once more, as often as they fit.
        times, rest = divmod(len(data) - 9, 9)
        return bytes([8]) + data[:9] + bytes([0xe0, 0, 8]) * times + lzf(data[len(data) - rest:])
    return bytes([len(data) - 1]) + data if data else b''


def fletcher32(data):
    """As H5_checksum_fletcher32."""
    low = high = 0
    for index in range(0, len(data) - 1, 2):
        low = (low + (data[index] << 8 | data[index + 1])) % 65535
        high = (high + low) % 65535
    if len(data) % 2:
        low = (low + (data[-1] << 8)) % 65535
        high = (high + low) % 65535
    return (high << 16 | low).to_bytes(4, 'little')


def plain(folder):
    name = f'{folder}/plain.h5'
    with h5py.File(name, 'w') as file:
        file.create_dataset('never', (3,), 'f8')
        file.create_dataset('never_text', (), h5py.string_dtype())
        file.create_dataset('nothing', (0,), 'f8')
        file.create_dataset('zeros', data=np.zeros(3))
        large = file.create_dataset('large', (200_000_000,), 'i1', chunks=(200_000_000,), compression='gzip')
        large[:1] = 1
        file.create_dataset('texts', data=['µ' * (index % 5) for index in range(2000)], dtype=h5py.string_dtype())
        # Each of them takes more room than the filter is told.
        file.create_dataset('texts_lzf', data=['µ' * (index % 5) for index in range(200)], dtype=h5py.string_dtype(), chunks=(7,), compression='lzf')
        lists = file.create_dataset('lists_lzf', (9,), h5py.vlen_dtype('i4'), chunks=(4,), compression='lzf', shuffle=True)
        for index in range(9):
            lists[index] = np.arange(index)
        mixed = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        mixed.set_chunk((32,))
        mixed.set_filter(32000, h5py.h5z.FLAG_OPTIONAL, ())
        mixed.set_shuffle()
        mixed.set_deflate(4)
        data = h5py.h5d.create(file.id, b'packed_twice', h5py.h5t.STD_I16LE, h5py.h5s.create_simple((64,)), mixed)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(64, dtype='i2') // 4)
        file.create_dataset('grid', data=[['a', 'b', 'c']] * 700, dtype=h5py.string_dtype(), compression='gzip', chunks=(9, 2))
    expect(name, '/never', 'never written')
    expect(name, '/never_text', 'never written')
    expect(name, '/nothing', [])
    expect(name, '/zeros', [0, 0, 0])
    expect(name, '/large', '200 MB')
    expect(name, '/texts', ['µ' * (index % 5) for index in range(2000)])
    expect(name, '/texts_lzf', ['µ' * (index % 5) for index in range(200)])
    printed[name]['/lists_lzf'] = [list(range(index)) for index in range(9)]
    expect(name, '/packed_twice', np.arange(64) // 4)
    expect(name, '/grid', [['a', 'b', 'c']] * 700)


def virtual(folder):
    os.makedirs(f'{folder}/parts', exist_ok=True)
    for number in range(2):
        with h5py.File(f'{folder}/parts/part{number}.h5', 'w') as file:
            file['data'] = np.arange(4.) + 10 * number
            file.create_dataset('never', (4,), 'f8')
    for version in ('latest', 'v110'):
        name = f'{folder}/virtual-{version}.h5'
        with h5py.File(name, 'w', libver=(version, 'latest')) as file:
            file['own'] = np.arange(4.)

            def make(path, sources, shape=(8,)):
                layout = h5py.VirtualLayout(shape, 'f8')
                for (where, what, length), place in sources:
                    layout[place] = h5py.VirtualSource(where, what, (length,))
                file.create_virtual_dataset(path, layout, fillvalue=-1)

            first = ('parts/part0.h5', 'data', 4), slice(0, 4)
            second = ('parts/part1.h5', 'data', 4), slice(4, 8)
            make('whole', [first, second])
            expect(name, '/whole', [0, 1, 2, 3, 10, 11, 12, 13])
            make('turns', [(first[0], slice(0, 8, 2)), (second[0], slice(1, 8, 2))])
            expect(name, '/turns', [0, 10, 1, 11, 2, 12, 3, 13])
            make('own_part', [(('.', 'own', 4), slice(0, 4)), second])
            expect(name, '/own_part', [0, 1, 2, 3, 10, 11, 12, 13])
            make('hole', [first])
            expect(name, '/hole', 'never written')
            make('turns_hole', [(first[0], slice(0, 8, 2))])
            expect(name, '/turns_hole', 'never written')
            make('no_file', [first, (('parts/gone.h5', 'data', 4), slice(4, 8))])
            expect(name, '/no_file', 'gone.h5')
            make('no_dataset', [first, (('parts/part1.h5', 'gone', 4), slice(4, 8))])
            expect(name, '/no_dataset', 'gone')
            make('short', [first, (('parts/part1.h5', 'data', 6), slice(4, 10))], (10,))
            expect(name, '/short', 'cannot be read')
            make('empty_source', [first, (('parts/part1.h5', 'never', 4), slice(4, 8))])
            expect(name, '/empty_source', 'never written')
            make('itself', [(('.', 'itself', 8), slice(0, 8))])
            expect(name, '/itself', 'itself')
            make('levels', [(('.', 'whole', 8), slice(0, 8))])
            expect(name, '/levels', [0, 1, 2, 3, 10, 11, 12, 13])
            make('levels_gone', [(('.', 'no_file', 8), slice(0, 8))])
            expect(name, '/levels_gone', 'gone.h5')
            outside = os.path.join(os.path.dirname(folder), 'foreign', 'secret.h5')
            make('outside', [first, ((outside, 'data', 4), slice(4, 8))])
            expect(name, '/outside', 'lies outside')


def elsewhere(folder):
    outside = os.path.join(os.path.dirname(folder), 'foreign')
    os.makedirs(outside, exist_ok=True)
    with h5py.File(f'{outside}/secret.h5', 'w') as file:
        file['data'] = np.arange(4.)
    np.arange(4.).tofile(f'{outside}/secret.raw')
    np.arange(4.).tofile(f'{folder}/own.raw')
    os.mkfifo(f'{folder}/pipe')
    os.symlink(f'{outside}/secret.h5', f'{folder}/innocent.h5')
    with h5py.File(f'{folder}/own.h5', 'w') as file:
        file['data'] = np.arange(4.)
    name = f'{folder}/elsewhere.h5'
    with h5py.File(name, 'w') as file:
        def raw(path, target):
            file.create_dataset(path, (4,), 'f8', external=[(target, 0, 32)])
        raw('raw_own', f'{folder}/own.raw')
        raw('raw_outside', f'{outside}/secret.raw')
        raw('raw_pipe', f'{folder}/pipe')
        for path, target in (('own', 'own.h5'), ('outside', f'{outside}/secret.h5'), ('up', '../foreign/secret.h5'),
                             ('hidden', 'innocent.h5'), ('pipe', 'pipe')):
            file[path] = h5py.ExternalLink(target, '/data')
    expect(name, '/raw_own', [0, 1, 2, 3])
    expect(name, '/own', [0, 1, 2, 3])
    for path in ('raw_outside', 'outside', 'up', 'hidden'):
        expect(name, f'/{path}', 'lies outside')
    for path in ('raw_pipe', 'pipe'):
        expect(name, f'/{path}', 'not an ordinary file')


folder = sys.argv[1]
chunks(folder)
cut(folder)
plain(folder)
elsewhere(folder)
virtual(folder)
json.dump(printed, sys.stdout)
