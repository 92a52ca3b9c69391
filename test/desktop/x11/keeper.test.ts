/** What a person copies while the clipboard is handed to a program that starts slowly is not overwritten by it. */
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDesk } from "../../../src/desktop/x11/desk.ts";
import type { X11Desk } from "../../../src/desktop/x11/hands.ts";
import { clipboardKeeper } from "../../../src/desktop/x11/keeper.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";
import { type Person, personAt } from "../../desktop-fixture/person.ts";
import { until } from "../../desktop-fixture/until.ts";

/** In seconds, as sleep takes it. */
const SLOW_S = 1.5;
let desktop: Desktop;
let person: Person;
let desk: X11Desk;
let programs: string;
const { PATH } = process.env;

beforeAll(async () => {
  desktop = await startDesktop();
  person = personAt({ ...desktop, env: { ...desktop.env, PATH } });
  const opened = await openDesk(desktop.display, () => undefined);
  if (!opened.ok) throw new Error(opened.error.message);
  ({ desk } = opened);
  programs = mkdtempSync(join(tmpdir(), "swt-slow-"));
  const later = `(sleep ${SLOW_S}; xsel "$@" < "$0.text"; touch "$0.done") > /dev/null 2>&1 &`;
  const slow = `#!/bin/sh\nPATH='${PATH}'\ncat > "$0.text"\n${later}\n`;
  writeFileSync(join(programs, "xsel"), slow);
  chmodSync(join(programs, "xsel"), 0o755);
});
afterAll(async () => {
  process.env["PATH"] = PATH;
  desk?.x.close();
  rmSync(programs, { recursive: true });
  await desktop?.stop();
});

it("keeps what a person copies while the program that takes the text is starting", async () => {
  process.env["PATH"] = [programs, PATH].join(delimiter);
  await desk.clipboard.offer({ text: "what was there before", flavors: {} });
  const handing = clipboardKeeper(desk).handOver("what was there before");
  await until("the program was started", () => existsSync(join(programs, "xsel.text")));
  await person.setClipboard("what the person has copied since");
  expect(await handing).toBe(true);
  await until("the program has taken the clipboard", () => existsSync(join(programs, "xsel.done")));
  expect(await person.clipboard()).toBe("what the person has copied since");
}, 20_000);

it("hands the text over where nobody copies anything", async () => {
  await desk.clipboard.offer({ text: "what was there before", flavors: {} });
  expect(await clipboardKeeper(desk).handOver("what was there before")).toBe(true);
  expect(desk.clipboard.isOwner).toBe(false);
  expect(await person.clipboard()).toBe("what was there before");
}, 20_000);
