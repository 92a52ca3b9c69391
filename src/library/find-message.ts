/** A message by the id that somebody typed. */
import type { Config } from "../config/config.ts";
import { EXIT, SwarmError } from "../domain/errors.ts";
import type { Outbox, StoredMessage } from "../ports/store.ts";

/** Throws SwarmError (3) when there is none. */
export function messageWithId(id: string, outbox: Outbox, config: Config): StoredMessage {
  const stored = outbox.find(id);
  if (stored) return stored;
  throw unknownId(id, outbox, config);
}

export function unknownId(id: string, outbox: Outbox, { root }: Config): SwarmError {
  const [first, ...more] = outbox.similarIds(id);
  const others = more.length === 0 ? "" : ` (or ${more.join(", ")})`;
  const hint =
    first === undefined
      ? "ids look like msg_20260131_120000_0a1b2c3d; `swarm status` shows some"
      : `did you mean ${first}${others}?`;
  return new SwarmError(EXIT.unknownName, `there is no message ${JSON.stringify(id)} in ${root}`, hint);
}
