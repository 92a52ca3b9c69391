/** The Debian packages that the tests with windows and terminals need, and how to get them. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Command, and the package it comes from. */
const NEEDED: Readonly<Record<string, string>> = {
  Xvfb: "xvfb",
  openbox: "openbox",
  chromium: "chromium",
  xsel: "xsel",
  xdotool: "xdotool",
  xprop: "x11-utils",
  tmux: "tmux",
  setpriv: "util-linux",
  script: "bsdutils",
  strace: "strace",
  prlimit: "util-linux",
  chattr: "e2fsprogs",
};

/** Names of the packages whose commands are not there. Empty on other systems, which have none. */
export function missingPackages(): readonly string[] {
  if (process.platform !== "linux") return [];
  const missing = Object.entries(NEEDED).filter(([command]) => !isCommand(command));
  return [...new Set(missing.map(([, name]) => name))];
}

/** Installs where that is allowed: as root, or where sudo asks for nothing. Look at `missingPackages` afterwards. */
export function installPackages(packages: readonly string[]): void {
  const sudo = sudoPrefix();
  if (sudo === null || !isCommand("apt-get")) return;
  console.error(`Installing ${packages.join(" ")} …`);
  if (apt(sudo, ["update"])) apt(sudo, ["install", "-y", "--no-install-recommends", ...packages]);
}

/** The line that a person runs. */
export function installLine(packages: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

function apt(sudo: readonly string[], args: readonly string[]): boolean {
  const [command = "", ...rest] = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  return spawnSync(command, rest, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function sudoPrefix(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : null;
}

function isCommand(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
