import { FormatError } from '../formatError.ts';
import type { GroupReader } from './group.ts';
import { LinkGroup } from './linkGroup.ts';
import { messageBody, messageTypes } from './objectHeader.ts';
import type { StoredObject } from './objectHeader.ts';
import { SymbolTableGroup } from './symbolTable.ts';

/** The names in a group, of whichever kind it is. @throws FormatError */
export function openGroup(object: StoredObject): GroupReader {
  for (const message of object.messages) {
    if (message.type === messageTypes.symbolTable)
      return new SymbolTableGroup(object.file, messageBody(object.file, message));
    if (message.type === messageTypes.linkInfo) return new LinkGroup(object, messageBody(object.file, message));
  }
  throw new FormatError('an object is no group');
}
