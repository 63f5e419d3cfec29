/** Where the schema is kept that a window shows once it has opened its folder. */
export const sampleToShow = 'sampleToShow';
