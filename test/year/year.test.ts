import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Status } from "../../src/domain/status.ts";
import { readOverview } from "../../src/spool/overview.ts";
import type { Tracker } from "../e2e/json.ts";
import { DRAFT } from "./scripted-typist.ts";
import { DAY_MS, HOUR_MS, TRACKED, YearWorld } from "./year-world.ts";

const KEPT_DAYS = 90;
const DAYS = 366;
/** Of two days one is looked at closely, and the other passes. */
const STEP = 2;
const DRAFTS_OF_A_MONTH = 12;

interface Known {
  readonly id: string;
  readonly sender: string;
  status: Status;
  /** Milliseconds since 1970; null while it waits. */
  finishedAt: number | null;
  isAcknowledged: boolean;
  draftFile: string | null;
}

/** What has happened, as the test itself knows it. */
class Year {
  readonly world = new YearWorld(KEPT_DAYS * DAY_MS);
  readonly known = new Map<string, Known>();
  readonly inboxFiles = new Set<string>();
  readonly badFiles = new Set<string>();
  readonly megabytes: number[] = [];
  #key: { readonly id: string; readonly key: string } | null = null;

  async run(): Promise<void> {
    this.world.startWorker();
    for (let day = 0; day < DAYS; day += STEP) await this.day(day);
    await this.world.stopWorker();
  }

  async day(day: number): Promise<void> {
    this.#sendOfDay(day);
    await this.world.pass(HOUR_MS);
    this.#see();
    this.#afterwards(day);
    await this.world.pass(22 * HOUR_MS);
    this.#sameKeyAgain(day);
    this.world.clock.sleep(HOUR_MS + (STEP - 1) * DAY_MS);
    if (day % 30 === 28) await this.#lookAtAll(day);
  }

