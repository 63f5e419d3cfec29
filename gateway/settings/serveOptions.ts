import { boolean, integer, list, map, number, section, text, textOrNull, texts } from '../../core/config/options.ts';
import type { Values } from '../../core/config/options.ts';

/** Who is let in: everybody on this computer, or accounts. */
const auth = ['none', 'accounts'] as const;

const ownAuth = textOrNull(null, {
  summary: 'Who is let in to this protocol, where it differs from `auth`.',
  allowed: auth,
  whenNull: null,
});

const enabled = boolean(true, { summary: 'Whether this protocol is spoken.' });

const locations = list(
  'The folders whose data can be ingested where they lie. Nothing outside of them is ever read for a client.',
  'location',
  {
    name: text('', { summary: 'How clients name it.', isRequired: true }),
    path: text('', {
      summary: 'The folder; relative to the folder of this file.',
      isRequired: true,
    }),
    published_as: textOrNull(null, {
      summary: 'What stands in `sourceFolder` for this folder, where the data are known to others by another path.',
      whenNull: null,
    }),
    data_file: textOrNull(null, {
      summary: 'A pattern of the file in a folder that is the data file, such as `*.nxs`.',
      whenNull: null,
    }),
    has_datasets: boolean(false, {
      summary: 'Whether each folder directly in it is a dataset; otherwise those are that hold a file of a schema.',
    }),
  },
);

const limits = section('What one client, and all together, may ask for.', {
  upload: integer(10_000_000_000, { summary: 'Bytes of an upload.', minimum: 1 }),
  running: integer(2, {
    summary: 'Ingestions that run at once; others wait in the order in which they came.',
    minimum: 1,
  }),
  drafts: integer(100, { summary: 'Deposits of one account that are not complete.', minimum: 1 }),
  waiting: integer(1000, { summary: 'Ingestions that wait.', minimum: 1 }),
  idle_seconds: number(60, { summary: 'Seconds without a byte after which a connection is closed.', minimum: 1 }),
  failed_logins: integer(10, { summary: 'Wrong passwords from one address in a minute; then it waits.', minimum: 1 }),
});

const expiry = section('How long things are kept.', {
  draft_days: number(7, { summary: 'Days after its last change in which a deposit must be completed.', minimum: 0 }),
  extraction_hours: number(24, { summary: 'Hours for which extracted metadata are kept.', minimum: 0 }),
  keep_days: number(30, { summary: 'Days for which the uploads of an ended ingestion are kept.', minimum: 0 }),
  record_days: number(90, { summary: 'Days for which the record of an ended ingestion is kept.', minimum: 1 }),
});

/** The parts of the page of the frontend, in its order. */
export const pageParts = ['organizational', 'sample', 'instrument', 'acquisition'] as const;

const openem = section('For the page “Ingestor” of the SciCat frontend.', {
  enabled,
  auth: ownAuth,
  archive: boolean(false, {
    summary:
      'Whether SciCat is asked to archive a dataset when the page says so (`autoArchive`, which it always does).',
    explanation:
      'It is a job of the type `archive` for the whole dataset, asked for with the token of the person once all files are listed. A schema that asks for such a job itself is left its own.',
  }),
  sections: map(
    {},
    {
      summary: 'In which part of the page scientific fields stand, by patterns of their names.',
      explanation:
        'The parts are `organizational`, `sample`, `instrument` and `acquisition`, for example `"detector_*": instrument`. The first pattern that fits counts; a field that none fits goes where its name suggests, or into `acquisition`.',
    },
  ),
});

const arkivum = section('For scripts that speak the ingest API of Arkivum.', {
  enabled,
  auth: ownAuth,
  datapools: list(
    'The data pools that a client may name; the first is the usual one. None: one called Default.',
    'data pool',
    {
      name: text('', { summary: 'How clients name it.', isRequired: true }),
      path: text('', { summary: 'What stands before the paths of its files in reports.' }),
    },
  ),
});

