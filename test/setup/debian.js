// The Debian packages that the tests with windows and terminals need, and how to get them.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Command and the Debian package it comes from. */
const NEEDED = {
  Xvfb: "xvfb",
  openbox: "openbox",
  chromium: "chromium",
  xsel: "xsel",
  xdotool: "xdotool",
  xprop: "x11-utils",
  tmux: "tmux",
  setpriv: "util-linux",
};

/** @returns {string[]} the Debian packages whose commands are not there; empty on other systems, which have none. */
export function missingPackages() {
  if (process.platform !== "linux") return [];
  const missing = Object.entries(NEEDED).filter(([command]) => !isCommand(command));
  return [...new Set(missing.map(([, name]) => name))];
}

/** @returns {boolean} true when apt was run and worked. Installs only as root or where sudo asks for nothing. */
export function install(packages) {
  const sudo = sudoPrefix();
  if (sudo === null || !isCommand("apt-get")) return false;
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync(command, rest, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
  };
  console.error(`Installing ${packages.join(" ")} ...`);
  const args = ["install", "-y", "--no-install-recommends", ...packages];
  return apt("update") && apt(...args);
}

/** @returns {string} the line that a person runs. */
export function installLine(packages) {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

function sudoPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : null;
}

function isCommand(name) {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
