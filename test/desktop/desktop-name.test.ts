import { describe, expect, it } from "vitest";
import { lineFolder } from "../../src/desktop/desktop-line.ts";
import { desktopName } from "../../src/desktop/desktop-name.ts";

describe("the name of a desktop", () => {
  it("is that of the X display that was asked for, else the one of the environment", () => {
    expect(desktopName(":1", { DISPLAY: ":0" }, "linux")).toBe(":1");
    expect(desktopName(null, { DISPLAY: ":0" }, "linux")).toBe(":0");
    expect(desktopName(null, {}, "freebsd")).toBeNull();
  });

  it("is one for a macOS session, whatever X server for guests runs there", () => {
    expect(desktopName("/private/tmp/org.xquartz:0", { DISPLAY: ":0" }, "darwin")).toBe("-console");
  });

  it("is that of the session on Windows, where a user may have two", () => {
    expect(desktopName(null, { SESSIONNAME: "RDP-Tcp#3" }, "win32")).toBe("-RDP-Tcp#3");
    expect(desktopName(null, {}, "win32")).toBe("-Console");
  });

  it.each([
    [":0", "desktop_0"],
    [":0.0", "desktop_0"],
    ["unix:0", "desktop_0"],
    ["localhost:10.0", "desktoplocalhost_10"],
    ["-console", "desktop-console"],
    ["-RDP-Tcp#3", "desktop-RDP-Tcp_3"],
  ])("%s gives the folder %s, which every file system takes", (name, folder) => {
    expect(lineFolder("/run", name)).toBe(`/run/${folder}`);
  });
});
