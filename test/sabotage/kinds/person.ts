import { run } from "../../desktop-fixture/children.ts";
import { between, PERSONS_LETTERS, pick, type Saboteur, type Tools } from "../plan.ts";

const LETTERS = [3, 14] as const;
const DELAY_MS = [30, 120] as const;
const STEPS = 12;

/** Types a few words into a window of its own, or moves the pointer. Keys go to whichever window has the focus by then. */
export async function openPerson({ plan, random, tell }: Tools): Promise<Saboteur> {
  const env = { ...process.env, DISPLAY: plan.display };
  const xdotool = (...args: readonly (string | number)[]) =>
    run("xdotool", args.map(String), { env, timeoutMs: 20_000 });
  return {
    async act() {
      if (random() < 0.3) {
        const x = between(random, [50, 1_500]);
        const y = between(random, [50, 900]);
        const steps = Array.from({ length: STEPS }, (_, i) => [
          "mousemove",
          Math.round(x + i * 3),
          Math.round(y + i * 2),
          "sleep",
          0.02,
        ]);
        await xdotool(...steps.flat());
        return tell({ did: "acted", what: "moved the pointer" });
      }
      const count = Math.round(between(random, LETTERS));
      const text = Array.from({ length: count }, () => pick(random, [...PERSONS_LETTERS])).join("");
      const place = ["mousemove", "--window", plan.personWindow, 150, 380];
      await xdotool("windowactivate", plan.personWindow, ...place, "click", 1);
      await xdotool("type", "--delay", Math.round(between(random, DELAY_MS)), "--", text);
      tell({ did: "acted", what: "typed" });
    },
  };
}
