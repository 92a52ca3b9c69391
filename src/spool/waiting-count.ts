/**
 * The limit of waiting messages, checked at the door without reading a folder of 100,000 names for every message.
 *
 * `waiting-count` holds a count and when it was made. Who finds it older than COUNT_MAX_AGE_MS counts anew and writes
 * it; so there is at most about one count per that time, whoever sends. Each process adds what it accepted itself
 * since. So the limit is exceeded at most by what other processes accept within COUNT_MAX_AGE_MS. Nobody is refused
 * on an old count: before that, the folder is counted.
 */
import { closeSync, constants } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../ports/world.ts";
import { writeWhole } from "../support/atomic-file.ts";
import { openFile, readFile } from "../support/regular-file.ts";
import { isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { listings } from "./locate.ts";

/** How many messages may wait, unless the options say otherwise. */
export const MAX_WAITING = 200_000;
const COUNT_MAX_AGE_MS = 5_000;

interface Count {
  readonly waiting: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class WaitingCount {
  readonly #folders: Folders;
  readonly #clock: Pick<Clock, "now">;
  readonly #limit: number;
  #count: Count = { waiting: 0, at: Number.NEGATIVE_INFINITY };
  #ownSince = 0;

  constructor(folders: Folders, clock: Pick<Clock, "now">, limit: number) {
    this.#folders = folders;
    this.#clock = clock;
    this.#limit = limit;
  }

  /** True when `more` messages may still be accepted. */
  hasRoomFor(more: number): boolean {
    if (!this.#isFresh(this.#count)) this.#take(this.#read() ?? this.#recount());
    if (this.#count.waiting + this.#ownSince + more <= this.#limit) return true;
    this.#take(this.#recount());
    return this.#count.waiting + more <= this.#limit;
  }

  accepted(more: number): void {
    this.#ownSince += more;
  }

  #take(count: Count): void {
    this.#count = count;
    this.#ownSince = 0;
  }

  #isFresh({ at }: Count): boolean {
    const age = this.#clock.now() - at;
    return age >= 0 && age < COUNT_MAX_AGE_MS;
  }

  #read(): Count | null {
    try {
      const match = /^(\d+) waiting at (\d+)\n$/.exec(readFile(this.#file()).toString("utf8"));
      const count = match && { waiting: Number(match[1]), at: Number(match[2]) };
      return count && this.#isFresh(count) ? count : null;
    } catch (cause) {
      if (isSystemError(cause)) return null;
      throw cause;
    }
  }

  #recount(): Count {
    const count = { waiting: countWaiting(this.#folders), at: this.#clock.now() };
    try {
      // In place and not synced: a torn or lost one is counted again.
      const fd = openFile(this.#file(), constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC);
      try {
        writeWhole(fd, `${count.waiting} waiting at ${Math.floor(count.at)}\n`);
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
    }
    return count;
  }

  #file(): string {
    return join(this.#folders.queue, "waiting-count");
  }
}

function countWaiting(folders: Folders): number {
  let count = 0;
  for (const { files } of listings(folders, "new")) count += files.length;
  return count;
}
