import { afterAll, beforeAll, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { type AgentPane, startTmux, type TmuxServer } from "../tmux-fixture/tmux.ts";
import { HARD_BODIES } from "./bodies.ts";
import { comparable, submittedTexts, THREE_PIECES, typedText } from "./desktop-agents.ts";
import type { BroadcastJson } from "./json.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const WINDOWS = ["Window-1", "Window-2"];
const PANES = ["Pane-1", "Pane-2", "Pane-3"];
const INBOXES = ["Inbox-1", "Inbox-2"];

let stage: Stage;
let server: TmuxServer;
let panes: ReadonlyMap<string, AgentPane>;
let workspace: Workspace;

beforeAll(async () => {
  server = startTmux();
  stage = await startStage({ windows: WINDOWS.map((name) => ({ name })) });
  panes = new Map(
    await Promise.all(
      PANES.map(async (name) => [name, await server.agent(name, { inShell: true })] as const),
    ),
  );
  const windows = WINDOWS.map((name) => [
    name,
    { transport: "desktop", profile: "chat", window: { title: stage.titleOf(name) }, input: INPUT_POINT },
  ]);
  const terminals = [...panes].map(([name, { target }]) => [
    name,
    { transport: "tmux", pane: target, socket: server.socket, profile: "claude" },
  ]);
  const inboxes = INBOXES.map((name) => [name, { transport: "inbox" }]);
  workspace = createWorkspace({
    config: { agents: Object.fromEntries([...windows, ...terminals, ...inboxes]) },
    env: stage.desktop.env,
  });
});
afterAll(async () => {
  await workspace?.remove();
  await stage?.stop();
  server?.stop();
});

it.each(Object.entries(HARD_BODIES))(
  "one broadcast reaches inboxes, panes and windows, each exactly once: %s",
  async (_, body) => {
    const before = new Map([...panes].map(([name, pane]) => [name, pane.submitted().length]));
    stage.pages.forget();
    const sent = await workspace.json<BroadcastJson>(["broadcast"], { input: body });
    expect(sent.counts).toMatchObject({ delivered: 7 });
    for (const message of sent.messages) {
      const { recipient } = message;
      const text = typedText({ id: message.id, sender: "tester" }, body);
      expect(message.evidence.toSorted()).toEqual(
        (INBOXES.includes(recipient) ? ["inbox_file"] : THREE_PIECES).toSorted(),
      );
      const inPane = panes.get(recipient)?.submitted().slice(before.get(recipient));
      if (inPane) expect(inPane).toEqual([text]);
      if (WINDOWS.includes(recipient)) {
        expect(submittedTexts(stage, [recipient])[recipient]).toEqual([comparable(text)]);
      }
    }
  },
);