  #sendOfDay(day: number): void {
    this.send("Reader", { body: `report of day ${day}, ${"in many words, ".repeat(20)}` });
    this.send("Typist", { body: day % 4 === 0 ? "deliver with a draft" : "deliver" });
    const { id } = this.send("Reader", { body: `standup ${day}`, key: `standup-${day}` });
    this.#key = { id, key: `standup-${day}` };
    if (day % 6 === 0) this.send("Typist", { body: day % 12 === 0 ? "fail with a draft" : "fail" });
    if (day % 10 === 2) this.send("Typist", { body: "doubt" });
    // Nobody is there: they wait, are taken back, or become stale.
    if (day % 8 === 0) this.send("Sleeper", { sender: "cancels", body: "taken back" });
    if (day % 6 === 0)
      this.send("Sleeper", { sender: "expires", body: "stale", expiresAt: this.world.clock.now() + HOUR_MS });
    if (day % 30 === 4) this.send("Sleeper", { sender: "waits", body: "for whenever you are back" });
    if (day % 30 === 6) this.#dropNonsense(day);
    // What a process leaves that dies in the middle.
    if (day % 10 === 0) writeFileSync(join(this.world.folders.runtime, `timing.json.${day}.tmp`), "{");
  }

  send(recipient: string, parts: object): Known {
    const { id, isDuplicate } = this.world.accept({ recipient, ...parts });
    expect(isDuplicate).toBe(false);
    const sender = (parts as { sender?: string }).sender ?? "Captain";
    const known: Known = {
      id,
      sender,
      status: "queued",
      finishedAt: null,
      isAcknowledged: false,
      draftFile: null,
    };
    this.known.set(id, known);
    return known;
  }

  #dropNonsense(day: number): void {
    const { folders } = this.world;
    const name = `nonsense-${day}.json`;
    writeFileSync(folders.of("drop", name), "{");
    for (const file of [name, `${name}.reason.txt`]) this.badFiles.add(folders.of("bad", file));
  }

  /** Takes down what became of those that had not ended. */
  #see(): void {
    const now = this.world.clock.now();
    for (const known of this.known.values()) {
      if (known.finishedAt !== null) continue;
      const state = this.world.find(known.id)?.state;
      if (!state) throw new Error(`${known.id} (${known.sender}) has vanished before it ended`);
      known.status = state.status;
      known.finishedAt = state.finishedAt;
      known.draftFile = state.draftFile;
      if (state.finishedAt !== null) expect(now - state.finishedAt).toBeLessThanOrEqual(STEP * DAY_MS);
    }
  }

  #afterwards(day: number): void {
    const { outbox } = this.world;
    for (const known of this.known.values())
      if (known.sender === "cancels" && known.status === "queued") outbox.cancel(known.id);
    // Archived ones, and some that never will be.
    const ended = [...this.known.values()].filter(({ finishedAt }) => finishedAt !== null);
    const newest = ended
      .filter(({ isAcknowledged, status }) => !isAcknowledged && status !== "cancelled")
      .at(-1);
    if (newest && day % 4 === 0) {
      expect(outbox.acknowledge(newest.id, "Reader")).toBe("acknowledged");
      newest.isAcknowledged = true;
    }
    if (day % 50 === 48) this.#retryOldest();
    // Back from a long leave, and gone again.
    this.world.isSleeperPaused = day % 160 !== 158;
  }

  /** A dead letter that has lain for months is queued again. */
  #retryOldest(): void {
    const oldest = [...this.known.values()].find(({ status }) => status === "failed");
    if (!oldest) throw new Error("nothing has failed");
    const selection = { id: oldest.id, isUnconfirmedIncluded: false };
    expect(this.world.outbox.retryFailed(selection)).toEqual([oldest.id]);
    oldest.finishedAt = null;
  }

  #sameKeyAgain(day: number): void {
    if (this.#key === null) throw new Error("there is no key");
    const { id, key } = this.#key;
    const again = this.world.accept({ body: `standup ${day}`, key });
    expect(again).toEqual({ id, isDuplicate: true });
  }

  async #lookAtAll(day: number): Promise<void> {
    this.#see();
    // The worker of the next month is another process.
    await this.world.stopWorker();
    const isLast = day + 30 >= DAYS;
    const all = [...this.known.values()];
    // What is in the archive is found by reading: each time some of it, and all of it in the end.
    const isLookedAt = (known: Known, at: number) =>
      isLast ||
      known.status === "failed" ||
      known.finishedAt === null ||
      at % 10 === Math.floor(day / 30) % 10;
    this.#lookAtMessages(all.filter((known, at) => isLookedAt(known, at)));
    this.#lookAtFiles();
    this.world.startWorker();
    await this.world.pass(3000);
    this.#lookAtTracker();
    this.#lookAtCounts();
  }

  #lookAtMessages(some: readonly Known[]): void {
    const now = this.world.clock.now();
    for (const { id, status, finishedAt, isAcknowledged, draftFile } of some) {
      const found = this.world.find(id);
      if (isKept(status, finishedAt, now)) {
        expect([id, found?.state.status]).toEqual([id, status]);
        expect([id, found?.state.evidence.includes("acknowledged")]).toEqual([id, isAcknowledged]);
      }
      if (isPast(status, finishedAt, now)) expect([id, found]).toEqual([id, null]);
      if (draftFile !== null && status === "failed")
        expect([id, this.world.drafts.read(draftFile)]).toEqual([id, DRAFT]);
    }
  }

  #lookAtFiles(): void {
    for (const path of this.badFiles) expect([path, existsSync(path)]).toEqual([path, true]);
    const root = join(this.world.root, "agent_workspaces");
    const found = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".md"),
    );
    for (const name of this.inboxFiles) expect(found).toContain(name);
    for (const name of found) this.inboxFiles.add(name);
    this.#lookAtWhatGoes();
    this.megabytes.push(bytesIn(this.world.folders.archive) / 1e6);
  }

  /** Of each there are only those of the last while, and those that are needed. */
  #lookAtWhatGoes(): void {
    const { folders } = this.world;
    const counts = {
      keys: readdirSync(folders.of("keys")).length,
      ids: readdirSync(folders.of("ids")).length,
      tmp: readdirSync(folders.of("tmp")).length,
      abandoned: readdirSync(folders.runtime).filter((name) => name.endsWith(".tmp")).length,
    };
    for (const [what, count] of Object.entries(counts)) expect([what, count <= 4]).toEqual([what, true]);
    const owed = this.#count(({ draftFile, status }) => draftFile !== null && status === "failed");
    expect(readdirSync(join(folders.runtime, "drafts")).length).toBeLessThanOrEqual(owed + DRAFTS_OF_A_MONTH);
    const now = this.world.clock.now();
    const forNobody = readdirSync(folders.of("acks")).filter((name) => {
      const known = this.known.get(name.replace(".json", ""));
      return known === undefined || isPast(known.status, known.finishedAt, now);
    });
    expect(forNobody).toEqual([]);
  }

  /** All unfinished messages, and the newest finished ones. */
  #lookAtTracker(): void {
    const tracker = JSON.parse(readFileSync(this.world.folders.trackerFile, "utf8")) as Tracker;
    const all = [...this.known.values()];
    const unfinished = all.filter(({ finishedAt }) => finishedAt === null);
    const finished = all
      .filter(({ finishedAt }) => finishedAt !== null)
      .toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
    const tracked = Object.entries(tracker);
    for (const { id } of unfinished) expect([id, tracker[id]?.status]).toEqual([id, "queued"]);
    const shown = tracked.filter(([, { status }]) => status !== "queued");
    expect(shown).toHaveLength(Math.min(TRACKED, finished.length));
    // Those of the same moment may stand for each other.
    const oldest = finished[TRACKED - 1]?.finishedAt ?? 0;
    for (const [id, { status }] of shown) {
      const known = this.known.get(id);
      expect([id, known?.status, (known?.finishedAt ?? 0) >= oldest]).toEqual([id, status, true]);
    }
  }

  #lookAtCounts(): void {
    const { counts } = readOverview(this.world.root, 0);
    const now = this.world.clock.now();
    for (const status of ["queued", "failed", "unconfirmed"] as const)
      expect([status, counts[status]]).toEqual([status, this.#count((known) => known.status === status)]);
    for (const status of ["delivered", "cancelled", "expired"] as const) {
      const least = this.#count((known) => known.status === status && isKept(status, known.finishedAt, now));
      const most = this.#count((known) => known.status === status && !isPast(status, known.finishedAt, now));
      expect([status, counts[status] >= least, counts[status] <= most]).toEqual([status, true, true]);
    }
  }

  #count(is: (known: Known) => boolean): number {
    return [...this.known.values()].filter(is).length;
  }
}

