import { describe, expect, it, vi } from 'vitest';
import { sameAddress } from '../../../client/connections/accounts.ts';
import { CatalogueAddress } from '../../../core/scicat/catalogueAddress.ts';

vi.mock('vscode', () => ({ EventEmitter: vi.fn() }));

const addresses = [
  'https://scicat.example.org/api/v3',
  'https://SciCat.Example.org:443/api/v3/',
  ' https://scicat.example.org./api/v4// ',
  'https://scicat.example.org/API/v3',
  'https://scicat.example.org:8443/api/v3',
  'http://scicat.example.org/api/v3',
  'http://127.0.0.1:3000/api/v3',
  'http://localhost:3000/api/v3',
  'https://scicat.example.org',
];

describe('whose account it is', () => {
  it.each(addresses)('the extension and the program take the same SciCats for one: %s', (one) => {
    for (const other of addresses)
      expect(sameAddress(one) === sameAddress(other), `${one} | ${other}`).toBe(
        CatalogueAddress.identityOf(one) === CatalogueAddress.identityOf(other),
      );
  });

  it('what is not an address stands for itself', () => {
    expect(sameAddress(' nowhere ')).toBe('nowhere');
  });
});
