import type * as page from './problemPage.ts';

/** The page is not served with the extension; what a problem means stands in its message. */
export const problemPage: typeof page.problemPage = () => undefined;
