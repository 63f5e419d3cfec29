import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../core/nexus/definition.ts';

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<definition xmlns="http://definition.nexusformat.org/nxdl/3.1" name="NXthing" extends="NXobject" type="group">
  <doc>A thing
    that is measured.

    And more.</doc>
  <field name="temperature" type="NX_FLOAT" units="NX_TEMPERATURE"><doc>How <b>warm</b> it is</doc></field>
  <field name="kind"><enumeration><item value="raw"/><item value="made"/></enumeration></field>
  <group type="NXbeam"/>
  <group name="log" type="NXlog"/>
</definition>`;

describe('a definition of a NeXus class', () => {
  it('says what the class is, and each of its items', () => {
    expect(readDefinition(sample)).toEqual({
      name: 'NXthing',
      extends: 'NXobject',
      doc: 'A thing that is measured.\n\nAnd more.',
      items: [
        { name: 'temperature', doc: 'How warm it is', type: 'NX_FLOAT', units: 'NX_TEMPERATURE', values: [] },
        { name: 'kind', doc: '', type: undefined, units: undefined, values: ['raw', 'made'] },
        { name: 'beam', doc: '', type: 'NXbeam', units: undefined, values: [] },
        { name: 'log', doc: '', type: 'NXlog', units: undefined, values: [] },
      ],
    });
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'name: NXthing'],
    ['half of it', sample.slice(0, 300)],
    ['another document', '<html name="x"/>'],
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${sample.slice(38)}`],
    ['what is nested too deeply', '<definition name="NXa">'.repeat(60)],
  ])('is not there where there is %s', (_, text) => {
    expect(readDefinition(text)).toBeUndefined();
  });
});
