/**
 * Instead of the name of the server's program: the sources are run in the process of the test, where `npm run mutate`
 * can change them.
 */
export const inThisProcess = 'in this process';
