// Makes the NeXus files of samples/data, shaped like those of the ESS file writer, and the one of the walkthrough. All people in them are invented.
// Running it again gives the same contents.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNexus } from './writeNexus.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Numbers that look measured and are the same each time: a small linear congruential generator. */
function noise(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const group = (path, nxClass, attrs = {}) => ({ path, kind: 'group', attrs: { NX_class: nxClass, ...attrs } });
const text = (path, value) => ({ path, kind: 'dataset', dtype: 'vlen-utf8', value });
const number = (path, value, units, dtype = 'f8') => ({ path, kind: 'dataset', dtype, value, attrs: { units } });
const integer = (path, value, units) => number(path, value, units, 'i4');

/** A spot on a detector: counts fall off from the middle, with noise. */
function spot(rows, columns, peak, random) {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const distance = Math.hypot(row - rows / 2 + 0.5, column - columns / 2 + 0.5) / (rows / 5);
      return Math.round(peak * Math.exp(-distance * distance) + 3 * random());
    }),
  );
}

function rootAndEntry({ fileName, writtenAt, title, start, end, proposal, run, uuid, instrument }) {
  return [
    {
      path: '/',
      kind: 'group',
      attrs: {
        NX_class: 'NXroot',
        file_name: fileName,
        file_time: writtenAt,
        creator: 'makeSamples, in the manner of kafka-to-nexus',
      },
    },
    group('/entry', 'NXentry', { default: 'detector_image' }),
    text('/entry/title', title),
    text('/entry/start_time', start),
    text('/entry/end_time', end),
    text('/entry/experiment_identifier', proposal),
    text('/entry/entry_identifier', run),
    text('/entry/entry_identifier_uuid', uuid),
    group('/entry/instrument', 'NXinstrument'),
    { ...text('/entry/instrument/name', instrument.name), attrs: { short_name: instrument.name } },
    group('/entry/instrument/source', 'NXsource'),
    text('/entry/instrument/source/name', 'European Spallation Source'),
    text('/entry/instrument/source/probe', 'neutron'),
  ];
}

function users(people) {
  return people.flatMap(({ name, affiliation, role }, index) => {
    const path = `/entry/user_${index + 1}`;
    return [
      group(path, 'NXuser'),
      text(`${path}/name`, name),
      text(`${path}/affiliation`, affiliation),
      text(`${path}/role`, role),
    ];
  });
}

function sample({ name, formula, temperature, field }) {
  return [
    group('/entry/sample', 'NXsample'),
    text('/entry/sample/name', name),
    text('/entry/sample/chemical_formula', formula),
    number('/entry/sample/temperature', temperature, 'K'),
    ...(field === undefined ? [] : [number('/entry/sample/magnetic_field', field, 'T')]),
    group('/entry/sample/temperature_log', 'NXlog'),
    number('/entry/sample/temperature_log/time', [0, 60, 120, 180], 's'),
    number(
      '/entry/sample/temperature_log/value',
      [0.21, 0.04, -0.02, -0.01].map((drift) => Number((temperature + drift).toFixed(2))),
      'K',
    ),
  ];
}

function detector(name, rows, columns, peak, distance, random) {
  const path = `/entry/instrument/${name}`;
  const pixels = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => row * columns + column + 1),
  );
  return [
    group(path, 'NXdetector'),
    { ...integer(`${path}/data`, spot(rows, columns, peak, random), 'counts'), compression: 'gzip' },
    { path: `${path}/detector_number`, kind: 'dataset', dtype: 'i4', value: pixels, compression: 'gzip' },
    number(`${path}/distance`, distance, 'm', 'f4'),
    group('/entry/detector_image', 'NXdata', { signal: 'data' }),
    { path: '/entry/detector_image/data', kind: 'softlink', target: `${path}/data` },
  ];
}

function monitor(rate, random) {
  const counts = Array.from({ length: 20 }, () => Math.round(rate * (0.95 + 0.1 * random())));
  return [
    group('/entry/monitor_1', 'NXmonitor', { signal: 'data' }),
    integer('/entry/monitor_1/data', counts, 'counts'),
    number(
      '/entry/monitor_1/time_of_flight',
      counts.map((_, index) => index * 3500),
      'us',
    ),
  ];
}

const choppers = (speeds) =>
  speeds.flatMap((speed, index) => {
    const path = `/entry/instrument/chopper_${index + 1}`;
    return [
      group(path, 'NXdisk_chopper'),
      text(`${path}/name`, `chopper ${index + 1}`),
      number(`${path}/rotation_speed`, speed, 'Hz'),
    ];
  });

