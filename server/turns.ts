/** Others are answered in between. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Does something later, unless the program has nothing else to do and ends before. */
export function afterwards(milliseconds: number, work: () => void): void {
  setTimeout(work, milliseconds).unref();
}
