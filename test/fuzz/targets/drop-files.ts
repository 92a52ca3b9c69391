/** Files that other programs drop. */
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { openStore } from "../../../src/app/compose.ts";
import { Folders } from "../../../src/spool/folders.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { hostileName, mutatedBytes, mutatedJson } from "../mutated.ts";
import { acceptSound, configOf, deliverAll, expectDelivered } from "../workspace-parts.ts";

const document = fc.record({
  recipient: fc.constant("Agent-1"),
  body: fc.constantFrom("Hello", "\u009d".repeat(3000), "\u001b]".repeat(3000), "a\r\nb", "\u001b[31mred"),
  priority: fc.constantFrom("normal", "high", "urgent"),
  sender: fc.constantFrom("Captain", "Agent-1"),
  key: fc.constantFrom("k-1", "k-2"),
});
const names: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constant("a.json"),
  hostileName,
  fc.constantFrom("ä".repeat(127), "汉".repeat(85), `${"x".repeat(251)}.msg`),
  fc.constantFrom(
    Buffer.from([0x61, 0xff]),
    Buffer.from([0xfe, 0xff, 0x2e, 0x6a]),
    Buffer.from([0xc3, 0x28]),
  ),
);

export const dropFiles: Target = target("drop files", 18, (fence) => {
  const folders = new Folders(fence.root);
  const config = configOf(fence.root);
  openStore(config).interrupted(); // makes the folders
  return feeding({
    inputs: fc.array(fc.record({ name: names, bytes: mutatedBytes(mutatedJson(document)) }), {
      minLength: 1,
      maxLength: 3,
    }),
    take(drops) {
      const spool = openStore(config);
      const id = acceptSound(spool);
      const dropped = drops.filter(({ name, bytes }) => isDropped(folders, name, bytes));
      writeFileSync(folders.of("drop", "sound.json"), '{"recipient":"Agent-1","body":"dropped sound"}', {
        mode: 0o600,
      });
      deliverAll(spool, fence.root);
      expectDelivered(spool, id);
      const left = readdirSync(folders.of("drop")).filter((name) => !name.startsWith("."));
      if (left.length > 0) throw new Error(`not taken in: ${JSON.stringify(left)}`);
      expectAllThere(folders, dropped.length + 2);
      for (const folder of ["done", "bad", "keys", "tmp", "ids"] as const)
        for (const name of readdirSync(folders.of(folder)))
          rmSync(folders.of(folder, name), { recursive: true });
    },
  });
});

/** As other programs do it: written to `tmp`, renamed into `drop`. False when the system refuses the name. */
function isDropped(folders: Folders, name: string | Buffer, bytes: Buffer): boolean {
  if (name.includes("/") || name.includes("\0") || [".", ".."].includes(String(name))) return false;
  try {
    writeFileSync(folders.of("tmp", "writing"), bytes, { mode: 0o600 });
    const place = Buffer.concat([Buffer.from(`${folders.of("drop")}/`), Buffer.from(name)]);
    renameSync(folders.of("tmp", "writing"), place);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folders.of("tmp", "writing"), { force: true });
  }
}

/** Accepted, a repetition of its key, or parked with a reason. */
function expectAllThere(folders: Folders, most: number): void {
  const bad = readdirSync(folders.of("bad"));
  const parked = bad.filter((name) => !name.endsWith(".reason.txt"));
  for (const name of parked)
    if (!bad.includes(`${name}.reason.txt`)) throw new Error(`parked without a reason: ${name}`);
  const done = readdirSync(folders.of("done")).length;
  const bodies = done + parked.length;
  if (bodies > most) throw new Error(`${bodies} of ${most}: something is there twice`);
  if (done < 2) throw new Error("a sound message was lost");
}
