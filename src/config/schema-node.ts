/** The kinds of values in `swarm.json`. One description serves the check, the JSON Schema and `config show`. */

export type Node =
  | ObjectNode
  | MapNode
  | VariantsNode
  | ListNode
  | TextNode
  | NumberNode
  | DurationNode
  | ChoiceNode
  | FlagNode
  | ConstantNode
  | EitherNode;

interface Described {
  /** What it is for, in one sentence; shown in the JSON Schema. */
  readonly about?: string;
}

export interface ObjectNode extends Described {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Field>>;
}

export interface Field {
  readonly node: Node;
  readonly isRequired?: boolean;
  /** As it would stand in the file. Fields with a default are settings, which the environment can set too. */
  readonly default?: Scalar;
}

export type Scalar = string | number | boolean | null;

/** An object whose keys are names of agents, groups or profiles. */
export interface MapNode extends Described {
  readonly kind: "map";
  /** What a key names, for error texts. */
  readonly names: string;
  readonly values: Node;
}

/** An object whose field `by` decides which fields it may have. */
export interface VariantsNode extends Described {
  readonly kind: "variants";
  readonly by: string;
  readonly variants: Readonly<Record<string, ObjectNode>>;
}

export interface ListNode extends Described {
  readonly kind: "list";
  readonly items: Node;
}

export interface TextNode extends Described {
  readonly kind: "text";
  readonly pattern?: RegExp;
  /** What the pattern asks for: completes "must be …". */
  readonly expected?: string;
  /** What is wrong with a text that the pattern allows, or null. */
  readonly problem?: (text: string) => string | null;
}

export interface NumberNode extends Described {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly min: number;
  readonly max: number;
}

/** A text such as `1s`; it means milliseconds. */
export interface DurationNode extends Described {
  readonly kind: "duration";
  readonly minMs: number;
}

export interface ChoiceNode extends Described {
  readonly kind: "choice";
  readonly values: readonly string[];
}

export interface FlagNode extends Described {
  readonly kind: "flag";
}

export interface ConstantNode extends Described {
  readonly kind: "constant";
  readonly value: false | null;
}

/** The first option is the usual one: its words explain what is wrong. */
export interface EitherNode extends Described {
  readonly kind: "either";
  readonly options: readonly [Node, ...Node[]];
}
