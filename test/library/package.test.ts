/** The package as npm packs it, in a project of somebody else: both kinds of modules, and its types. */
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workspaceFor } from "../cli/fixture.ts";
import { checkOutput } from "../e2e/output-schema.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const CONSUMER = join(import.meta.dirname, "consumer");

const project = mkdtempSync(join(tmpdir(), "swt-project-"));
const installed = join(project, "node_modules", "swarm-delivery");

beforeAll(() => {
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", project];
  const [{ filename }] = JSON.parse(execFileSync("npm", pack, { cwd: REPOSITORY, encoding: "utf8" }));
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(project, filename), "-C", installed, "--strip-components=1"]);
  // What the package depends on, without a registry.
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(REPOSITORY, "node_modules", name), join(project, "node_modules", name));
  }
  cpSync(CONSUMER, project, { recursive: true });
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the project in a workspace, until it ends by itself. */
function run(program: string, root: string): Promise<Ran> {
  const env = { ...process.env, SWARM_ROOT: root, SWT_WORKSPACE: root };
  const child = spawn(process.execPath, [join(project, program)], { cwd: project, env });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  return new Promise((done) => child.on("close", (code) => done({ code, ...texts })));
}

describe("the packed package", () => {
  it("is imported by an ES module, which delivers a message, and ends by itself with nothing printed but its own", async () => {
    const workspace = workspaceFor();
    const { code, stdout, stderr } = await run("esm.mjs", workspace.root);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { sent, isRefused } = JSON.parse(stdout);
    expect(sent).toMatchObject({ status: "delivered", sender: "esm", evidence: ["inbox_file"] });
    expect(() => checkOutput(["send"], sent)).not.toThrow();
    expect(isRefused).toEqual([false, true]);
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(1);
  });

  it("is required by a CommonJS module, whose message is delivered after it has ended", async () => {
    const workspace = workspaceFor();
    const { code, stdout, stderr } = await run("commonjs.cjs", workspace.root);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { sent, signals } = JSON.parse(stdout);
    expect(sent).toMatchObject({ status: "queued", sender: "commonjs" });
    expect(signals).toBe(0);
    expect((await workspace.swarm(["worker", "--drain"])).code).toBe(0);
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(1);
  });

  it("has types that programs of both kinds compile with, strictly, without any others", () => {
    const compilerOptions = {
      strict: true,
      module: "nodenext",
      moduleResolution: "nodenext",
      target: "es2022",
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      types: [],
      noEmit: true,
    };
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions, include: ["*.mts", "*.cts"] }),
    );
    const tsc = join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
    expect(execFileSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" })).toBe("");
  });

  it("has the entry, its types and the schemas, and none of the sources", () => {
    expect(readdirSync(installed).toSorted()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "bin", "dist", "docs", "package.json", "schema"].toSorted(),
    );
    const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    for (const path of [exports["."].types, exports["."].default])
      expect(readFileSync(join(installed, path), "utf8")).toContain("openSwarm");
  });
});
