import type { LintRule } from "../rule.ts";
import { isDebian, stayingShell } from "../shell-script.ts";
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
        const stays = stayingShell(container);
        if (stays === undefined) return [];
        const isSure = stays.which === "every" || isDebian(container);
        const field = container.command === undefined ? "args" : "command";
        return {
          subject: w.ref,
          part: container.name,
          path: containerPath(w, serving, field),
          message: `container ${container.name} starts as a shell${isSure ? "" : " that may stay process 1 (dash does, of Debian and Ubuntu)"}: "${shortened(stays.script)}" ${isSure ? "runs as its child and is not told to stop" : "is its child then, and not told to stop"}; put exec before it`,
          ...(isSure ? {} : { severity: "note" as const }),
        };
      }),
    ),
};

const shortened = (script: string): string => {
  const line = script.trim().split("\n").at(-1) ?? "";
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