/** Dead letters and unproven messages for ever, others as long as the contract says. */
function isKept(status: Status, finishedAt: number | null, now: number): boolean {
  const isEnded = status === "delivered" || status === "cancelled" || status === "expired";
  return !isEnded || finishedAt === null || now - finishedAt <= KEPT_DAYS * DAY_MS;
}

/** The month in which it was archived has ended that long ago, and a sweep has seen it. */
function isPast(status: Status, finishedAt: number | null, now: number): boolean {
  return !isKept(status, (finishedAt ?? now) + 33 * DAY_MS, now);
}

function bytesIn(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (stats?.isFile() ? stats.size : 0);
  }, 0);
}

test("in a year nothing that is needed goes, and nothing that is over stays", {
  timeout: 120_000,
}, async () => {
  const year = new Year();
  await year.run();
  const statuses = new Set([...year.known.values()].map(({ status }) => status));
  expect(statuses).toEqual(new Set(["delivered", "failed", "unconfirmed", "cancelled", "expired", "queued"]));
  expect(year.megabytes).toHaveLength(12);
  // The archive has its full length after four or five months.
  const [growing, full] = [year.megabytes.slice(0, 6), year.megabytes.slice(6)];
  expect(Math.max(...full)).toBeLessThan(1.2 * Math.max(...growing));
});
