import { expect, it } from "vitest";
import { stopTyping } from "./stopped-holder.ts";

it("a holder of the desktop that is stopped while it types makes no input event after it was continued", async () => {
  const short = Array.from({ length: 30 }, (_, round) => round % 10);
  expect(await stopTyping([...short, 2_500])).toBeGreaterThan(short.length);
}, 60_000);
