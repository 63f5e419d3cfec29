import type { Stats } from 'node:fs';
import path from 'node:path';
import { statOf } from '../../files/smallReads.ts';
import { jobPlaces, logFileOf, openFolder } from './jobFolders.ts';
import { jobFileName, runFileName } from './jobRecord.ts';
import type { JobPlace, MarkedPlace } from './jobStore.ts';

/** Nothing is taken for the same for longer, in milliseconds: some network file systems tell late of changes. */
const trustMs = 10_000;
/** What was changed so shortly ago may be changed again at what is the same time to the system. */
const settledMs = 100;
/** Where it stands which jobs there are, and which of them have not ended. */
const lists = ['jobs', 'waiting', 'open', 'runs', 'finished'] as const;

/** Looks at the newest jobs of a folder again and again; it lists them anew when one has come, gone or ended. */
export class FolderMarks {
  readonly #store: string;
  #places: readonly JobPlace[] = [];
  #listed: string | undefined;

  constructor(store: string) {
    this.#store = store;
  }

  /** @param isHeld tells whether a process is at a job */
  async newest(most: number, isHeld: (id: string) => Promise<boolean>): Promise<readonly MarkedPlace[]> {
    const turn = Math.floor(Date.now() / trustMs);
    const found = lists.map((name) => statOf(path.join(this.#store, name)));
    const listed = [turn, most, ...found.map(markOf)].join(' ');
    if (listed !== this.#listed) this.#places = (await jobPlaces(this.#store)).slice(0, most);
    const changed = Math.max(...found.map((each) => each?.mtimeMs ?? 0));
    this.#listed = Date.now() - changed > settledMs ? listed : undefined;
    return Promise.all(
      this.#places.map(async (place) => {
        // What has ended stays as it is.
        if (place.isEnded) return { ...place, mark: 'ended' };
        const folder = openFolder(this.#store, place.id);
        const files = [path.join(folder, jobFileName), path.join(folder, runFileName), logFileOf(folder)];
        return {
          ...place,
          mark: [turn, ...files.map((file) => markOf(statOf(file))), await isHeld(place.id)].join(' '),
        };
      }),
    );
  }
}

/** What is another text when a file was written anew or goes on, or something came to a folder or went. */
function markOf(found: Stats | undefined): string {
  return found === undefined ? '-' : `${found.ino}/${found.size}/${found.mtimeMs}`;
}
