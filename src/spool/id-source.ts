/**
 * Ids that are unique by exclusive creation: a process reserves, by creating the empty file
 * `ids/<YYYYMMDD_HHMMSS>_<4 hex digits>`, the 65,536 ids of that second which begin with these digits. One file serves
 * all messages that the process accepts within the second. `sweep` removes the files once their second can't come back.
 */
import { closeSync, openSync } from "node:fs";
import { messageId, stamp } from "../domain/message.ts";
import type { Clock, Random } from "../ports/world.ts";
import { hasCode } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";

export interface Identity {
  readonly id: string;
  /** Microseconds since 1970; grows with every message of this process, also when the clock steps back. */
  readonly micros: number;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
}

interface Range {
  readonly second: string;
  readonly prefix: string;
  readonly offset: number;
  used: number;
}

const RANGE_SIZE = 0x10000;
/** Odd, so that stepping by it visits each of the 65,536 numbers once, in an order that does not look like counting. */
const STEP = 40503;

export class IdSource {
  readonly #folders: Folders;
  readonly #clock: Pick<Clock, "now">;
  readonly #random: Pick<Random, "hex">;
  #lastMicros = 0;
  #range: Range = { second: "", prefix: "", offset: 0, used: RANGE_SIZE };

  constructor(folders: Folders, clock: Pick<Clock, "now">, random: Pick<Random, "hex">) {
    this.#folders = folders;
    this.#clock = clock;
    this.#random = random;
  }

  /** Throws the system's error when nothing can be reserved. */
  next(): Identity {
    this.#lastMicros = Math.max(this.#lastMicros + 1, Math.floor(this.#clock.now() * 1000));
    const acceptedAt = Math.floor(this.#lastMicros / 1000);
    return { id: messageId(acceptedAt, this.#digits(acceptedAt)), micros: this.#lastMicros, acceptedAt };
  }

  /** `bc_YYYYMMDD_HHMMSS_xxxxxxxx`, unique in the same way. */
  nextBroadcast(): string {
    return this.next().id.replace(/^msg_/, "bc_");
  }

  #digits(acceptedAt: number): string {
    const second = stamp(acceptedAt);
    if (this.#range.second !== second || this.#range.used === RANGE_SIZE) this.#range = this.#reserve(second);
    const { prefix, offset, used } = this.#range;
    this.#range.used += 1;
    return prefix + ((offset + used * STEP) % RANGE_SIZE).toString(16).padStart(4, "0");
  }

  #reserve(second: string): Range {
    const random = Number.parseInt(this.#random.hex(4), 16);
    const offset = random % RANGE_SIZE;
    for (let tries = 0; tries < RANGE_SIZE; tries += 1) {
      const prefix = ((Math.floor(random / RANGE_SIZE) + tries) % RANGE_SIZE).toString(16).padStart(4, "0");
      if (createExclusively(this.#folders.of("ids", `${second}_${prefix}`)))
        return { second, prefix, offset, used: 0 };
    }
    throw new Error(`all ids of the second ${second} are used up`);
  }
}

function createExclusively(path: string): boolean {
  try {
    closeSync(openSync(path, "wx", 0o600));
    return true;
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw cause;
  }
}
