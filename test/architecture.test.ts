import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = resolve(import.meta.dirname, "../src");

/** What each folder of src may import from; its own files always. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  support: [],
  ports: ["domain"],
  config: ["domain", "ports", "support"],
  delivery: ["domain", "ports", "support"],
  spool: ["domain", "ports", "support"],
  transports: ["domain", "ports", "support"],
  desktop: ["domain", "ports", "support"],
  tmux: ["domain", "ports", "support"],
  app: ["config", "delivery", "spool", "transports", "desktop", "tmux", "domain", "ports", "support"],
  library: ["app", "config", "domain", "ports", "support"],
  selftest: ["desktop", "domain", "ports", "support"],
  cli: ["library", "app", "selftest", "config", "domain", "ports", "support"],
};

/** The one place of each package; what a whole folder may use ends in a slash. */
const HOME: Readonly<Record<string, readonly string[]>> = {
  "@noble/hashes": ["support/sha256.ts"],
  "@nut-tree-fork/nut-js": ["desktop/nut/"],
  chalk: ["cli/render.ts"],
  clipboardy: ["desktop/nut/"],
  commander: ["cli/"],
  jimp: ["app/picture/canvas.ts"],
  "prom-client": ["cli/prometheus.ts"],
  "proper-lockfile": ["desktop/desktop-lock.ts", "support/kernel-lock.ts"],
  x11: ["desktop/x11/"],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /(?:^|\n)(?:import|export)\s[^;]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g,
  );
  return [...found].map((match) => ({ from: relative(SOURCE, file), to: match[1] ?? match[2] ?? "" }));
}

const imports = filesIn(SOURCE).flatMap(importsOf);
const own = imports
  .filter(({ to }) => to.startsWith("."))
  .map(({ from, to }) => ({ from, to: relative(SOURCE, resolve(SOURCE, dirname(from), to)) }))
  .filter(({ to }) => to !== "../package.json");
const packages = imports
  .filter(({ to }) => !to.startsWith(".") && !to.startsWith("node:"))
  .map(({ from, to }) => ({ from, to: /^(@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to }));
const folderOf = (path: string) => path.split("/")[0] ?? "";

describe("the house", () => {
  it("is read by this test", () => {
    expect(own.length).toBeGreaterThan(300);
    expect(new Set(own.map(({ from }) => folderOf(from)))).toEqual(new Set(Object.keys(BELOW)));
  });

  it("imports point down only", () => {
    const upwards = own.filter(({ from, to }) => {
      const [folder, target] = [folderOf(from), folderOf(to)];
      return folder !== target && !BELOW[folder]?.includes(target);
    });
    expect(upwards).toEqual([]);
  });

  it("a transport knows no other transport", () => {
    const across = own.filter(({ from, to }) => {
      const [, mine] = /^transports\/(\w+)\//.exec(from) ?? [];
      const [, other] = /^transports\/(\w+)\//.exec(to) ?? [];
      return mine !== undefined && other !== undefined && mine !== other;
    });
    expect(across).toEqual([]);
  });

  it("the kinds of desktop know nothing of each other", () => {
    const across = own.filter(({ from, to }) => /^desktop\/x11\//.test(from) && /^desktop\/nut\//.test(to));
    const back = own.filter(({ from, to }) => /^desktop\/nut\//.test(from) && /^desktop\/x11\//.test(to));
    expect([...across, ...back]).toEqual([]);
  });

  it("each package stays in its place", () => {
    const elsewhere = packages.filter(
      ({ from, to }) =>
        !HOME[to]?.some((home) => (home.endsWith("/") ? from.startsWith(home) : from === home)),
    );
    expect(elsewhere).toEqual([]);
    expect(new Set(packages.map(({ to }) => to))).toEqual(new Set(Object.keys(HOME)));
  });
});
