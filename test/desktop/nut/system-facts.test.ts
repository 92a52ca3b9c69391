import { describe, expect, it } from "vitest";
import {
  idleInRegistry,
  idleNumber,
  isLockedInRegistry,
  isSystemLocked,
  systemIdleMs,
} from "../../../src/desktop/nut/system-facts.ts";

const IDLE = `+-o IOHIDSystem  <class IOHIDSystem, id 0x100000371, registered, matched, active, busy 0 (0 ms), retain 28>
  | {
  |   "HIDIdleTime" = 2304916625
  |   "IOClass" = "IOHIDSystem"
  | }`;
const user = (name: string, facts: string) =>
  `{"kCGSSessionUserNameKey"="${name}",${facts},"kCGSSessionIDKey"=257}`;
const consoleUsers = (...users: readonly string[]) =>
  `  | {\n  |   "IOConsoleUsers" = (${users.join(",")})\n  | }`;

describe("what macOS tells about its session", () => {
  it("gives the idle time in nanoseconds", () => {
    expect(idleInRegistry(IDLE)).toBeCloseTo(2304.916625);
    expect(idleInRegistry("")).toBeNull();
  });

  it("shows a locked screen, and one that is not", () => {
    const locked = user("me", '"kCGSSessionOnConsoleKey"=Yes,"CGSSessionScreenIsLocked"=Yes');
    const open = user("me", '"kCGSSessionOnConsoleKey"=Yes');
    expect(isLockedInRegistry(consoleUsers(locked))).toBe(true);
    expect(isLockedInRegistry(consoleUsers(open))).toBe(false);
    expect(isLockedInRegistry("")).toBe(false);
  });

  it("shows the lock of the one at the machine, not of others who are logged in behind", () => {
    const away = user("other", '"kCGSSessionOnConsoleKey"=No,"CGSSessionScreenIsLocked"=Yes');
    const here = user("me", '"kCGSSessionOnConsoleKey"=Yes');
    expect(isLockedInRegistry(consoleUsers(away, here))).toBe(false);
  });
});

describe("what Windows tells about its session", () => {
  it("is one number", () => {
    expect(idleNumber("1250\r\n")).toBe(1250);
    expect(idleNumber("Add-Type : error 12")).toBeNull();
    expect(idleNumber("")).toBeNull();
  });
});

describe("a system that tells nothing", () => {
  it("is neither idle nor locked for all that is known", async () => {
    expect(await systemIdleMs("linux")).toBeNull();
    expect(await isSystemLocked("linux")).toBe(false);
  });

  it.runIf(process.platform === "linux")("is one whose commands are missing, too", async () => {
    expect(await systemIdleMs("darwin")).toBeNull();
    expect(await systemIdleMs("win32")).toBeNull();
    expect(await isSystemLocked("darwin")).toBe(false);
  });
});
