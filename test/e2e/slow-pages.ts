/** Deliveries that take long, for the page is slow: a suite for some composers in `npm test` and for all in `npm run soak`. */
import { describe, expect, it } from "vitest";
import type { Mode } from "../desktop-fixture/protocol.ts";
import { renderersOf } from "../desktop-fixture/renderers.ts";
import { until } from "../desktop-fixture/until.ts";
import { type Composer, fourComposers } from "./four-composers.ts";

const STANDSTILL_MS = 900;

export function slowPages(composers: readonly Composer[]): void {
  const desk = fourComposers();

  describe.each(composers)("with the composer %s", (name) => {
    it.each<Mode>(["slow-deferred", "waits-for-answer"])(
      "submits exactly once on a page in mode %s",
      async (mode) => {
        await desk.stage.pages.setMode(name, mode);
        await desk.stage.windows.activate(desk.stage.windowOf("Person"));
        const made = await desk.attempts.deliver(desk.stage.titleOf(name), `patient\nmessage`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        // A page that acts on a key 2 s later does so when its window has lost the focus: an editor then erases nothing.
        if (mode === "waits-for-answer") expect((await desk.stage.pages.state(name)).text).toBe("");
        expect(made.drafts).toEqual([]);
        await desk.stage.pages.setMode(name, "normal");
        await desk.expectSubmitted(name, made.text);
      },
    );

    it("claims nothing of a field that is closed after the submit", async () => {
      await desk.stage.pages.setMode(name, "closes");
      await desk.stage.windows.activate(desk.stage.windowOf("Person"));
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), "the last one");
      // A closed text area is silent for long; of the others, all that select-all reads is the page around them.
      expect(made.outcome).toMatchObject(
        name === "Plain" ? { kind: "confirmed" } : { kind: "unknown", error: { code: "submit_unproven" } },
      );
      await desk.expectSubmitted(name, made.text);
    });

    it("puts a draft back on a page that answers 2 s late", async () => {
      await desk.stage.pages.setText(name, "slow draft");
      await desk.stage.pages.setMode(name, "slow-deferred");
      await desk.stage.pages.setText(name, "slow draft");
      await desk.stage.windows.activate(desk.stage.windowOf("Person"));
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), "late");
      expect(made.outcome).toEqual({ kind: "confirmed" });
      await until(
        "the draft is back",
        async () => (await desk.stage.pages.state(name)).text === "slow draft",
      );
      await desk.expectSubmitted(name, made.text);
    });

    it("does not take a page that stands still for one that has submitted", async () => {
      await desk.stage.pages.setMode(name, "swallow-enter");
      await desk.stage.windows.activate(desk.stage.windowOf("Person"));
      const renderers = await renderersOf(desk.stage, desk.stage.windowOf(name));
      expect(renderers.length).toBeGreaterThan(0);
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), "typed on a page that then stops.", {
        onEvent(event) {
          if (event.type !== "typed") return;
          for (const pid of renderers) process.kill(pid, "SIGSTOP");
          setTimeout(() => {
            for (const pid of renderers) process.kill(pid, "SIGCONT");
          }, STANDSTILL_MS);
        },
      });
      expect(made.outcome).toMatchObject({ kind: "rejected", error: { code: "not_submitted" } });
      expect(desk.stage.pages.submissions()).toEqual([]);
      expect((await desk.stage.pages.state(name)).text).toBe("");
    });
  });
}
