import { expect, it } from "vitest";
import { messageView } from "../../src/cli/message-view.ts";
import { loadPaint } from "../../src/cli/render.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import { stored } from "../delivery/messages.ts";

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const error = { code: "focus_lost", message: "m", hint: "h" } as const;

it("says of an attempt that its text still stands in the input field, where it does", async () => {
  const deferred: MessageEvent = { type: "deferred", at, error, nextAttemptAt: at };
  const view = async (event: MessageEvent) =>
    messageView({ ...stored({}, {}), events: [event] }, "desktop", 80, await loadPaint(false));
  expect(await view({ ...deferred, isTextLeft: true })).toContain("its text still stands in the input field");
  expect(await view(deferred)).not.toContain("still stands");
});
