import type { Container } from "kubernetes-types/core/v1";
import { probeTiming } from "../../derive/probes.ts";
import { items, text } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";
import { containerFix, containerPath, exposed, seconds } from "../template.ts";

/** What a Java application with a framework takes to start on a shared CPU. */
const javaStartMs = 60_000;

export const startupProbeMissing: LintRule = {
  id: "startup-probe-missing",
  severity: "warning",
  title: "Liveness may kill a container that is still starting",
  why: "Liveness counts from the start of the container. One that starts slowly, more so on a busy node, is killed before it listens, and starts again. A startup probe holds liveness back until it listens.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) =>
      w.serving.flatMap((serving) => {
        const { container } = serving;
        if (!container.livenessProbe || container.startupProbe) return [];
        const liveness = probeTiming(container.livenessProbe);
        const killMs = liveness.initialDelayMs + liveness.failureThreshold * liveness.periodMs;
        const start = startHint(container);
        if (start === undefined || killMs >= start.ms) return [];
        const {
          initialDelaySeconds: _delay,
          failureThreshold: _threshold,
          ...asked
        } = container.livenessProbe;
        const failureThreshold = Math.ceil((3 * start.ms) / liveness.periodMs);
        return {
          subject: w.ref,
          part: container.name,
          path: containerPath(w, serving, "livenessProbe"),
          message: `liveness may kill container ${container.name} ${seconds(killMs)} after its start; ${start.why}`,
          fix: containerFix(w, `Give container ${container.name} a startup probe`, container, {
            startupProbe: { ...asked, failureThreshold },
          }),
        };
      }),
    ),
};

function startHint(container: Container): { readonly ms: number; readonly why: string } | undefined {
  const delayMs = (container.readinessProbe?.initialDelaySeconds ?? 0) * 1000;
  if (delayMs > 0) return { ms: delayMs, why: `readiness waits ${seconds(delayMs)} for it to start` };
  const java = items(container.env).find((e) =>
    /^(JAVA_TOOL_OPTIONS|JAVA_OPTS|JDK_JAVA_OPTIONS|SPRING_\w+)$/.test(e.name),
  );
  if (java !== undefined)
    return { ms: javaStartMs, why: `it runs Java (env ${java.name}), which may take a minute` };
  const image = text(container.image);
  return /(^|[/-])(openjdk|eclipse-temurin|amazoncorretto|tomcat|wildfly|keycloak)([:@-]|$)/.test(image)
    ? { ms: javaStartMs, why: `it runs Java (image ${image}), which may take a minute` }
    : undefined;
}
