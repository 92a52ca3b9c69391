/** The machine is on again: what a power cut has left is laid out as files, recovered, and held against what was promised. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredMessage } from "../../../src/ports/store.ts";
import { openStore } from "../../delivery/running-worker.ts";
import { type Archived, archived, faultsOfInboxes, leftInSpool, repeated } from "../truth.ts";
import { drain } from "./engine.ts";
import type { CrashState, Tree } from "./states.ts";
import { DRAFT, typist } from "./typist.ts";

/** In memory where that is possible: thousands of these are made. */
const PARENT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** What is wrong after the recovery. */
export async function faultsAfter({ tree, told }: CrashState): Promise<readonly string[]> {
  const root = mkdtempSync(join(PARENT, "swl-"));
  try {
    layOut(root, tree);
    const promises = promisesOf(told);
    const before = faultsBeforeRecovery(root, promises);
    const agent = typist(() => "submit");
    await drain(root, agent);
    return [...before, ...agent.faults, ...faultsOfEnd(root, promises, agent.submitted)];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function layOut(root: string, tree: Tree): void {
  for (const [path, content] of tree) {
    if (content === null) mkdirSync(join(root, path), { mode: 0o700 });
    else writeFileSync(join(root, path), content, { mode: 0o600 });
  }
}

interface Promises {
  readonly accepted: readonly string[];
  readonly delivered: readonly string[];
  readonly submitted: readonly string[];
  readonly replaced: readonly string[];
  readonly retried: readonly string[];
  readonly cancelled: readonly string[];
  readonly dropped: readonly string[];
}

function promisesOf(told: readonly string[]): Promises {
  const of = (verb: string) => [
    ...new Set(told.flatMap((what) => (what.startsWith(`${verb} `) ? [what.slice(verb.length + 1)] : []))),
  ];
  return {
    accepted: of("accepted"),
    delivered: of("delivered"),
    submitted: of("submitted"),
    replaced: of("replaced"),
    retried: of("retried"),
    cancelled: of("cancelled"),
    dropped: of("dropped"),
  };
}

/** What must be on the disk itself, whether or not anybody looks. */
function faultsBeforeRecovery(root: string, promises: Promises): readonly string[] {
  const store = openStore(root);
  const stateOf = (id: string) => store.find(id)?.state;
  return [
    ...promises.accepted.flatMap((id) => (stateOf(id) ? [] : [`${id} was accepted and is lost`])),
    ...promises.accepted.flatMap((id) => {
      const state = stateOf(id);
      const isTrue = state?.status !== "delivered" || existsSync(join(root, state.inboxFile ?? "none"));
      return isTrue ? [] : [`${id} is said to be delivered, and has no inbox file`];
    }),
    ...(promises.replaced.length > 0 && !hasDraft(root) ? ["a draft was replaced and is lost"] : []),
  ];
}

function hasDraft(root: string): boolean {
  const folder = join(root, "runtime/drafts");
  return (
    existsSync(folder) &&
    readdirSync(folder).some((name) => readFileSync(join(folder, name), "utf8") === DRAFT)
  );
}

function faultsOfEnd(root: string, promises: Promises, submittedSince: readonly string[]): readonly string[] {
  const ended = archived(root);
  const store = openStore(root);
  const submits = (id: string) =>
    [...promises.submitted, ...submittedSince].filter((one) => one === id).length;
  const delivered = ended.filter(({ summary }) => summary.status === "delivered");
  const unproven = leftInSpool(root, ["unconfirmed", "failed"]).flatMap(
    (path) => /msg_\w{24}/.exec(path)?.[0] ?? [],
  );
  return [
    ...leftInSpool(root, ["drop", "new", "active", "done", "bad"]).map(
      (path) => `left in the spool: ${path}`,
    ),
    ...repeated(ended.map(({ id }) => id)).map((id) => `${id} is in the archive twice`),
    ...ended
      .filter(({ id }) => store.find(id) === null)
      .map(({ id }) => `${id} can't be read in the archive`),
    ...promises.accepted.flatMap((id) => faultsOfStatus(id, store.find(id), promises)),
    ...faultsOfSubmits(delivered, submits),
    ...unproven.filter((id) => submits(id) > 1).map((id) => `${id} was submitted twice`),
    ...promises.dropped.flatMap((body) => {
      const all = [...ended.map(({ id }) => id), ...unproven];
      const count = all.filter((id) => store.find(id)?.message.body === body).length;
      return count === 1 ? [] : [`what was dropped is there ${count} times`];
    }),
    ...faultsOfInboxes(root, delivered).filter((fault) => !unproven.some((id) => fault.includes(id))),
  ];
}

function faultsOfStatus(id: string, stored: StoredMessage | null, promises: Promises): readonly string[] {
  const status = stored?.state.status ?? "lost";
  const allowed = allowedFor(id, stored, promises);
  return allowed.includes(status) ? [] : [`${id} ended as ${status}, and not as ${allowed.join(" or ")}`];
}

function allowedFor(id: string, stored: StoredMessage | null, promises: Promises): readonly string[] {
  if (promises.delivered.includes(id)) return ["delivered"];
  if (promises.cancelled.includes(id)) return ["cancelled"];
  const types = new Set(stored?.events.map(({ type }) => type));
  // What the story did may have come to the disk without anybody having been told.
  const untold = (["cancelled", "failed"] as const).filter((type) => types.has(type));
  const isRetried = promises.retried.includes(id);
  return [
    "delivered",
    ...untold.filter((status) => status !== "failed" || !isRetried),
    ...(types.has("typed") ? (["unconfirmed"] as const) : []),
  ];
}

function faultsOfSubmits(delivered: readonly Archived[], submits: (id: string) => number): readonly string[] {
  return delivered.flatMap(({ id, summary }) => {
    const [count, wanted] = [submits(id), summary.recipient === "Typist" ? 1 : 0];
    return count === wanted ? [] : [`${id} to ${summary.recipient} was submitted ${count} times`];
  });
}
