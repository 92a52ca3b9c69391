/** Which programs run in the foreground of a pane: npm-installed agents all are `node` to the terminal. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Program } from "../ports/terminals.ts";

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The process group in the foreground of its terminal: the process id of the group's leader. -1: it has no terminal. */
  readonly foreground: number;
  readonly words: readonly string[];
}

const PS_TIMEOUT_MS = 3_000;
/** The program, and the script that an interpreter runs. */
const NAMED_WORDS = 3;

/** The leader of the process group that the terminal of `panePid` has in front, and what it has started. */
export async function foregroundPrograms(panePid: number): Promise<readonly Program[]> {
  const processes = process.platform === "linux" ? procTree(panePid) : leaderFirst(await psList(), panePid);
  return processes.map(({ pid, words }) => ({ pid, names: namesOf(words) }));
}

function namesOf(words: readonly string[]): readonly string[] {
  const named = words.slice(0, NAMED_WORDS).filter((word) => !word.startsWith("-") || word === words[0]);
  return named.flatMap((word) => [nameOf(word), ...packageOf(word)]);
}

/** A login shell's name begins with a hyphen. */
function nameOf(word: string): string {
  return basename(word)
    .replace(/^-/, "")
    .replace(/\.(?:[cm]?js|exe)$/, "");
}

/** `…/node_modules/@google/gemini-cli/dist/index.js` is run by `gemini-cli`. */
function packageOf(path: string): readonly string[] {
  const name = /\/node_modules\/(?:@[^/]+\/)?([^/.][^/]*)\//.exec(path)?.[1];
  return name === undefined ? [] : [name];
}

function procTree(panePid: number): readonly Process[] {
  const leader = procProcess(procProcess(panePid)?.foreground ?? -1);
  return leader ? withChildren(leader) : [];
}

function withChildren(process: Process): readonly Process[] {
  const children = childrenOf(process.pid).flatMap((pid) => procProcess(pid) ?? []);
  return [process, ...children.flatMap(withChildren)];
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      (readProc(`${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return []; // it has ended meanwhile
  }
}

function procProcess(pid: number): Process | null {
  const stat = readProc(`${pid}/stat`);
  const words = readProc(`${pid}/cmdline`);
  if (stat === null || words === null) return null;
  // The name in brackets may hold anything. Behind it: state, parent, group, session, terminal, foreground group.
  const [, parent = 0, , , , foreground = -1] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return { pid, parent, foreground, words: words.split("\0").filter(Boolean) };
}

function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return null; // it has ended meanwhile
  }
}

function leaderFirst(processes: readonly Process[], panePid: number): readonly Process[] {
  const foreground = processes.find(({ pid }) => pid === panePid)?.foreground;
  const below = (process: Process): readonly Process[] => [
    process,
    ...processes.filter(({ parent }) => parent === process.pid).flatMap(below),
  ];
  return processes.filter(({ pid }) => pid === foreground).flatMap(below);
}

function psList(): Promise<readonly Process[]> {
  return new Promise((resolve) => {
    const columns = ["-axo", "pid=,ppid=,tpgid=,args="];
    execFile("ps", columns, { timeout: PS_TIMEOUT_MS, maxBuffer: 1 << 24 }, (_error, out) => {
      const lines = out.split("\n").map((line) => line.trim().split(/\s+/));
      resolve(
        lines.map(([pid, parent, foreground, ...words]) => ({
          pid: Number(pid),
          parent: Number(parent),
          foreground: Number(foreground),
          words,
        })),
      );
    });
  });
}