const coda = { name: 'CODA' };
const loki = { name: 'LoKI' };
const testBeamline = { name: 'TBL' };

const codaTeam = [
  { name: 'Maren Solberg', affiliation: 'Example University, Oslo', role: 'principal_investigator' },
  { name: 'Šárka Nováčková', affiliation: 'Institute of Examples, Brno', role: 'experimenter' },
];
const lokiTeam = [
  { name: 'Ida Holm', affiliation: 'Example Polymers AB, Lund', role: 'principal_investigator' },
  { name: 'Théo Lefèvre', affiliation: 'École des Exemples, Lyon', role: 'experimenter' },
  { name: 'Jun Sato', affiliation: 'Example Institute, Sendai', role: 'local_contact' },
];

const codaRun = (about, random) => [
  ...rootAndEntry({ ...about, proposal: '443604', instrument: coda }),
  ...choppers([14, 14, 70]),
  ...users(codaTeam),
  ...sample(about.sample),
  ...detector('detector_panel_0', 24, 24, about.peak, 1.25, random),
  ...monitor(41000, random),
];

/** What the walkthrough lets a person play with: small, and with what the first minutes need. */
const powder = ((random) => [
  group('/', 'NXroot', { file_name: 'powder.nxs', creator: 'makeSamples' }),
  group('/entry', 'NXentry', { default: 'counts' }),
  text('/entry/title', 'Copper powder in a can, 295 K'),
  text('/entry/start_time', '2025-09-08T07:30:00Z'),
  text('/entry/end_time', '2025-09-08T08:15:00Z'),
  text('/entry/run_number', '42'),
  text('/entry/proposal', 'P2025-17'),
  group('/entry/user', 'NXuser'),
  text('/entry/user/name', 'Ada Nordahl'),
  text('/entry/user/email', 'ada.nordahl@example.org'),
  group('/entry/instrument', 'NXinstrument'),
  text('/entry/instrument/name', 'Toy Diffractometer'),
  group('/entry/sample', 'NXsample'),
  text('/entry/sample/name', 'Copper powder'),
  text('/entry/sample/chemical_formula', 'Cu'),
  number('/entry/sample/temperature', 295.2, 'K'),
  group('/entry/counts', 'NXdata', { signal: 'data' }),
  integer(
    '/entry/counts/data',
    Array.from({ length: 36 }, () => Math.round(40 + 20 * random())),
    'counts',
  ),
])(noise(42));

/** As older control systems write: each value in a list of one, texts of fixed length, times without a zone. */
const listed = (path, value, units) =>
  typeof value === 'string'
    ? { path, kind: 'dataset', dtype: `fixed-ascii:${value.length}`, shape: [1], value: [value] }
    : { path, kind: 'dataset', dtype: 'f4', shape: [1], value: [value], attrs: { units } };

const reactor = [
  group('/entry1', 'NXentry'),
  listed('/entry1/title', 'Latex spheres in D2O'),
  listed('/entry1/start_time', '2025-06-24 09:13:05'),
  listed('/entry1/end_time', '2025-06-24 09:21:47'),
  group('/entry1/user', 'NXuser'),
  listed('/entry1/user/name', 'Mirjam Keller'),
  listed('/entry1/user/email', 'mirjam.keller@example.org'),
  group('/entry1/SANS', 'NXinstrument'),
  listed('/entry1/SANS/name', 'SANS at a reactor'),
  group('/entry1/SANS/collimator', 'NXcollimator'),
  listed('/entry1/SANS/collimator/length', 8, 'm'),
  group('/entry1/sample', 'NXsample'),
  listed('/entry1/sample/name', 'Latex 2 %'),
  listed('/entry1/sample/temperature', 35.1, 'degC'),
];

/** As a beamline for crystals writes: what was measured with, no title and nobody's name; the images lie beside it. */
const crystal = [
  group('/entry', 'NXentry'),
  text('/entry/definition', 'NXmx'),
  text('/entry/start_time', '2025-02-14T14:25:57+00:00'),
  text('/entry/end_time', '2025-02-14T14:26:24+00:00'),
  group('/entry/instrument', 'NXinstrument'),
  group('/entry/instrument/source', 'NXsource'),
  text('/entry/instrument/source/name', 'A synchrotron'),
  group('/entry/instrument/beam', 'NXbeam'),
  number('/entry/instrument/beam/incident_wavelength', 0.9795, 'angstrom'),
  group('/entry/instrument/detector', 'NXdetector'),
  text('/entry/instrument/detector/description', 'A pixel detector'),
  number('/entry/instrument/detector/count_time', 0.008, 's'),
  group('/entry/data', 'NXdata', { signal: 'data_000001' }),
  { path: '/entry/data/data_000001', kind: 'external', file: 'thaumatin_1_000001.h5', target: '/data' },
];

