/** The store on disk: everything that the ports `Outbox` and `Spool` promise, over the folders of `runtime/queue`. */
import { type FSWatcher, statSync, watch } from "node:fs";
import type { MessageEvent } from "../domain/events.ts";
import { MESSAGE_ID } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";
import type {
  AcceptResult,
  DeadLetterSelection,
  NewMessage,
  Spool,
  StoredMessage,
  Waiting,
} from "../ports/store.ts";
import { isSystemError } from "../support/system-error.ts";
import { Acceptor } from "./acceptor.ts";
import { withAcknowledgement, writeAcknowledgement } from "./acknowledgements.ts";
import { type ActiveMessage, ActiveMessages } from "./active.ts";
import { Archive, findArchived } from "./archive.ts";
import { park } from "./bad.ts";
import { cancel, deadLetters, purge, retryFailed } from "./dead-letters.ts";
import { DropFolder } from "./drop-folder.ts";
import { Folders } from "./folders.ts";
import { IdSource } from "./id-source.ts";
import { KEY_MS } from "./keys.ts";
import { type Location, locate, locateIn, pathOf, unarchivedIds } from "./locate.ts";
import { readMessage } from "./message-file.ts";
import { unmarked } from "./message-name.ts";
import type { SpoolOptions } from "./options.ts";
import { similarIds } from "./similar-ids.ts";
import { sweep } from "./sweep.ts";
import { MAX_WAITING, WaitingCount } from "./waiting-count.ts";
import { type WaitingFile, WaitingList } from "./waiting-list.ts";

/** Opens the spool of a workspace. Nothing is read or created before the first call that needs it. */
export function openSpool(options: SpoolOptions): Spool {
  return new FolderSpool(options);
}

class FolderSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #folders: Folders;
  readonly #acceptor: Acceptor;
  readonly #drop: DropFolder;
  readonly #active: ActiveMessages;
  readonly #waiting: WaitingList;
  readonly #archive: Archive;
  /** Where the last message that was looked at lay: what is settled unclaimed (expired) was looked at just before. */
  #peeked: { readonly id: string; readonly location: Location } | null = null;

  constructor(options: SpoolOptions) {
    const { clock, random, observer, maxWaiting = MAX_WAITING } = options;
    const folders = new Folders(options.root);
    this.#options = options;
    this.#folders = folders;
    this.#active = new ActiveMessages(folders, (stored) => observer?.changed(stored));
    this.#waiting = new WaitingList(folders, observer ?? null);
    this.#archive = new Archive(folders, clock);
    const ids = new IdSource(folders, clock, random);
    const count = new WaitingCount(folders, clock, maxWaiting);
    const find = (id: string) => this.find(id);
    this.#acceptor = new Acceptor({ folders, ids, count, maxWaiting, now: () => clock.now(), find });
    const onTrouble = options.onTrouble ?? (() => undefined);
    this.#drop = new DropFolder({ folders, ids, acceptor: this.#acceptor, find, onTrouble });
  }

  accept(messages: readonly NewMessage[], isBroadcast: boolean): AcceptResult {
    return this.#acceptor.accept(messages, isBroadcast);
  }

  find(id: string): StoredMessage | null {
    if (!MESSAGE_ID.test(id)) return null;
    this.#folders.check();
    return this.#findInFolders(id) ?? findArchived(this.#folders, id) ?? this.#findInFolders(id);
  }

  cancel(id: string): "cancelled" | "not_queued" | "unknown" {
    if (!MESSAGE_ID.test(id)) return "unknown";
    this.#folders.check();
    if (cancel(this.#folders, id, this.#now()) === "cancelled") return "cancelled";
    return this.find(id) ? "not_queued" : "unknown";
  }

  retryFailed(selection: DeadLetterSelection): readonly string[] {
    this.#folders.prepare();
    return retryFailed(this.#folders, selection, this.#now());
  }

  deadLetters(selection: DeadLetterSelection): readonly StoredMessage[] {
    this.#folders.check();
    const all = [...deadLetters(this.#folders, selection, this.#now())].map(({ stored }) => stored);
    return all.sort((a, b) => (a.state.finishedAt ?? 0) - (b.state.finishedAt ?? 0));
  }

  purge(id: string, status: "failed" | "unconfirmed"): boolean {
    this.#folders.prepare();
    return purge(this.#folders, id, status, this.#now());
  }

  acknowledge(id: string, by: string): "acknowledged" | "unknown" {
    if (!this.find(id)) return "unknown";
    this.#folders.prepare();
    writeAcknowledgement(this.#folders, id, { type: "acknowledged", at: this.#now(), by });
    return "acknowledged";
  }

  similarIds(id: string): readonly string[] {
    this.#folders.check();
    return similarIds(this.#folders, id);
  }

  scan(knownAgents: ReadonlySet<string>): readonly Waiting[] {
    this.#folders.prepareAnew();
    this.#drop.takeIn({ knownAgents, maxBytes: this.#options.maxBytes });
    return this.#waiting.scan();
  }

  lastChange(): number {
    const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Math.max(changedAt(this.#folders.of("new")), changedAt(this.#folders.of("drop")));
  }

  watch(onChange: () => void): () => void {
    this.#folders.prepare();
    const watchers = [this.#folders.of("new"), this.#folders.of("drop")].flatMap((path) =>
      watchFolder(path, onChange),
    );
    return () => {
      for (const watcher of watchers) watcher.close();
    };
  }

  peek(waiting: Waiting): StoredMessage | null {
    for (const location of this.#locations(waiting)) {
      const reading = readMessage(pathOf(location), location.file);
      if (reading.kind === "message") {
        this.#peeked = { id: waiting.id, location };
        return withAcknowledgement(this.#folders, reading.stored);
      }
      if (reading.kind === "damaged") park(this.#folders, pathOf(location), reading.reason);
    }
    return null;
  }

  claim(waiting: Waiting, { pid, at }: { readonly pid: number; readonly at: number }): StoredMessage | null {
    for (const location of this.#locations(waiting)) {
      const active = this.#active.take(location);
      if (!active) continue;
      const attempt = active.stored.state.attempts + 1;
      this.#appendOrPutBack(active, { type: "claimed", at, attempt, pid }, false);
      return active.stored;
    }
    return null;
  }

  interrupted(): readonly StoredMessage[] {
    this.#folders.prepare();
    return this.#active.interrupted();
  }

  record(id: string, event: MessageEvent, isDurable: boolean): MessageState {
    const active = this.#active.get(id);
    if (!active) throw new Error(`${id} is not being delivered by this process`);
    return this.#active.append(active, [event], isDurable);
  }

  settle(id: string, event: MessageEvent): MessageState | null {
    const owned = this.#active.get(id);
    const active = owned ?? this.#takeWaiting(id);
    if (!active) return null;
    // Not again when it was written before and only the move failed.
    if (owned && active.stored.state.status === "delivering") this.#active.append(active, [event], true);
    if (!owned) this.#appendOrPutBack(active, event, true);
    this.#active.release(active);
    return active.stored.state;
  }

  archiveFinished(limit: number): number {
    this.#folders.prepareAnew();
    return this.#archive.archive(limit, (stored) => this.#options.observer?.changed(stored));
  }

  unarchivedIds(): ReadonlySet<string> {
    this.#folders.check();
    return unarchivedIds(this.#folders);
  }

  sweep(): void {
    this.#folders.prepareAnew();
    // A key stands for its message for a day, and counts only while that can be found.
    this.#archive.removeOld(Math.max(this.#options.archiveMs, KEY_MS));
    sweep(this.#folders, this.#now(), this.#options.archiveMs);
  }

  #now(): number {
    return Math.floor(this.#options.clock.now());
  }

  #findInFolders(id: string): StoredMessage | null {
    // Between finding the name and opening the file it may move on: then the next folders have it.
    for (let tries = 0; tries < 5; tries += 1) {
      const location = locate(this.#folders, id);
      if (!location) return null;
      const reading = readMessage(pathOf(location), location.file);
      if (reading.kind === "message") return withAcknowledgement(this.#folders, reading.stored);
      if (reading.kind === "damaged") return null;
    }
    return null;
  }

  /** Where the scan saw it, and where this worker puts a message that is tried again. */
  *#locations({ id, ...waiting }: Waiting & Partial<WaitingFile>): Iterable<Location> {
    const { directory, file } = waiting;
    const top = this.#folders.of("new");
    if (directory === undefined || file === undefined) {
      const found = locateIn(this.#folders, id, ["new"]);
      if (found) yield found;
      return;
    }
    yield { folder: "new", directory, file };
    const again = unmarked(file);
    if (directory !== top || again !== file) yield { folder: "new", directory: top, file: again };
  }

  #takeWaiting(id: string): ActiveMessage | null {
    const location = this.#peeked?.id === id ? this.#peeked.location : locateIn(this.#folders, id, ["new"]);
    return location && this.#active.take(location);
  }

  /** Throws the system's error when the event can't be stored, and leaves the message among the waiting ones. */
  #appendOrPutBack(active: ActiveMessage, event: MessageEvent, isDurable: boolean): void {
    try {
      this.#active.append(active, [event], isDurable);
    } catch (cause) {
      this.#active.release(active);
      throw cause;
    }
  }
}

function watchFolder(path: string, onChange: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    // Out of watches, folder removed: it was only a hint.
    watcher.on("error", () => watcher.close());
    return [watcher];
  } catch (cause) {
    if (isSystemError(cause)) return [];
    throw cause;
  }
}
