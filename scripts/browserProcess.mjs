// What programs that also run in a browser may ask of Node's `process`.
export const process = { env: {}, platform: 'browser', cwd: () => '/' };
