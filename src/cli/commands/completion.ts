/** `swarm completion SHELL` */
import { EXIT } from "../../domain/errors.ts";
import { failureOf, usageError } from "../../library/failure.ts";
import { candidates } from "../candidates.ts";
import { type Action, type Define, isGiven } from "../command.ts";
import { writeOut } from "../output.ts";
import { oneLine } from "../render.ts";
import type { Session } from "../session.ts";

export const defineCompletion: Define = (definition, run) => {
  definition
    .argument("[shell]", "bash, zsh or fish")
    .argument("[words...]", "with --words: the command line so far")
    .option("--words", "print what may come next, as the shells ask")
    .addHelpText("after", EXAMPLES)
    .action(run(completion));
};

const EXAMPLES = `
Completes commands, options, agents, groups, profiles and ids.

Examples:
  bash:  echo 'source <(swarm completion bash)' >> ~/.bashrc
  zsh:   echo 'source <(swarm completion zsh)' >> ~/.zshrc
  fish:  swarm completion fish > ~/.config/fish/completions/swarm.fish`;

const completion: Action = async (session, given) => {
  const words = given.args.flatMap((word) => word ?? []);
  if (isGiven(given, "words")) {
    const found = await candidates({
      words,
      config: configOf(session),
      self: session.env["SWARM_AGENT"] || null,
    });
    writeOut(found.map(({ word, about }) => `${word}\t${oneLine(about)}\n`).join(""));
    return EXIT.done;
  }
  const [shell] = words;
  const script = SCRIPTS.get(shell ?? "");
  if (script === undefined)
    throw usageError(
      shell === undefined ? "for which shell?" : `there is no completion for ${JSON.stringify(shell)}`,
      `name one: swarm completion ${[...SCRIPTS.keys()].join(", ")}`,
    );
  session.show(script);
  session.json({ shell, text: script });
  return EXIT.done;
};

/** Null where there is none, or none that is right: the words of the language are completed all the same. */
function configOf(session: Session) {
  try {
    return session.workspace().config;
  } catch (thrown) {
    if (failureOf(thrown).exitCode === EXIT.bug) throw thrown;
    return null;
  }
}

/** Each asks `swarm` for lines of a word and what it is. */
const SCRIPTS: ReadonlyMap<string, string> = new Map([
  [
    "bash",
    `_swarm() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(swarm completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _swarm swarm
`,
  ],
  [
    "zsh",
    `_swarm() {
  local line
  local -a found
  for line in "\${(@f)$(swarm completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#found} )); then _describe swarm found; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _swarm swarm
`,
  ],
  [
    "fish",
    `complete -c swarm -f -a '(swarm completion --words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
complete -c swarm -l file -r -F
complete -c swarm -l root -r -F
`,
  ],
]);
