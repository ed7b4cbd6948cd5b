import type { Flag, FlagName, FlagValues } from "./flags.ts";

/** A command as data: dispatch, help, completion and the README are made from it. */
export interface Command {
  /** After the command's name: "[TARGET]". */
  readonly operands: string;
  readonly mostOperands: number;
  /** What to say when fewer are given; absent when none is needed. */
  readonly missing?: string;
  readonly summary: string;
  /** Paragraphs of its help. */
  readonly text: readonly string[];
  readonly flags: readonly FlagName[];
  /** What flags mean here, where that is not what they mean elsewhere. */
  readonly own?: Readonly<Partial<Record<FlagName, Partial<Flag>>>>;
  readonly examples: readonly Example[];
  /** Loaded when it runs, so that no command pays for another. */
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** `command` without the program's name in front. */
interface Example {
  readonly text: string;
  readonly command: string;
}

export interface Call {
  readonly values: FlagValues;
  readonly operands: readonly string[];
  /** How the program was called: "why5xx" or "kubectl why5xx". */
  readonly program: string;
}

/** Does the work, prints, and gives the exit code. */
type Run = (call: Call) => Promise<number>;
