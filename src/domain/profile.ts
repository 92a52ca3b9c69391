/** A profile is data: how one kind of composer behaves. Keys are chords such as `Ctrl+A`, `Enter`, `Shift+Enter`. */

export interface Profile {
  readonly name: string;
  readonly selectAll: string;
  readonly copy: string;
  readonly paste: string;
  /** Moves the caret behind the last character. */
  readonly caretEnd: string;
  /** Removes what is selected. */
  readonly erase: string;
  readonly submit: string;
  /** Submits an urgent message (for example by interrupting the agent's turn), or null. */
  readonly urgentSubmit: string | null;
  /** False: select-all and copy do not read the composer (a terminal). The desktop transport refuses such a window. */
  readonly isReadable: boolean;
}

const CHAT: Profile = {
  name: "chat",
  selectAll: "Ctrl+A",
  copy: "Ctrl+C",
  paste: "Ctrl+V",
  caretEnd: "Ctrl+End",
  erase: "Backspace",
  submit: "Enter",
  urgentSubmit: null,
  isReadable: true,
};

/** The built-in profiles. `terminal` is there to be refused with the way to go: Ctrl+C would interrupt the agent. */
export const BUILT_IN_PROFILES: readonly Profile[] = [
  CHAT,
  { ...CHAT, name: "cursor", urgentSubmit: "Ctrl+Enter" },
  { ...CHAT, name: "vscode" },
  { ...CHAT, name: "terminal", isReadable: false },
];

/** The built-in profiles with the keys of the system, as Node.js names it: macOS has Cmd where others have Ctrl. */
export function builtInProfiles(platform: string): readonly Profile[] {
  return platform === "darwin" ? BUILT_IN_PROFILES.map(profileForMac) : BUILT_IN_PROFILES;
}

/** The same profile with the keys of macOS: Cmd for Ctrl, Cmd+Down for the end of the text. */
export function profileForMac(profile: Profile): Profile {
  const mac = (chord: string) => (chord === "Ctrl+End" ? "Cmd+Down" : chord.replace(/\bCtrl\b/, "Cmd"));
  return {
    ...profile,
    selectAll: mac(profile.selectAll),
    copy: mac(profile.copy),
    paste: mac(profile.paste),
    caretEnd: mac(profile.caretEnd),
    submit: mac(profile.submit),
    urgentSubmit: profile.urgentSubmit === null ? null : mac(profile.urgentSubmit),
  };
}
