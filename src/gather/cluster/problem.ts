/**
 * Nothing could be read from the cluster. The message says what is wrong in one sentence and, on a
 * second line, the command that shows it again or gets past it.
 */
export class ClusterProblem extends Error {
  override readonly name = "ClusterProblem";
  readonly kind: ProblemKind;
  /** The next command to type, shell-quoted. */
  readonly next: string;

  constructor(kind: ProblemKind, problem: string, next: string, options?: ErrorOptions) {
    super(`${problem}\nTry: ${next}`, options);
    this.kind = kind;
    this.next = next;
  }
}

export type ProblemKind =
  | "no-kubeconfig"
  | "broken-kubeconfig"
  | "no-such-context"
  | "credentials"
  | "unreachable"
  | "certificate"
  | "unauthorized"
  | "forbidden"
  | "unreadable";

const plainWord = /^[\w@%+=:,./-]+$/;

/** One word of a command line: context names may carry spaces, quotes and worse. */
export function quoteWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `kubectl …` under the same context (and kubeconfig, when one was named). */
export function kubectl(rest: string, from: { context?: string; kubeconfig?: string } = {}): string {
  const words = ["kubectl", rest];
  if (from.context !== undefined && from.context !== "") words.push(`--context ${quoteWord(from.context)}`);
  if (from.kubeconfig !== undefined) words.push(`--kubeconfig ${quoteWord(from.kubeconfig)}`);
  return words.join(" ");
}
