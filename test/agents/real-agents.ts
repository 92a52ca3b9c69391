/** Real agents from npm: how each is installed, told about the test's own model server, and started without its questions. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface RealAgent {
  readonly name: string;
  readonly package: string;
  /** The words that start it; `modules` is where npm has put the packages. */
  command(modules: string): readonly string[];
  /** Its screen once it takes messages. */
  readonly ready: RegExp;
  /** A question that it asks in a new folder, and the keys that answer it. */
  readonly question: { readonly text: RegExp; readonly answer: readonly string[] } | null;
  /** What it makes of a text on its own, whoever types it. */
  itsOwn(text: string): string;
  settings(place: Place): { readonly files: Files; readonly variables: Files };
}

type Files = Readonly<Record<string, string>>;

interface Place {
  readonly project: string;
  readonly modelUrl: string;
  /** It is to ask its question about the folder. */
  readonly isAsking: boolean;
}

const KEY = "none-0123456789abcdefghij";
/** Claude Code remembers a key by its end. */
const KEY_END = KEY.slice(-20);
const unchanged = (text: string): string => text;
const PLATFORM = `${process.platform}-${process.arch}`;

export const REAL_AGENTS: readonly RealAgent[] = [
  {
    name: "gemini",
    package: "@google/gemini-cli@0.61.0",
    command: (modules) => [process.execPath, join(modules, ".bin/gemini")],
    ready: /Type your message/,
    question: { text: /Do you trust/, answer: ["Enter"] },
    itsOwn: unchanged,
    settings: ({ modelUrl, isAsking }) => ({
      files: {
        ".gemini/settings.json": JSON.stringify({
          security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: isAsking } },
          general: { disableAutoUpdate: true, enableAutoUpdate: false },
          privacy: { usageStatisticsEnabled: false },
          // Named, so that no other model is asked first which one to take.
          model: { name: "gemini-2.5-flash" },
        }),
      },
      variables: { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: modelUrl, NO_UPDATE_NOTIFIER: "1" },
    }),
  },
  {
    name: "codex",
    package: "@openai/codex@0.169.0",
    command: (modules) => [process.execPath, join(modules, ".bin/codex")],
    ready: /\? for shortcuts/,
    question: null,
    itsOwn: unchanged,
    settings: ({ project, modelUrl }) => ({
      files: {
        ".codex/config.toml": [
          'model = "gpt-5"',
          'model_provider = "local"',
          "check_for_update_on_startup = false",
          "[model_providers.local]",
          'name = "local"',
          `base_url = "${modelUrl}/v1"`,
          'wire_api = "responses"',
          'env_key = "LOCAL_KEY"',
          `[projects."${project}"]`,
          'trust_level = "trusted"',
        ].join("\n"),
      },
      variables: { LOCAL_KEY: KEY },
    }),
  },
  {
    name: "opencode",
    package: "opencode-ai@1.18.33",
    // The program that its script for after the installation would put in place.
    command: (modules) => [join(modules, `opencode-${PLATFORM}/bin/opencode`)],
    ready: /Ask anything/,
    question: null,
    itsOwn: unchanged,
    settings: ({ modelUrl }) => ({
      files: {
        ".config/opencode/opencode.json": JSON.stringify({
          autoupdate: false,
          share: "disabled",
          model: "anthropic/claude-sonnet-4-5",
          small_model: "anthropic/claude-haiku-4-5",
          provider: { anthropic: { options: { baseURL: `${modelUrl}/v1`, apiKey: KEY } } },
        }),
      },
      variables: {},
    }),
  },
  {
    name: "claude",
    package: "@anthropic-ai/claude-code@2.1.329",
    command: (modules) => [join(modules, `@anthropic-ai/claude-code-${PLATFORM}/claude`)],
    ready: /^❯/m,
    question: { text: /Enter to confirm/, answer: ["Down", "Enter"] },
    // It composes characters (e and its accent become one) and has no tabs.
    itsOwn: (text) => text.normalize("NFC").replaceAll("\t", "    "),
    settings: ({ project, modelUrl, isAsking }) => ({
      files: {
        ".claude.json": JSON.stringify({
          hasCompletedOnboarding: true,
          theme: "dark",
          customApiKeyResponses: { approved: [KEY_END], rejected: [] },
          projects: { [project]: { hasTrustDialogAccepted: !isAsking, hasCompletedProjectOnboarding: true } },
        }),
      },
      variables: {
        ANTHROPIC_BASE_URL: modelUrl,
        ANTHROPIC_API_KEY: KEY,
        DISABLE_AUTOUPDATER: "1",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      },
    }),
  },
];

const INSTALL_MS = 300_000;

/** Installs without running scripts; returns the folder of the packages. */
export function installAgents(agents: readonly RealAgent[], folder: string): string {
  const packages = agents.map((agent) => agent.package);
  const authorities = process.env["SWT_AUTHORITIES"];
  const { status, stderr } = spawnSync(
    "npm",
    ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", ...packages],
    {
      timeout: INSTALL_MS,
      encoding: "utf8",
      env: { ...process.env, ...(authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorities }) },
    },
  );
  if (status !== 0) throw new Error(`${packages.join(", ")} could not be installed: ${stderr}`);
  return join(folder, "node_modules");
}

/** Writes what the agent reads at its start into `home`; returns its environment. */
export function settle(agent: RealAgent, home: string, place: Place): Files {
  const { files, variables } = agent.settings(place);
  mkdirSync(place.project, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return { HOME: home, ...variables };
}
