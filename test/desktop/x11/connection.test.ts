import { afterEach, describe, expect, it } from "vitest";
import { connectX11, type XConnection } from "../../../src/desktop/x11/connection.ts";
import { hasWindowManager } from "../../../src/desktop/x11/windows.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";
import { until } from "../../desktop-fixture/until.ts";

describe("a connection to an X display", () => {
  const desktops: Desktop[] = [];
  const connections: XConnection[] = [];
  const start = async (windowManager: boolean): Promise<Desktop> => {
    const desktop = await startDesktop({ windowManager });
    desktops.push(desktop);
    return desktop;
  };
  const connect = async (
    { display }: Desktop,
    onLost: () => void = () => undefined,
  ): Promise<XConnection> => {
    const x = await connectX11(display, onLost);
    connections.push(x);
    return x;
  };

  afterEach(async () => {
    for (const x of connections.splice(0)) x.close();
    for (const desktop of desktops.splice(0)) await desktop.stop();
  });

  it("uses the atoms of its own display, whatever display was connected before", async () => {
    expect(await hasWindowManager(await connect(await start(false)))).toBe(false);
    const second = await connect(await start(true));
    await until("the window manager is seen", () => hasWindowManager(second));
  });

  it("tells once that its display is gone", async () => {
    const desktop = await start(false);
    let losses = 0;
    await connect(desktop, () => {
      losses += 1;
    });
    await desktop.crash();
    await until("the loss is told", () => losses > 0);
    expect(losses).toBe(1);
  });

  it("is refused where no display is", async () => {
    await expect(connectX11(":873", () => undefined)).rejects.toThrow();
  });

  it("knows what belongs to one program", async () => {
    const desktop = await start(false);
    const [first, second] = [await connect(desktop), await connect(desktop)];
    const [a, b, c] = [first.client.AllocID(), first.client.AllocID(), second.client.AllocID()];
    expect([first.isSameClient(a, b), first.isSameClient(a, c)]).toEqual([true, false]);
  });
});
