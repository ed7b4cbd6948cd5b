import { SourceProblem } from "../../evidence/source-problem.ts";
import { reasonOf } from "./read-folder.ts";
import type { SourceTree } from "./source-tree.ts";

const recognised =
  "It reads a bundle of its own (why5xx bundle OUT), a troubleshoot.sh support bundle, an OpenShift must-gather, " +
  "a `kubectl cluster-info dump`, a transcript of kubectl commands, or Kubernetes YAML, JSON and *.log files";

/** Nothing in the source is evidence: says what was seen and what would be. */
export function nothingUsable(tree: SourceTree, path: string): SourceProblem {
  const cut = tree.cut === undefined ? "" : `; ${tree.cut}`;
  const inner = tree.files.find((file) => /\.(tar\.gz|tgz|tar)$/i.test(file.path));
  if (inner !== undefined) {
    return new SourceProblem(
      `${path} holds the archive ${inner.path} and nothing else that is read${cut}. Give that: --from ${path}/${inner.path}`,
    );
  }
  if (tree.files.length === 0) {
    const refused = tree.losses.length > 0 ? `: ${tree.losses[0]!.what} ${tree.losses[0]!.why}` : "";
    return new SourceProblem(`${path} holds no files${cut}${refused}. ${recognised}.`);
  }
  const names = tree.files.slice(0, 5).map((file) => file.path);
  const more = tree.files.length > names.length ? `, and ${tree.files.length - names.length} more` : "";
  return new SourceProblem(
    `${path} holds no Kubernetes objects and no logs (found ${names.join(", ")}${more})${cut}. ${recognised}.`,
  );
}

export const unreadable = (path: string, error: unknown): SourceProblem =>
  new SourceProblem(
    `${path} cannot be read: ${reasonOf(error)}. Look at its permissions with: ls -l ${path}`,
  );
