/** Takes messages in: limit, ids, deduplication keys, commit. */

import { NAME } from "../domain/agent.ts";
import type { Message } from "../domain/message.ts";
import type { AcceptResult, NewMessage, StoredMessage } from "../ports/store.ts";
import { sha256 } from "../support/sha256.ts";
import { isSystemError } from "../support/system-error.ts";
import { commit, type Identified } from "./commit.ts";
import type { Folders } from "./folders.ts";
import type { Identity, IdSource } from "./id-source.ts";
import { KEY_MS, lockKeys, readKey, removeKey, syncKeys, writeKey } from "./keys.ts";
import type { WaitingCount } from "./waiting-count.ts";

export interface AcceptorParts {
  readonly folders: Folders;
  readonly ids: IdSource;
  readonly count: WaitingCount;
  readonly maxWaiting: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly find: (id: string) => StoredMessage | null;
}

/** How long a sender waits for another one that uses a key in the same workspace; held for milliseconds each. */
const KEY_LOCK_WAIT_MS = 10_000;

type Planned = { readonly identified: Identified } | { readonly duplicateOf: Message };
type Plan =
  | { readonly kind: "plan"; readonly messages: readonly Planned[] }
  | Extract<AcceptResult, { kind: "key_conflict" }>;

export class Acceptor {
  readonly #parts: AcceptorParts;

  constructor(parts: AcceptorParts) {
    this.#parts = parts;
  }

  /** All or nothing; see `Outbox.accept`. */
  accept(messages: readonly NewMessage[], isBroadcast: boolean): AcceptResult {
    try {
      return this.#accept(messages, isBroadcast);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      if (cause.code !== "ENOENT") return notStored(cause, this.#parts.folders);
    }
    // The folders were removed under a running program: once more, with new ones.
    try {
      this.#parts.folders.forget();
      return this.#accept(messages, isBroadcast);
    } catch (cause) {
      if (isSystemError(cause)) return notStored(cause, this.#parts.folders);
      throw cause;
    }
  }

  /**
   * Takes in one message under an id that was fixed before, without waiting for the key lock: null when it is taken.
   * Throws the system's error.
   */
  acceptAs(message: NewMessage, identity: Identity): AcceptResult | null {
    const run = () => this.#commit([message], null, () => identity);
    return message.key === null ? run() : this.#underKeyLock(0, run);
  }

  /** True when one more message may wait. */
  hasRoom(): boolean {
    return this.#parts.count.hasRoomFor(1);
  }

  #accept(messages: readonly NewMessage[], isBroadcast: boolean): AcceptResult {
    const { folders, ids, count, maxWaiting } = this.#parts;
    folders.prepare();
    if (!count.hasRoomFor(messages.length)) return { kind: "full", limit: maxWaiting };
    const run = () => this.#commit(messages, isBroadcast ? ids.nextBroadcast() : null, () => ids.next());
    if (messages.every((message) => message.key === null)) return run();
    const result = this.#underKeyLock(KEY_LOCK_WAIT_MS, run);
    return (
      result ?? notStored(new Error(`another sender held the key lock for ${KEY_LOCK_WAIT_MS} ms`), folders)
    );
  }

  #underKeyLock(waitMs: number, run: () => AcceptResult): AcceptResult | null {
    const lock = lockKeys(this.#parts.folders, waitMs);
    try {
      return lock && run();
    } finally {
      lock?.release();
    }
  }

  #commit(
    messages: readonly NewMessage[],
    broadcastId: string | null,
    identify: () => Identity,
  ): AcceptResult {
    const { folders, ids, count } = this.#parts;
    const plan = this.#plan(messages, broadcastId, identify);
    if (plan.kind === "key_conflict") return plan;
    const fresh = plan.messages.flatMap((planned) => ("identified" in planned ? [planned.identified] : []));
    const groupName = broadcastId ?? (fresh.length > 1 ? ids.nextBroadcast() : "");
    this.#commitWithKeys(fresh, () => commit(folders, fresh, groupName));
    count.accepted(fresh.length);
    return {
      kind: "accepted",
      messages: plan.messages.map((planned) =>
        "identified" in planned
          ? { message: planned.identified.message, isDuplicate: false }
          : { message: planned.duplicateOf, isDuplicate: true },
      ),
    };
  }

  #plan(messages: readonly NewMessage[], broadcastId: string | null, identify: () => Identity): Plan {
    const plan: Planned[] = [];
    const keyed = new Map<string, Message>();
    for (const asked of messages) {
      if (!NAME.test(asked.recipient))
        throw new Error(`no path may be built from ${JSON.stringify(asked.recipient)}`);
      const hash = sha256(asked.body);
      const place = asked.key === null ? null : `${asked.recipient}\0${asked.key}`;
      const earlier = place === null ? null : (keyed.get(place) ?? this.#earlier(asked));
      if (earlier && earlier.sha256 !== hash)
        return { kind: "key_conflict", key: asked.key ?? "", recipient: asked.recipient, id: earlier.id };
      if (earlier) {
        plan.push({ duplicateOf: earlier });
        continue;
      }
      const { id, micros, acceptedAt } = identify();
      const message: Message = { ...asked, id, broadcastId, sha256: hash, acceptedAt };
      if (place !== null) keyed.set(place, message);
      plan.push({ identified: { message, micros } });
    }
    return { kind: "plan", messages: plan };
  }

  /** The message that a key stands for. An entry without a message is what a sender left that died before its commit. */
  #earlier({ recipient, key }: NewMessage): Message | null {
    const entry = key === null ? null : readKey(this.#parts.folders, recipient, key);
    const now = this.#parts.now();
    if (!entry || now - entry.at >= KEY_MS) return null;
    return this.#parts.find(entry.id)?.message ?? null;
  }

  /** The entries first: without its message an entry counts for nothing, but a message without its entry would be doubled. */
  #commitWithKeys(fresh: readonly Identified[], commitAll: () => void): void {
    const { folders } = this.#parts;
    const keyed = fresh.flatMap(({ message: { id, recipient, key, sha256, acceptedAt } }) =>
      key === null ? [] : [{ recipient, key, entry: { id, sha256, at: acceptedAt } }],
    );
    try {
      for (const { recipient, key, entry } of keyed) writeKey(folders, recipient, key, entry);
      if (keyed.length > 0) syncKeys(folders);
      commitAll();
    } catch (cause) {
      for (const { recipient, key } of keyed) removeKey(folders, recipient, key);
      throw cause;
    }
  }
}

function notStored(cause: NodeJS.ErrnoException, folders: Folders): AcceptResult {
  return { kind: "not_stored", path: cause.path ?? folders.queue, cause };
}
