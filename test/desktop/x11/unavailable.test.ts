import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openX11Desktop } from "../../../src/desktop/x11/desktop.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";
import { until } from "../../desktop-fixture/until.ts";
import { openClient } from "../../desktop-fixture/x-client.ts";

const LINE_MS = 5_000;

describe("an X display that can't be used", () => {
  let desktop: Desktop | null = null;
  const start = async (windowManager: boolean): Promise<Desktop> => {
    desktop = await startDesktop({ windowManager });
    return desktop;
  };
  /** The error of an attempt to take the desktop, or null where it could be taken. */
  const errorOn = async (env: NodeJS.ProcessEnv, display: string | null = null) => {
    const opened = openX11Desktop(env);
    const result = await opened.acquire(display, "a test", LINE_MS, new AbortController().signal);
    if (result.ok) await result.hands.release();
    await opened.leave(0);
    return result.ok ? null : result.error;
  };
  const bare = { PATH: process.env["PATH"], XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] };

  afterEach(async () => {
    await desktop?.stop();
    desktop = null;
  });

  it("is none where neither sender nor worker has one", async () => {
    const error = await errorOn(bare);
    expect(error).toMatchObject({ code: "desktop_unavailable", hint: expect.stringContaining('"display"') });
  });

  it("is none in a pure Wayland session, and the error says so", async () => {
    const error = await errorOn({ ...bare, WAYLAND_DISPLAY: "wayland-0" });
    expect(error).toMatchObject({ code: "desktop_unavailable", message: expect.stringContaining("Wayland") });
  });

  it("is named when nothing answers there", async () => {
    expect(await errorOn(bare, ":873")).toMatchObject({
      code: "desktop_unavailable",
      message: expect.stringContaining(":873"),
    });
  });

  it("needs a window manager", async () => {
    const { env } = await start(false);
    expect(await errorOn(env)).toMatchObject({
      code: "desktop_unavailable",
      message: expect.stringContaining("window manager"),
    });
  });

  const call = (client: object, request: string, ...args: readonly unknown[]) =>
    Reflect.apply(Reflect.get(client, request), client, args);
  /** With a client that does to the screen what lockers do. */
  const withLocker = async () => {
    const { env, display } = await start(true);
    await until("the window manager can be asked", async () => (await errorOn(env)) === null);
    const { client, screen } = await openClient(display);
    const { root = 0, pixel_width: width = 0, pixel_height: height = 0 } = screen[0] ?? {};
    return { env, client, root, width, height };
  };
  const takeKeyboard = (client: object, root: number) =>
    new Promise((done) => call(client, "GrabKeyboard", root, false, 0, 1, 1, done));

  describe("because the screen is dark", () => {
    const isDark = async (client: object, root: number) => {
      const saver = await new Promise<object>((done) =>
        call(client, "require", "screen-saver", (_: unknown, extension: object) => done(extension)),
      );
      await until(
        "the screen is dark",
        () =>
          new Promise<boolean>((done) =>
            call(saver, "QueryInfo", root, (_: unknown, { state }: { state: number }) => done(state === 1)),
          ),
      );
    };

    it("is locked where somebody has just switched that on", async () => {
      const { env, client } = await withLocker();
      call(client, "ForceScreenSaver", true);
      expect((await errorOn(env))?.code).toBe("screen_locked");
      client.close();
    });

    it("is not locked where the server did it by itself, as nobody was there", async () => {
      const { env, client, root } = await withLocker();
      call(client, "SetScreenSaver", 1, 0, 1, 0);
      await isDark(client, root);
      expect(await errorOn(env)).toBeNull();
      // A look does not wake it.
      await isDark(client, root);
      client.close();
    });

    it("is locked where a program has the keyboard to itself behind it", async () => {
      const { env, client, root } = await withLocker();
      call(client, "SetScreenSaver", 1, 0, 1, 0);
      await isDark(client, root);
      await takeKeyboard(client, root);
      expect((await errorOn(env))?.code).toBe("screen_locked");
      call(client, "UngrabKeyboard", 0);
      await until("it is free again", async () => (await errorOn(env)) === null);
      client.close();
    });
  });

  describe("because something lies over the screen", () => {
    /** As lockers do it that tell nobody: past the window manager. */
    const cover = async (client: object, root: number, width: number, height: number) => {
      const id: unknown = call(client, "AllocID");
      call(client, "CreateWindow", id, root, 0, 0, width, height, 0, 0, 0, 0, { overrideRedirect: true });
      call(client, "MapWindow", id);
      await new Promise((done) => call(client, "GetGeometry", id, done));
      return id;
    };

    it("is locked while a window that is nobody's lies over all of it and the keyboard is taken", async () => {
      const { env, client, root, width, height } = await withLocker();
      const id = await cover(client, root, width, height);
      await takeKeyboard(client, root);
      expect((await errorOn(env))?.code).toBe("screen_locked");
      call(client, "DestroyWindow", id);
      call(client, "UngrabKeyboard", 0);
      await until("it is unlocked", async () => (await errorOn(env)) === null);
      client.close();
    });

    it("is not locked where the keyboard is free under it", async () => {
      const { env, client, root, width, height } = await withLocker();
      await cover(client, root, width, height);
      expect(await errorOn(env)).toBeNull();
      client.close();
    });

    it("is not locked by what takes the keyboard and lies over a part of it, as a menu does", async () => {
      const { env, client, root, width, height } = await withLocker();
      await cover(client, root, width, height - 1);
      await takeKeyboard(client, root);
      expect(await errorOn(env)).toBeNull();
      client.close();
    });

    it("is not locked by a window that the window manager shows on all of it, as a remote desktop's", async () => {
      const { env, client, root, width, height } = await withLocker();
      const id: unknown = call(client, "AllocID");
      call(client, "CreateWindow", id, root, 0, 0, width, height, 0, 0, 0, 0, {});
      const name = async (atom: string) =>
        new Promise<number>((done) =>
          call(client, "InternAtom", false, atom, (_: unknown, value: number) => done(value)),
        );
      const fullscreen = Buffer.alloc(4);
      fullscreen.writeUInt32LE(await name("_NET_WM_STATE_FULLSCREEN"));
      call(client, "ChangeProperty", 0, id, await name("_NET_WM_STATE"), await name("ATOM"), 32, fullscreen);
      call(client, "MapWindow", id);
      await until(
        "it lies over all of the screen",
        () =>
          new Promise<boolean>((done) =>
            call(
              client,
              ...["TranslateCoordinates", root, root, 0, 0],
              (_: unknown, { child }: { child: number }) => done(child !== 0),
            ),
          ),
      );
      await takeKeyboard(client, root);
      expect(await errorOn(env)).toBeNull();
      client.close();
    });
  });

  describe("because it goes away in the middle", () => {
    beforeEach(() => start(true));

    it("ends every call with a refusal, and the next attempt with a clear error", async () => {
      const { env, display } = desktop ?? (await start(true));
      const opened = openX11Desktop(env);
      const signal = new AbortController().signal;
      const { hands } = await until("the window manager can be asked", async () => {
        const result = await opened.acquire(display, "a test", LINE_MS, signal);
        return result.ok ? result : null;
      });
      await hands.windows();
      await desktop?.crash();
      const input = { x: 1, y: 1, from: "top-left" } as const;
      const aimed = await hands.aim("123", "any", input, 1_000);
      expect(aimed).toMatchObject({ ok: false, isHandsOff: true, error: { code: "desktop_crashed" } });
      expect(await hands.windows()).toMatchObject({ ok: false, error: { code: "desktop_crashed" } });
      await hands.release();
      await until("the display is gone for the next one", async () => {
        const next = await opened.acquire(display, "a test", LINE_MS, signal);
        return !next.ok && next.error.code === "desktop_unavailable";
      });
      await opened.leave(0);
    });
  });
});
