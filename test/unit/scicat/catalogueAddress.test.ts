import { describe, expect, it } from 'vitest';
import { CatalogueAddress } from '../../../core/scicat/catalogueAddress.ts';

const one = 'https://catalogue.example.org/api/v3';

describe('the address of a SciCat', () => {
  it.each([
    'https://catalogue.example.org/api/v3/',
    'https://catalogue.example.org/api/v3///',
    'HTTPS://Catalogue.Example.ORG/api/v3',
    'https://catalogue.example.org:443/api/v3',
    'https://catalogue.example.org./api/v3',
    '  https://catalogue.example.org/api/v3\n',
    'https://catalogue.example.org/other/../api/v3',
    'https://catalogue.example.org/./api/v4/',
    'https://catalogue.example.org/api',
  ])('is the same one in %j', (text) => {
    expect(CatalogueAddress.identityOf(text)).toBe(CatalogueAddress.identityOf(one));
  });

  it.each([
    'http://catalogue.example.org/api/v3',
    'https://catalogue.example.org:8443/api/v3',
    'https://catalogue.example/api/v3',
    'https://catalogue.example.org/API/v3',
    'https://catalogue.example.org/staging/api/v3',
  ])('is another one in %j', (text) => {
    expect(CatalogueAddress.identityOf(text)).not.toBe(CatalogueAddress.identityOf(one));
  });

  it('does not take names of one computer for each other', () => {
    expect(CatalogueAddress.identityOf('http://127.0.0.1:3000/api/v3')).not.toBe(
      CatalogueAddress.identityOf('http://localhost:3000/api/v3'),
    );
  });

  it.each([
    [' HTTP://LOCALHOST:80/api/v3/ ', 'http://localhost/api/v3'],
    ['https://catalogue.example.org', 'https://catalogue.example.org'],
  ])('is written in one way: %j', (text, url) => {
    expect(CatalogueAddress.parse(text)).toMatchObject({ url });
  });

  it.each([
    ['catalogue.example.org/api/v3', /https:\/\//],
    ['ftp://catalogue.example.org/api', /https:\/\//],
    ['https://me:secret@catalogue.example.org/api/v3', /password/],
    ['https://catalogue.example.org/api/v3?token=x', /alone/],
    ['https://catalogue.example.org/api/v3?', /alone/],
    ['https://catalogue.example.org/api/v3#top', /alone/],
  ])('is refused: %j', (text, fault) => {
    expect(CatalogueAddress.parse(text)).toMatchObject({ fault: expect.stringMatching(fault) as string });
  });
});