/** The files, each with its contents. */
const files = {
  'walkthrough/sample/powder.nxs': powder,
  'samples/elsewhere/reactor/sans2025n004217.hdf': reactor,
  'samples/elsewhere/synchrotron/mx98765/thaumatin_1.nxs': crystal,
  'samples/elsewhere/synchrotron/mx98765/thaumatin_1_000001.h5': [
    { ...integer('/data', spot(8, 8, 200, noise(98765)), 'counts'), compression: 'gzip' },
  ],
  'samples/data/coda/2025/443604/raw/443604_00001017.nxs': codaRun(
    {
      fileName: '443604_00001017.nxs',
      writtenAt: '2025-03-14T10:02:11.350000Z',
      title: 'MnF2 powder, 4 K, zero field',
      start: '2025-03-14T09:26:53.000000Z',
      end: '2025-03-14T10:01:58.000000Z',
      run: '1017',
      uuid: '2f6f3f3e-8c0b-4b5e-9a43-6d1f6f2d7a10',
      sample: { name: 'MnF2 powder', formula: 'MnF2', temperature: 4.02, field: 0 },
      peak: 900,
    },
    noise(1017),
  ),
  'samples/data/coda/2025/443604/raw/443604_00001018.nxs': codaRun(
    {
      fileName: '443604_00001018.nxs',
      writtenAt: '2025-03-14T11:10:40.120000Z',
      title: 'MnF2 powder, 80 K, 2.5 T',
      start: '2025-03-14T10:20:05.000000Z',
      end: '2025-03-14T11:10:31.000000Z',
      run: '1018',
      uuid: 'b83a1b53-1a58-4a61-9d5c-0f0f3c2b9e44',
      sample: { name: 'MnF2 powder', formula: 'MnF2', temperature: 80.11, field: 2.5 },
      peak: 640,
    },
    noise(1018),
  ),
  'samples/data/loki/2025/443618/raw/443618_00000291.nxs': ((random) => [
    ...rootAndEntry({
      fileName: '443618_00000291.nxs',
      writtenAt: '2025-05-22T16:45:09.900000Z',
      title: 'Micelles in D2O, long camera',
      start: '2025-05-22T17:58:30+02:00',
      end: '2025-05-22T18:45:02+02:00',
      proposal: '443618',
      run: '291',
      uuid: 'c0a7d6f2-5f6a-4c9c-8f0e-7b1e0f9d2c35',
      instrument: loki,
    }),
    ...choppers([14, 7]),
    group('/entry/instrument/collimator', 'NXcollimator'),
    number('/entry/instrument/collimator/slit_widths', [12, 8, 4.5], 'mm'),
    number('/entry/instrument/wavelength_band', [2, 22], 'angstrom'),
    ...users(lokiTeam),
    ...sample({ name: 'Micelles 2% in D2O', formula: 'C12H25NaO4S', temperature: 298.15 }),
    ...detector('detector_rear', 32, 32, 2400, 10, random),
    ...monitor(90500, random),
  ])(noise(291)),
  'samples/data/tbl/2025/443604/raw/443604_00000007.nxs': ((random) => [
    ...rootAndEntry({
      fileName: '443604_00000007.nxs',
      writtenAt: '2025-02-03T08:15:00.000000Z',
      title: 'Alignment with a pinhole',
      start: '2025-02-03T08:00:00.000000Z',
      end: '2025-02-03T08:14:30.000000Z',
      proposal: '443604',
      run: '7',
      uuid: '6a9d0d62-9d61-4f2e-b1f4-3a5d5be0a2c7',
      instrument: testBeamline,
    }),
    ...users([codaTeam[0]]),
    ...detector('detector_0', 16, 16, 120, 0.8, random),
    ...monitor(5000, random),
  ])(noise(7)),
};

for (const [name, items] of Object.entries(files)) {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  await writeNexus(path, items);
  console.log(`${relative(root, path)}: ${(statSync(path).size / 1024).toFixed(0)} kB`);
}
