import type { Frame, Page } from 'playwright-core';

export const looks: readonly [
  { readonly colorScheme: 'light' },
  { readonly colorScheme: 'dark' },
  { readonly forcedColors: 'active' },
];
export const widths: readonly [1280, 320];
export function pageFaults(page: Page | Frame): Promise<readonly string[]>;
