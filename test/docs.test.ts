/** What README and docs say of the program, held against the program. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../src/cli/commands.ts";
import { loadConfig } from "../src/config/load.ts";
import { ERROR_CODES, EXIT } from "../src/domain/errors.ts";
import { CODES } from "../src/library/failure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const COMMON_FLAGS = ["--json", "--root", "--quiet", "--no-color", "--help", "--version"];

const PAGES = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((name) => [name, readFileSync(join(ROOT, name), "utf8")] as const);
const README = PAGES[0]?.[1] ?? "";

/** The flags of each command and of its subcommands, as the program defines them. */
async function flagsByCommand(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const flags = new Map<string, ReadonlySet<string>>();
  for (const { name, load } of COMMANDS) {
    const definition = new Command(name);
    (await load())(definition, () => async () => undefined);
    const all = [definition, ...definition.commands].flatMap(({ options }) => options);
    flags.set(name, new Set([...COMMON_FLAGS, ...all.map(({ long }) => long ?? "")]));
  }
  return flags;
}

/** Command lines in code: what stands behind `swarm` up to the end of the span or line. */
function commandLines(text: string): readonly string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  const blocks = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].flatMap((match) =>
    (match[1] ?? "").split("\n"),
  );
  return [...spans, ...blocks].flatMap((code) => {
    const line = /(?:^|&& |npx )swarm ([a-z][a-z-]*\b[^#]*)/.exec(code)?.[1];
    return line === undefined ? [] : [line];
  });
}

/** The rows of the table below a heading, without the cells' marks. */
function tableOf(text: string, header: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const start = lines.indexOf(header);
  expect(start, `a table that begins with ${header}`).toBeGreaterThanOrEqual(0);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

describe.each(PAGES)("%s", (name, text) => {
  it("links only to what is there", () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? "");
    const local = targets.filter((target) => !target.startsWith("https://"));
    const missing = local.filter((target) => !existsSync(join(ROOT, dirname(name), target)));
    expect(missing).toEqual([]);
  });

  it("names only source files and folders that are there", () => {
    const paths = [...text.matchAll(/(?<![\w/.])(?:src|test|bench|demo|docs|bin)\/[\w./-]*\w/g)].map(
      ([path]) => path,
    );
    const missing = paths.filter(
      (path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, `${path}.ts`)),
    );
    expect(missing).toEqual([]);
  });

  it("shows only commands and options that the program has", async () => {
    const known = await flagsByCommand();
    const wrong = commandLines(text).filter((line) => {
      const command = line.split(" ")[0] ?? "";
      const flags = line.match(/--[a-z][a-z-]*/g) ?? [];
      return flags.some((flag) => !known.get(command)?.has(flag)) || !known.has(command);
    });
    expect(wrong).toEqual([]);
  });
});

describe("the page of error codes", () => {
  const page = readFileSync(join(ROOT, "docs/errors.md"), "utf8");

  it("has a part for each code, and no other", () => {
    const parts = [...page.matchAll(/^### (.*)$/gm)].map((match) => match[1]);
    const codes = new Set([...ERROR_CODES, ...Object.values(CODES), "configuration"]);
    expect(parts.toSorted()).toEqual([...codes].toSorted());
  });
});

describe("the README", () => {
  it("has every command in its table", () => {
    const rows = tableOf(README, "| command | does |").map(([cell]) => cell ?? "");
    const missing = COMMANDS.filter(({ name }) => !rows.some((row) => row.startsWith(`\`swarm ${name}`)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it("has every exit code, and no other", () => {
    const codes = tableOf(README, "| code | meaning |").map(([cell]) => Number(cell));
    expect(codes).toEqual(Object.values(EXIT).toSorted((a, b) => a - b));
  });

  it("has every option of send, and says the default of every setting", async () => {
    const options = tableOf(README, "| option | meaning |").map(
      ([cell]) => /--[a-z-]+/.exec(cell ?? "")?.[0],
    );
    const own = [...((await flagsByCommand()).get("send") ?? [])].filter(
      (flag) => !COMMON_FLAGS.includes(flag),
    );
    expect(options.toSorted()).toEqual(own.map((flag) => flag.replace(/^--wait$/, "--no-wait")).toSorted());

    const documented = tableOf(README, "| setting | default | meaning |").flatMap(
      ([names = "", defaults = ""]) => {
        const paths = [...names.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
        const first = paths[0] ?? "";
        const values = paths.length > 1 ? defaults.split(", ") : [defaults];
        return paths.map((path, i) => [
          path.startsWith(".") ? first.replace(/\.\w+$/, path) : path,
          (values[i] ?? "").replace(/^`(.*)`$/, "$1"),
        ]);
      },
    );
    const loaded = loadConfig(join(ROOT, "agent_workspaces"), {});
    const settings = loaded.ok ? loaded.config.settings : [];
    expect(Object.fromEntries(documented)).toEqual(
      Object.fromEntries(settings.map(({ path, value }) => [path, String(value)])),
    );
  });

  it("shows a swarm.json that is right", () => {
    const example = /```json\n([\s\S]*?)```/.exec(README)?.[1] ?? "";
    const root = mkdtempSync(join(tmpdir(), "swt-"));
    try {
      writeFileSync(join(root, "swarm.json"), example);
      const loaded = loadConfig(root, {});
      expect(loaded).toMatchObject({ ok: true });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

it("no page of the project is without a way to it from the README", () => {
  const reached = new Set(["README.md", "CHANGELOG.md"]);
  for (const [name, text] of PAGES) {
    for (const [, target = ""] of text.matchAll(/\]\(([^)#\s]+\.md)\)/g)) {
      reached.add(relative(ROOT, join(ROOT, dirname(name), target)));
    }
  }
  expect(PAGES.map(([name]) => name).filter((name) => !reached.has(name))).toEqual([]);
});
