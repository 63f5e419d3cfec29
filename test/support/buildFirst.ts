import { buildIfStale } from '../../scripts/builtProgram.mjs';

/** For suites that run the built programs. */
export default function setup(): void {
  buildIfStale();
}