const sword = section('For SWORD clients, and deposits as Software Heritage takes them.', {
  enabled,
  auth: ownAuth,
  collections: list(
    'Where deposits go. None: one called `deposits`, with the configuration of the service.',
    'collection',
    {
      name: text('', { summary: 'Its name in addresses.', isRequired: true }),
      title: text('', { summary: 'What people read.' }),
      config: text('', { summary: "An ingestor's configuration of its own." }),
      schema: text('', { summary: 'A schema for all of its deposits, without asking selectors.' }),
      approval: boolean(false, { summary: 'Whether a person must approve a deposit before it goes to SciCat.' }),
    },
  ),
});

const native = section('For scripts, editors and the page at /.', { enabled, auth: ownAuth });

/**
 * Every option of `imsc-serve.yml`. Reading it, its defaults, JSON Schema and reference page are made from this table.
 */
export const serveOptions = section('The ingest service.', {
  host: text('127.0.0.1', {
    summary: 'Address to listen on. Any other than one of this computer needs `auth: accounts` and `public_address`.',
  }),
  port: integer(8888, { summary: 'Port to listen on; 0: any free one.', minimum: 0 }),
  public_address: text('', {
    summary: 'Address under which clients reach the service, such as `https://ingest.example.org`.',
    explanation:
      'The service itself speaks http; TLS is the reverse proxy’s. What a proxy says in `X-Forwarded-*` is not believed.',
  }),
  store: text('', {
    summary:
      'Where the jobs are kept: a folder, or a PostgreSQL database as `postgres://USER@HOST/NAME`. Empty: as `jobs.store` of the ingestor’s configuration says.',
    explanation:
      'With a database, `jobs.folder` of the ingestor’s configuration names the folder of what is uploaded. The password may come from `PGPASSWORD` or `~/.pgpass`.',
  }),
  storage: text('', {
    summary: 'Folder where deposited and unpacked data stay. It must exist. Empty: nothing can be deposited.',
  }),
  locations,
  auth: text('none', { summary: 'Who is let in: everybody on this computer, or accounts.', allowed: auth }),
  accounts_file: text('', {
    summary: 'File with the accounts and the hashes of their secrets, as `imsc serve --add-account` writes it.',
    explanation: 'Nobody but its owner may be able to read it (mode 0600).',
  }),
  oidc: section('Accounts of an OpenID Connect issuer, besides those of the accounts file.', {
    issuer: text('', {
      summary:
        'Its address, exactly as it stands in `iss` of its tokens, such as `https://login.example.org/realms/lab`.',
      explanation:
        'Tokens that it has signed are let in as `Authorization: Bearer` where `auth` is `accounts`. It is asked for its keys, and for nothing else.',
    }),
    audience: text('', {
      summary: 'What tokens must be for (`aud`), as the issuer knows this service. Those for others are refused.',
    }),
    client_id: text('', {
      summary:
        'What the issuer calls this service as a client, where people shall sign in to its page by that of the issuer.',
      explanation:
        'A public client with the authorization code flow and PKCE (S256), and the redirect address `public_address` + `/callback`. Empty: nobody is sent to the issuer, and only tokens are taken.',
    }),
    name_claim: text('sub', {
      summary: 'The claim that an account is known by; it owns its ingestions as `CLAIM@HOST` of the issuer.',
      explanation:
        '`sub` is never given to another person. `preferred_username` reads better; take it only where nobody can choose the name of another.',
    }),
    admins: texts([], { summary: 'Values of that claim: those who see the ingestions of all.' }),
  }),
  scicat_frontend: text('', {
    summary: 'Address of SciCat’s pages for people, such as `https://scicat.example.org`: datasets are linked there.',
  }),
  allow_origins: texts([], {
    summary: 'Web pages of other places that may use the service, exactly as `https://scicat.example.org`.',
  }),
  log: boolean(false, { summary: 'Write a line of JSON for each request to standard error.' }),
  limits,
  expiry,
  http: section('How strictly requests are read.', {
    lenient: boolean(false, {
      summary: 'Take requests that say their length in two ways, as the SWORD library for PHP sends them.',
      explanation:
        'Off is safer: such requests can mean one thing to a proxy and another to a server. It needs an address of this computer, or a `public_address` with https.',
    }),
  }),
  protocols: section('The protocols.', { openem, arkivum, sword, native }),
});

/** Every option with a value. */
export type ServeValues = Values<(typeof serveOptions)['options']>;

export type AuthMode = (typeof auth)[number];
