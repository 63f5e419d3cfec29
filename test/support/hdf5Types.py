"""Writes files with numbers of every kind that HDF5 knows, and prints what h5py reads out of them.

    python3 hdf5Types.py FOLDER

Prints a JSON object: file → object → {"value": …} or {"error": …}. An object is the path of a dataset, or `/@name` for
an attribute of the root. Whole numbers are their digits, others the hexadecimal digits of their double precision.
Left out is what h5py 3.7 itself reads wrongly: big-endian lists of variable length, records of `brain` floats without
gaps.
"""
import itertools
import json
import struct
import sys

import h5py
import numpy as np
from h5py import h5a, h5d, h5p, h5s, h5t

ORDERS = {'le': h5t.ORDER_LE, 'be': h5t.ORDER_BE}


def plain(value):
    """A value of numpy as JSON."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.void) and value.dtype.names:
        return {name: plain(value[name]) for name in value.dtype.names}
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if number != number:
            return 'nan'
        digits = struct.pack('>d', number).hex()
        return str(int(number)) if number.is_integer() and digits != struct.pack('>d', -0.0).hex() else digits
    if isinstance(value, (bytes, np.bytes_)):
        return value.decode('utf-8')
    if isinstance(value, str):
        return value
    raise TypeError(type(value))


def integer(size, order, precision=None, offset=0, signed=True, pad=0):
    base = {1: h5t.STD_I8LE, 2: h5t.STD_I16LE, 4: h5t.STD_I32LE}.get(size, h5t.STD_I64LE)
    made = base.copy()
    made.set_size(size)
    made.set_precision(precision or 8 * size)
    made.set_offset(offset)
    made.set_sign(h5t.SGN_2 if signed else h5t.SGN_NONE)
    made.set_order(ORDERS[order])
    made.set_pad(pad, pad)
    return made


def floating(size, order, exponent, fraction, bias=None, written=False, low=0):
    made = h5t.IEEE_F64LE.copy()
    # Larger first, so that each step is valid.
    made.set_size(16)
    made.set_precision(128)
    made.set_fields(low + exponent + fraction, low + fraction, exponent, low, fraction)
    made.set_ebias(2 ** (exponent - 1) - 1 if bias is None else bias)
    made.set_norm(h5t.NORM_NONE if written else h5t.NORM_IMPLIED)
    made.set_precision(low + exponent + fraction + 1)
    made.set_size(size)
    made.set_order(ORDERS[order])
    return made


def enumeration(base, members):
    made = h5t.enum_create(base)
    for name, value in members.items():
        made.enum_insert(name.encode(), value)
    return made


def compound(members, gap=0):
    size = sum(each.get_size() + gap for _, each in members)
    made = h5t.create(h5t.COMPOUND, size)
    at = 0
    for name, each in members:
        made.insert(name.encode(), at, each)
        at += each.get_size() + gap
    return made


def integers():
    for size, order, signed in itertools.product((1, 2, 3, 4, 5, 6, 7, 8, 16), ORDERS, (True, False)):
        for less, offset in ((0, 0), (1, 0), (1, 1), (3, 2), (4, 0), (4, 4), (7, 3)):
            precision = min(8 * size - less, 64)
            if precision < 1 or offset + precision > 8 * size:
                continue
            name = f'{"i" if signed else "u"}{size}{order}_{precision}_{offset}'
            yield name, integer(size, order, precision, offset, signed, 1 if less == 4 else 0), whole(precision, signed)


def whole(precision, signed):
    most = 2 ** (precision - 1) - 1 if signed else 2 ** precision - 1
    least = -most - 1 if signed else 0
    values = [0, 1, most, least, max(least, -2), min(most, 100), most // 3]
    kind = np.int64 if signed else np.uint64
    return np.array(values, dtype=kind), (h5t.NATIVE_INT64 if signed else h5t.NATIVE_UINT64)


def floats():
    forms = {
        'half': (2, 5, 10), 'brain': (2, 8, 7), 'e5m2': (1, 5, 2), 'e4m3': (1, 4, 3), 'tf': (3, 8, 15),
        'single': (4, 8, 23), 'wide': (4, 11, 20), 'double': (8, 11, 52), 'narrow': (8, 8, 23), 'quad': (16, 15, 112),
        'ten': (10, 15, 64),
    }
    for (name, (size, exponent, fraction)), order in itertools.product(forms.items(), ORDERS):
        yield f'{name}_{order}', floating(size, order, exponent, fraction), real()
        yield f'{name}_biased_{order}', floating(size, order, exponent, fraction, 2 ** (exponent - 1) + 2), real()
        yield f'{name}_written_{order}', floating(size, order, exponent, fraction, None, True), real()
    for order in ORDERS:
        yield f'shifted_{order}', floating(8, order, 8, 23, None, False, 5), real()
    yield 'long', h5t.NATIVE_LDOUBLE.copy(), real()
    vax = h5t.IEEE_F64LE.copy()
    try:
        vax.set_order(h5t.ORDER_VAX)
        yield 'vax_double', vax, real()
    except Exception:
        pass


def real():
    return np.array([0, -0.0, 1, -1.5, 0.1, 100.25, 1e-3, 2.0 ** -20, 3, float('inf'), float('nan')]), h5t.NATIVE_DOUBLE


def others():
    for size, order in itertools.product((1, 2, 4, 8), ORDERS):
        base = integer(size, order)
        yield f'enum{size}{order}', enumeration(base, {'low': -2, 'off': 0, 'high': 100}), raw(base, [0, 100, -2])
        bits = {(1, 'le'): h5t.STD_B8LE, (2, 'le'): h5t.STD_B16LE, (4, 'le'): h5t.STD_B32LE, (8, 'le'): h5t.STD_B64LE,
                (1, 'be'): h5t.STD_B8BE, (2, 'be'): h5t.STD_B16BE, (4, 'be'): h5t.STD_B32BE, (8, 'be'): h5t.STD_B64BE}
        yield f'bits{size}{order}', bits[size, order], raw(integer(size, order, signed=False), [0, 1, 200])
    for order in ORDERS:
        for what, base, source in (
            ('i2', integer(2, order), whole(16, True)),
            ('i12', integer(2, order, 12, 3), whole(12, True)),
            ('u8', integer(8, order, signed=False), whole(64, False)),
            ('f4', floating(4, order, 8, 23), real()),
            ('f8', floating(8, order, 11, 52), real()),
            ('brain', floating(2, order, 8, 7), real()),
            ('enum', enumeration(integer(2, order), {'a': 1, 'b': 2}), raw(integer(2, order), [1, 2, 1])),
        ):
            yield f'array_{what}{order}', h5t.array_create(base, (3,)), repeated(base, source, 3)
            yield f'grid_{what}{order}', h5t.array_create(base, (2, 2)), repeated(base, source, 4)
    reduced = integer(2, 'le', 12, 2)
    yield 'enum_reduced', enumeration(reduced, {'a': -5, 'b': 7}), raw_reduced(reduced, [-5, 7, 7])
    wide = integer(8, 'le')
    yield 'enum_wide', enumeration(wide, {'a': 2 ** 40, 'b': -2 ** 50}), raw(wide, [2 ** 40, -2 ** 50])
    truth = enumeration(integer(1, 'le'), {'FALSE': 0, 'TRUE': 1})
    yield 'truth', truth, raw(integer(1, 'le'), [0, 1, 1])
    yield from compounds()


def compounds():
    parts = {
        'le': [('a', integer(4, 'le')), ('b', floating(8, 'le', 11, 52)), ('c', integer(2, 'le', 12, 2))],
        'be': [('a', integer(4, 'be')), ('b', floating(8, 'be', 11, 52)), ('c', integer(2, 'be', 12, 2))],
        'mixed': [('a', integer(4, 'be')), ('b', floating(8, 'le', 11, 52)), ('c', integer(8, 'be', 40, 5))],
        'be_text': [('a', integer(4, 'be')), ('t', text(3)), ('b', floating(4, 'be', 8, 23))],
        'be_enum': [('a', integer(4, 'be')), ('e', enumeration(integer(2, 'be'), {'x': 1, 'y': 258})),
                    ('b', floating(8, 'be', 11, 52)), ('c', integer(2, 'be'))],
        'be_opaque': [('a', integer(4, 'be')), ('e', opaque(3)), ('b', floating(8, 'be', 11, 52))],
        'brain': [('a', floating(2, 'le', 8, 7)), ('b', floating(2, 'be', 5, 10))],
        'be_array': [('a', h5t.array_create(integer(4, 'be'), (2,))), ('b', floating(8, 'be', 11, 52))],
    }
    for name, members in parts.items():
        for gap in (0, 3) if name != 'brain' else (3,):
            kind = compound(members, gap)
            yield f'record_{name}_{gap}', kind, (members_bytes(kind, members, gap), None)
    inner = compound(parts['be'])
    yield 'record_nested', compound([('p', inner), ('q', integer(2, 'be'))]), (
        np.frombuffer(members_bytes(inner, parts['be'], 0).tobytes() + struct.pack('>h', -7), dtype=np.uint8), None)


def text(size):
    made = h5t.C_S1.copy()
    made.set_size(size)
    return made


def opaque(size):
    made = h5t.create(h5t.OPAQUE, size)
    made.set_tag(b'bytes')
    return made


def members_bytes(kind, members, gap):
    """One record: 5 in each integer, -2.5 in each floating-point number."""
    out = b''
    for _, each in members:
        size = each.get_size()
        if each.get_class() == h5t.STRING:
            piece = b'ab\0'
        elif each.get_class() == h5t.OPAQUE:
            piece = b'\1\2\3'
        elif each.get_class() == h5t.ENUM:
            piece = struct.pack('>h', 258)
        elif each.get_class() == h5t.ARRAY:
            piece = struct.pack('>ii', 5, -6)
        else:
            number = np.array([5 if each.get_class() == h5t.INTEGER else -2.5])
            source = h5t.NATIVE_DOUBLE
            buffer = np.zeros(16, dtype=np.uint8)
            buffer[:8] = np.frombuffer(number.astype('f8').tobytes(), dtype=np.uint8)
            h5t.convert(source, each, 1, buffer)
            piece = buffer.tobytes()[:size]
        out += piece + b'\xee' * gap
    return np.frombuffer(out, dtype=np.uint8)


def raw(base, values):
    """Values as bytes of their own type."""
    order = '<' if base.get_order() == h5t.ORDER_LE else '>'
    code = ('i' if base.get_sign() == h5t.SGN_2 else 'u') + str(base.get_size())
    return np.frombuffer(np.array(values, dtype=order + code).tobytes(), dtype=np.uint8), None


def raw_reduced(base, values):
    out = b''.join(struct.pack('<H', (value & 0xfff) << 2) for value in values)
    return np.frombuffer(out, dtype=np.uint8), None


def repeated(base, source, times):
    """As many whole arrays as the values fill, as bytes of the base's own type."""
    values, kind = source
    if kind is None:
        size = base.get_size()
        count = len(values) // size
        units = [values[index % count * size:index % count * size + size].tobytes() for index in range(times)]
        return np.frombuffer(b''.join(units), dtype=np.uint8), None
    room = max(base.get_size(), 8)
    out = b''
    for index in range(times):
        buffer = np.zeros(room, dtype=np.uint8)
        buffer[:8] = np.frombuffer(values[(index + 1) % len(values)].tobytes(), dtype=np.uint8)
        h5t.convert(kind, base, 1, buffer)
        out += buffer.tobytes()[:base.get_size()]
    return np.frombuffer(out, dtype=np.uint8), None


