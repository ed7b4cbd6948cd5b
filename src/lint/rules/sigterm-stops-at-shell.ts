import { shellScript } from "../../derive/container-values.ts";
import type { LintRule } from "../rule.ts";
import { containerPath, exposed } from "../template.ts";

export const sigtermStopsAtShell: LintRule = {
  id: "sigterm-stops-at-shell",
  severity: "warning",
  title: "Process 1 is a shell that keeps SIGTERM to itself",
  why: "A shell that waits for its child does not pass SIGTERM on: the application learns nothing, works on until the grace period ends, and is killed with its requests. Start it with exec.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) =>
      w.serving.flatMap((serving) => {
        const { container } = serving;
        const script = shellScript(container);
        if (script === undefined || !keepsSignals(script)) return [];
        const field = container.command === undefined ? "args" : "command";
        return {
          subject: w.ref,
          part: container.name,
          path: containerPath(w, serving, field),
          message: `container ${container.name} starts as a shell: "${shortened(script)}" runs as its child and is not told to stop; put exec before it`,
        };
      }),
    ),
};

/**
 * Whether the shell stays. It replaces itself for a lone simple command (bash, dash and busybox do), and
 * for one after exec; with a trap it may pass signals on.
 */
function keepsSignals(script: string): boolean {
  const commands = withoutQuoted(script)
    .split(/\n|;|&&|\|\|/)
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.startsWith("#"));
  const last = commands.at(-1) ?? "";
  if (/\btrap\b/.test(script) || /^exec\s/.test(last)) return false;
  return commands.length > 1 || /[|&]/.test(last);
}

/** What stands in quotes, in a comment or behind a backslash separates no commands. */
const withoutQuoted = (script: string): string =>
  script
    .replace(/^\s*#.*$/gm, "")
    .replaceAll("\\\n", " ")
    .replace(/"(?:\\.|[^"\\])*"|'[^']*'/gs, '""');

const shortened = (script: string): string => {
  const line = script.trim().split("\n").at(-1) ?? "";
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
