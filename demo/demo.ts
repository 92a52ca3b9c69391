/**
 * Shows the whole way on real windows: four chat pages in Chromium, calibrated, a broadcast, and what each page received.
 * Without a display it starts one of its own; with `DISPLAY` set it uses that desktop.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { presentDesktop } from "../test/desktop-fixture/desktop.ts";
import { type Stage, startStage } from "../test/desktop-fixture/stage.ts";
import { createWorkspace, type Workspace } from "../test/e2e/workspace.ts";
import { installLine, missingPackages } from "../test/setup/debian.ts";

const AGENTS = ["Agent-1", "Agent-2", "Agent-3", "Agent-4"];
const MESSAGE = "The build is green again.\nPlease rebase, run the tests, and tell Captain what you found.";
const SCREENSHOT = resolve("runtime/demo.png");
const PLACES = resolve("runtime/demo-places.png");

/** Returns the exit code: 0 when each page received the message exactly once. */
export default async function runDemo(): Promise<number> {
  delete process.env["NODE_EXTRA_CA_CERTS"];
  process.chdir(resolve(import.meta.dirname, ".."));
  if (!canRun() || spawnSync(process.execPath, ["build.js"], { stdio: "inherit" }).status !== 0) return 1;
  const display = process.env["DISPLAY"];
  say(
    display
      ? `Opening four chats on display ${display} …`
      : "Starting a display of its own with four chats …",
  );
  const stage = await startStage({
    windows: AGENTS.map((name, i) => ({ name, composer: i % 2 === 0 ? "lexical" : "textarea" })),
    desktop: display ? presentDesktop(display) : { width: 1600, height: 500 },
  });
  const workspace = createWorkspace({
    agents: AGENTS,
    env: { ...stage.desktop.env, SWARM_AGENT: "Captain" },
  });
  const cleanUp = async () => {
    await workspace.remove();
    await stage.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
  }
  try {
    return await show(stage, workspace);
  } finally {
    await cleanUp();
  }
}

function canRun(): boolean {
  if (process.platform !== "linux") {
    say("The demo needs Linux with X11. Elsewhere, open your own chats and run `swarm calibrate` for each.");
    return false;
  }
  const missing = missingPackages();
  if (missing.length > 0)
    say(`The demo needs ${missing.join(" ")}. Install with:\n  ${installLine(missing)}`);
  return missing.length === 0;
}

async function show(stage: Stage, workspace: Workspace): Promise<number> {
  for (const agent of AGENTS) {
    const { x, y } = await stage.composerAt(agent);
    await run(workspace, ["calibrate", agent, "--at", `${x},${y}`]);
  }
  mkdirSync("runtime", { recursive: true });
  await run(workspace, ["calibrate", "--picture", PLACES]);
  await run(workspace, ["broadcast", MESSAGE]);
  say("What the pages received, by their own server:");
  for (const agent of AGENTS) {
    for (const { text } of stage.pages.submissions(agent)) say(`  ${agent}: ${JSON.stringify(text)}`);
  }
  await stage.desktop.screenshot(SCREENSHOT);
  say(`Screenshot: ${SCREENSHOT}`);
  return AGENTS.every((agent) => stage.pages.submissions(agent).length === 1) ? 0 : 1;
}

/** Runs a command as a person would, and shows it with what it says. */
async function run(workspace: Workspace, args: readonly string[]): Promise<void> {
  say(`\n$ swarm ${args.map((arg) => (/^[\w,.-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(" ")}`);
  const { code, stdout, stderr } = await workspace.swarm(args);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (code !== 0) say(`exit code ${code}`);
}

function say(line: string): void {
  console.log(line);
}
