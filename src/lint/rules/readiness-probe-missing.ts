import { containerPath, exposed } from "../template.ts";
import type { LintRule } from "../rule.ts";

export const readinessProbeMissing: LintRule = {
  id: "readiness-probe-missing",
  severity: "warning",
  title: "A container that takes requests has no readiness probe",
  why: "Without one a pod counts as ready as soon as its process runs, so it gets requests before it listens and keeps getting them when it cannot answer. Ask the port it serves on.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) =>
      w.serving
        .filter(({ container }) => !container.readinessProbe)
        .map((serving) => ({
          subject: w.ref,
          part: serving.container.name,
          path: containerPath(w, serving),
          message: `container ${serving.container.name} has no readinessProbe: its pod gets requests as soon as the process runs`,
        })),
    ),
};
