import { expect, test } from "vitest";
import { drain } from "./drained.ts";
import { dropFiles } from "./drops.ts";
import { statusWithHistory } from "./history.ts";
import { sendAtOnce } from "./processes.ts";

test("60 processes that send at once: all is accepted and delivered, each message once", async () => {
  await sendAtOnce(60);
}, 300_000);

test("3,000 messages are drained by one worker that stays small", async () => {
  const { mostMegabytes } = await drain(3_000);
  // What it needs for itself, with some room; growth shows in the long form.
  expect(mostMegabytes).toBeLessThan(200);
}, 300_000);

test("status is as fast with 100,000 archived messages as with none", async () => {
  const { fullMs, emptyMs } = await statusWithHistory(100_000);
  expect(fullMs).toBeLessThan(1.5 * emptyMs);
}, 300_000);

test("300 dropped files are taken in, each once", async () => {
  await dropFiles(300);
}, 300_000);
