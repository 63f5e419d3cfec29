import { SaxesParser } from 'saxes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { xml, xmlDocument } from '../../../gateway/http/xml.ts';

it('escapes what is filled in, and nothing else', () => {
  const items = ['<b>', '"&"'].map((item) => xml`<i v="${item}">${item}</i>`);
  expect(xml`<a>${items}${undefined}${1}</a>`.text).toBe(
    '<a><i v="&lt;b&gt;">&lt;b&gt;</i><i v="&quot;&amp;&quot;">&quot;&amp;&quot;</i>1</a>',
  );
});

it('makes documents that a strict parser reads back, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      // Saxes gives the line break in front of the root as text too.
      let content = '';
      const parser = new SaxesParser({ xmlns: true });
      parser.on('text', (found) => {
        content += found;
      });
      parser.write(xmlDocument(xml`<a b="${text}">${text}</a>`)).close();
      const readable = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
      expect(content.trim()).toBe(readable.trim());
    }),
    { numRuns: 1000 },
  );
});
