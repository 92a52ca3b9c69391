import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import { desktopWorkspace, stepsUnderWay, THREE_PIECES, trackerSays } from "./desktop-agents.ts";
import type { RetryJson, SendJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const DELIVERY = { attempts: 2, backoff: { initial: "50ms", factor: 1, max: "50ms" }, humanIdle: "10ms" };
const AGENT = { transport: "desktop", profile: "chat", input: INPUT_POINT };
const ABSENT = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined };

describe("a desktop that can't be used", () => {
  let stage: Stage | null = null;
  let workspace: Workspace | null = null;

  afterEach(async () => {
    await workspace?.remove();
    await stage?.stop().catch(() => undefined);
    workspace = null;
    stage = null;
  });

  function workspaceWithout(env: NodeJS.ProcessEnv): Workspace {
    workspace = createWorkspace({
      config: {
        agents: { "Agent-2": { ...AGENT, window: { title: "Agent" } }, Captain: { transport: "inbox" } },
        delivery: DELIVERY,
      },
      env: { ...ABSENT, ...env },
    });
    return workspace;
  }

  it.each([
    ["there is none", {}, /neither the sender nor the worker has DISPLAY/, /"display"/],
    ["it is a wrong one", { DISPLAY: ":873" }, /:873/, /xset q/],
    ["there is Wayland alone", { WAYLAND_DISPLAY: "wayland-0" }, /Wayland/, /X11/],
  ])("because %s: says so, loses nothing, and goes on with the others", async (_case, env, message, hint) => {
    const used = workspaceWithout(env);
    const sent = await used.json<SendJson>(["send", "Agent-2", "for later"]);
    expect(sent).toMatchObject({ status: "failed", error: { code: "desktop_unavailable" } });
    expect([sent.error?.message, sent.error?.hint]).toEqual([
      expect.stringMatching(message),
      expect.stringMatching(hint),
    ]);
    expect(used.inboxFiles("Agent-2")).toHaveLength(1);
    const again = await used.swarm(["retry-failed", "--agent", "Agent-2"]);
    expect(again.code).toBe(5);
    expect(again.stdout + again.stderr).toMatch(message);
    expect(await used.json<SendJson>(["send", "Captain", "hello"])).toMatchObject({ status: "delivered" });
    expect(await used.workerPid()).not.toBeNull();
  });

  it("because it goes away in the middle: nothing is lost, and the worker lives", async () => {
    stage = await startStage({ windows: [{ name: "Plain", mode: "slow-deferred" }] });
    workspace = desktopWorkspace(stage, ["Plain"], DELIVERY);
    const used = workspace;
    await used.json<SendJson>(["send", "Plain", "under way", "--no-wait"]);
    await until("it is being typed", () => stepsUnderWay(used).includes("intent"));
    const worker = await used.workerPid();
    await stage.desktop.crash();
    const tracker = await trackerSays(used, (now) =>
      Object.values(now).every(({ status }) => status === "failed" || status === "unconfirmed"),
    );
    expect(Object.keys(tracker)).toHaveLength(1);
    expect(await used.workerPid()).toBe(worker);
    const next = await used.json<SendJson>(["send", "Plain", "the next"]);
    expect(next).toMatchObject({ status: "failed", error: { code: "desktop_unavailable" } });
    expect(await used.workerPid()).toBe(worker);
  });

  it("is found again by retry-failed once the configuration names it", async () => {
    const used = workspaceWithout({});
    expect(await used.json<SendJson>(["send", "Agent-2", "patient"])).toMatchObject({ status: "failed" });
    stage = await startStage({ windows: [{ name: "Agent", title: "Agent" }] });
    used.writeConfig({
      agents: { "Agent-2": { ...AGENT, window: { title: "Agent" } } },
      delivery: DELIVERY,
      desktop: { display: stage.desktop.display },
    });
    const retried = await used.json<RetryJson>(["retry-failed"]);
    expect(retried.messages).toMatchObject([{ status: "delivered", evidence: THREE_PIECES }]);
    expect(stage.pages.submissions()).toHaveLength(1);
  });

  it("needs no program of the system for the clipboard", async () => {
    stage = await startStage({ windows: [{ name: "Plain" }] });
    const path = pathWithout("xsel", stage.desktop.folder);
    workspace = createWorkspace({
      config: {
        agents: { Plain: { ...AGENT, window: { title: stage.titleOf("Plain") } } },
        delivery: DELIVERY,
      },
      env: { ...stage.desktop.env, PATH: path },
    });
    await stage.person.setClipboard("kept by swarm's own keeper");
    expect(await workspace.json<SendJson>(["send", "Plain", "no program for the clipboard"])).toMatchObject({
      status: "delivered",
    });
    expect(await stage.person.clipboard()).toBe("kept by swarm's own keeper");
  });
});

/** The programs of the search path but one, in a folder of links. */
function pathWithout(name: string, parent: string): string {
  const folder = join(parent, "programs");
  mkdirSync(folder);
  for (const dir of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const program of programsIn(dir)) {
      if (program === name || programsIn(folder).includes(program)) continue;
      symlinkSync(join(dir, program), join(folder, program));
    }
  }
  return folder;
}

function programsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
