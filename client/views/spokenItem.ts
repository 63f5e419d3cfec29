import type { TreeItem } from 'vscode';

/**
 * Has a screen reader say of a row what stands in it: its name and what is beside it. Of a row with a tooltip VS Code
 * says that alone.
 */
export function spoken(item: TreeItem): TreeItem {
  const said = [item.label, item.description].flatMap((each) => (typeof each === 'string' && each !== '' ? each : []));
  item.accessibilityInformation = { label: said.join(', ') };
  return item;
}
