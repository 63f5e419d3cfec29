import * as protocol from '../protocol.ts';
import { comparedSchemas } from './compareSchemas.ts';
import { own } from './own.ts';
import { ranSchemaTest } from './runSchemaTest.ts';
import type * as elsewhere from './ofBrowser.ts';
import { signedIn, whoseToken } from './signIn.ts';

export const requestsOfBrowser: typeof elsewhere.requestsOfBrowser = [
  own(protocol.runSchemaTest, ranSchemaTest),
  own(protocol.compareSchemas, comparedSchemas),
  own(protocol.signIn, signedIn),
  own(protocol.whoseToken, whoseToken),
];
