import { join } from "node:path";
import { build } from "esbuild";
import type { PageConfig } from "./protocol.ts";

/** The script of all pages, as one piece. */
export async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "page/main.ts")],
    bundle: true,
    format: "iife",
    conditions: ["production"],
    define: { "process.env.NODE_ENV": '"production"' },
    minify: true,
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

export function pageHtml(config: PageConfig): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(config.title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style></head>
<body><script type="application/json" id="config">${JSON.stringify(config).replaceAll("<", "\\u003c")}</script>
<script src="/page.js?page=${encodeURIComponent(config.name)}"></script></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

// The composer fills the lowest 116 pixels of the page, whatever its size; the input point lies in it.
const STYLE = `
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 14px "DejaVu Sans", sans-serif; background: #f4f5f7; color: #1c2430; }
header { padding: 8px 14px; font-weight: bold; background: #24344d; color: #fff; flex: none; }
main { flex: 1; overflow-y: auto; padding: 10px 14px; min-height: 0; }
.message { white-space: pre-wrap; overflow-wrap: anywhere; background: #fff; border: 1px solid #d5dae2; border-radius: 8px; padding: 6px 10px; margin: 0 0 8px; max-height: 160px; overflow: hidden; }
.place { flex: none; height: 116px; padding: 10px 14px; }
.composer { display: block; width: 100%; height: 96px; overflow-y: auto; padding: 8px 10px; border: 2px solid #8fa3c4; border-radius: 8px; background: #fff; font: inherit; outline: none; resize: none; white-space: pre-wrap; overflow-wrap: anywhere; }
.composer:focus { border-color: #2f6fed; }
.composer p { margin: 0; }
.editor { font: 12px "DejaVu Sans Mono", monospace; flex: 1; min-height: 0; height: auto; margin: 10px 14px; width: auto; white-space: pre; }
dialog { border: 1px solid #888; border-radius: 8px; padding: 18px; }
`;
