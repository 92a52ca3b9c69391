import { expect, test } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { drain } from "./drained.ts";
import { dropFiles } from "./drops.ts";
import { statusWithHistory } from "./history.ts";
import { sendAtOnce } from "./processes.ts";

test("1,000 processes that send at once: all is accepted and delivered, each message once", async () => {
  tellFigures("processes that send at once", { ...(await sendAtOnce(1_000)) });
});

test("100,000 messages are drained by one worker whose memory does not grow", async () => {
  const drained = await drain(100_000);
  tellFigures("messages drained by one worker", { ...drained });
  expect(drained.lastMegabytes).toBeLessThanOrEqual(1.25 * drained.firstMegabytes);
});

test("status is as fast with a year of history, 3,000,000 messages, as with none", async () => {
  const compared = await statusWithHistory(3_000_000);
  tellFigures("status with a year of history", { ...compared });
  expect(compared.fullMs).toBeLessThan(1.5 * compared.emptyMs);
});

test("10,000 dropped files are taken in, each once", async () => {
  tellFigures("dropped files", { ...(await dropFiles(10_000)) });
});
