import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { optionsSchema } from '../../../core/config/configSchema.ts';
import { optionsOf } from '../../../core/config/options.ts';
import { serveOptions } from '../../../gateway/settings/serveOptions.ts';
import { loadServeSettings } from '../../../gateway/settings/serveSettings.ts';
import type { ServeOverrides } from '../../../gateway/settings/serveSettings.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();

/** Each error: the text that it points at, and what it says. */
function mistakes(text: string, overrides?: ServeOverrides): (readonly [string, string])[] {
  const { problems } = loadServeSettings({ text, overrides });
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ range, message }) => [range ? text.slice(range.start, range.end) : '', message]);
}

describe('imsc-serve.yml', () => {
  it('may be missing: open to this computer only', () => {
    const { settings, problems } = loadServeSettings({});
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 8888, auth: 'none', locations: [] });
    expect(settings.spoken).toEqual(['openem', 'arkivum', 'sword', 'native']);
  });

  it('is read with its lists, and paths in it are those beside it', async () => {
    const folder = await newFolder();
    mkdirSync(path.join(folder, 'data'));
    const text = `
port: 9000
locations:
  - {name: loki, path: data, has_datasets: true}
protocols:
  openem: {sections: {"magnet_*": sample}}
  arkivum: {enabled: false}
`;
    const { settings, problems } = loadServeSettings({
      file: path.join(folder, 'imsc-serve.yml'),
      text,
      overrides: { port: 1234, locations: [{ name: 'more', path: folder }] },
    });
    expect(problems).toEqual([]);
    expect(settings.port).toBe(1234);
    expect(settings.locations).toMatchObject([
      { name: 'loki', path: path.join(folder, 'data'), has_datasets: true, data_file: null },
      { name: 'more', path: folder },
    ]);
    expect(settings.protocols.openem.sections).toEqual({ 'magnet_*': 'sample' });
    expect(settings.spoken).toEqual(['openem', 'sword', 'native']);
  });

  it('lets deposits in only by accounts as soon as there are some', () => {
    const { settings } = loadServeSettings({ text: 'accounts_file: accounts' });
    expect(settings.authOf).toEqual({ openem: 'none', arkivum: 'none', sword: 'accounts', native: 'none' });
  });

  it('tells every mistake at once, each with its place', () => {
    const text = `
port: many
auth: yes please
hots: 0.0.0.0
locations:
  - {name: a}
  - nothing
  - {name: 'a/b', path: /}
allow_origins: ['*', 'https://ok.example']
protocols: {openem: {sections: {x: nowhere}}}
`;
    expect(mistakes(text)).toEqual([
      ['many', "'port' must be a whole number, at least 0, not a text."],
      ['yes please', '\'auth\' must be "none" or "accounts", not "yes please".'],
      ['hots', "'hots' is not an option; it has no effect. Did you mean 'host'?"],
      ['{name: a}', "A location needs 'path', a text."],
      ['nothing', "'locations[1]' must be a map of the options of a location, not a text."],
      ["['*', 'https://ok.example']", expect.stringContaining('“*” in')],
      ["'a/b'", expect.stringContaining('letters, digits')],
      ['{x: nowhere}', expect.stringContaining('“nowhere”')],
    ]);
  });

  it.each([
    ['host: 0.0.0.0', ["need 'public_address'", "needs 'auth: accounts': openem, arkivum, sword, native"]],
    ['{host: 0.0.0.0, public_address: "https://x.example"}', ["needs 'auth: accounts'"]],
    ['{host: 0.0.0.0, public_address: "https://x.example", auth: accounts}', ["needs 'accounts_file'"]],
    ['{host: "::", public_address: "https://x.example", auth: accounts, accounts_file: a}', []],
    ['{auth: accounts, oidc: {issuer: "https://login.example/realms/lab", audience: imsc}}', []],
    ['{auth: accounts, oidc: {issuer: "http://127.0.0.1:8080", audience: imsc}}', []],
    ['{auth: accounts, oidc: {issuer: "https://login.example"}}', ["needs 'oidc.audience'"]],
    ['oidc: {issuer: "http://login.example", audience: imsc}', ["'oidc.issuer' must be an address with https"]],
    ['oidc: {client_id: imsc-page}', ["'oidc.client_id' needs 'oidc.issuer'"]],
    ['oidc: {issuer: login.example, audience: imsc}', ["'oidc.issuer' must be an address with https"]],
    [
      '{host: h, public_address: "https://x.example", auth: accounts, accounts_file: a, protocols: {openem: {auth: none}}}',
      ['openem would be open'],
    ],
    [
      '{host: h, public_address: "http://x.example", auth: accounts, accounts_file: a, http: {lenient: true}}',
      ["'http.lenient' needs"],
    ],
    ['{http: {lenient: true}}', []],
    ['public_address: "https://x.example/below"', ['without a path']],
    ['port: 70000', ['at most 65535']],
    ['storage: /nowhere/at/all', ['cannot be used: /nowhere/at/all']],
  ])('%s', (text, expected) => {
    const found = mistakes(text).map(([, message]) => message);
    expect(found).toHaveLength(expected.length);
    for (const [index, part] of expected.entries()) expect(found[index]).toContain(part);
  });

  it('has a JSON Schema that takes each default, and refuses what the service refuses', () => {
    const validate = new Ajv({ strict: false }).compile(optionsSchema('', serveOptions.options));
    const defaults: Record<string, unknown> = {};
    for (const { path: at, option } of optionsOf(serveOptions.options)) {
      const keys = at.split('.');
      let inside = defaults;
      for (const key of keys.slice(0, -1)) inside = (inside[key] ??= {}) as Record<string, unknown>;
      inside[keys.at(-1) ?? ''] = option.default;
    }
    expect(validate(defaults)).toBe(true);
    for (const wrong of ['port: many', 'locations: [{name: a}]', 'hots: x', 'protocols: {sword: {collections: {}}}'])
      expect(validate(parseYaml(wrong)), wrong).toBe(false);
  });
});
