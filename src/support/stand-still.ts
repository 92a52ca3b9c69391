const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(4));

/** Stops the whole process for so many milliseconds: no timer fires and nothing is read. For what can't be awaited. */
export function standStill(ms: number): void {
  Atomics.wait(NOBODY_WAKES, 0, 0, ms);
}