def kinds():
    known = set()
    for name, kind, source in itertools.chain(integers(), floats(), others()):
        if name not in known:
            yield name, kind, source
        known.add(name)


def stores():
    """How values are stored: the name, and what makes it so."""
    yield 'plain', None
    yield 'gzip', lambda list: list.set_deflate(4)
    yield 'shuffle', lambda list: (list.set_shuffle(), list.set_deflate(4))
    yield 'sum', lambda list: list.set_fletcher32()
    yield 'nbit', lambda list: list.set_filter(5, h5py.h5z.FLAG_OPTIONAL, ())
    yield 'lzf', lambda list: (list.set_shuffle(), list.set_filter(32000, h5py.h5z.FLAG_OPTIONAL, ()))
    yield 'offset', lambda list: list.set_scaleoffset(h5py.h5z.SO_INT, 0)


def create_list(store, length):
    list = h5p.create(h5p.DATASET_CREATE)
    if store is not None:
        list.set_chunk((max(length // 2, 1),))
        store(list)
    return list


def write(file, name, kind, values, source, store):
    size = kind.get_size()
    length = len(values) if source is not None else len(values) // size
    space = h5s.create_simple((length,))
    data = h5d.create(file.id, name.encode(), kind, space, create_list(store, length))
    data.write(h5s.ALL, h5s.ALL, values, mtype=source if source is not None else kind)


def write_attribute(file, name, kind, values, source):
    length = len(values) if source is not None else len(values) // kind.get_size()
    attribute = h5a.create(file.id, name.encode(), kind, h5s.create_simple((length,)))
    attribute.write(values, mtype=source if source is not None else kind)


def write_lists(file):
    """Lists of variable length of each common kind, which h5py writes itself."""
    for code in ('<i2', '<i4', '<u8', '<f4', '<f8', '<f2'):
        name = f'vlen_{code[1:]}'
        data = file.create_dataset(name, (3,), dtype=h5py.vlen_dtype(np.dtype(code)))
        for index, items in enumerate(([1, 2, 3], [], [100])):
            data[index] = np.array(items, dtype=code)
    file.create_dataset('text_vlen', data=['a', '', 'µm', 'a long text ' * 20], dtype=h5py.string_dtype())
    file.create_dataset('text_fixed', data=np.array([b'ab', b'abcd', b''], dtype='S4'))
    file.create_dataset('text_record', data=np.array([(1, 'x'), (2, 'µ')], dtype=[('n', '>i4'), ('t', h5py.string_dtype())]))


def main(folder):
    printed = {}
    for version, store in itertools.product(('earliest', 'latest'), stores()):
        path = f'{folder}/{version}-{store[0]}.h5'
        with h5py.File(path, 'w', libver=version) as file:
            for name, kind, (values, source) in kinds():
                try:
                    write(file, name, kind, values, source, store[1])
                except Exception:
                    # Not every filter takes every type.
                    if name in file:
                        del file[name]
            if store[1] is None:
                write_lists(file)
        printed[path] = datasets(path)
        if store[1] is None:
            path = f'{folder}/{version}-attributes.h5'
            with h5py.File(path, 'w', libver=version) as file:
                for name, kind, (values, source) in kinds():
                    write_attribute(file, name, kind, values, source)
            printed[path] = attributes(path)
    json.dump(printed, sys.stdout)


def datasets(path):
    found = {}
    with h5py.File(path, 'r') as file:
        for name in file:
            try:
                found[f'/{name}'] = {'value': plain(file[name][...])}
            except Exception as error:
                found[f'/{name}'] = {'error': str(error)}
    return found


def attributes(path):
    found = {}
    with h5py.File(path, 'r') as file:
        for name in file.attrs.keys():
            try:
                found[f'/@{name}'] = {'value': plain(file.attrs[name])}
            except Exception as error:
                found[f'/@{name}'] = {'error': str(error)}
    return found


main(sys.argv[1])
