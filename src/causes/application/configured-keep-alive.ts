import type { Container } from "kubernetes-types/core/v1";
import { items } from "../../derive/shape.ts";
import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";

/** How long the application keeps idle connections, where its container says so. */
export interface ConfiguredKeepAlive {
  readonly valueMs: number;
  readonly text: string;
  readonly source: string;
}

/**
 * Options of servers, as their own documentation writes them: gunicorn `--keep-alive 2`, uvicorn
 * `--timeout-keep-alive 5`, Next.js `--keepAliveTimeout 70000`, Spring Boot
 * `server.tomcat.keep-alive-timeout=20s`; and what applications call it in their environment.
 */
const options: readonly (readonly [RegExp, "s" | "ms"])[] = [
  [/(?:^|\s)(--(?:timeout-)?keep-alive)[= ](\d+)()(?=\s|$)/, "s"],
  [/(?:^|\s)(--keepAliveTimeout)[= ](\d+)()(?=\s|$)/, "ms"],
  [/(server\.(?:tomcat|jetty)\.(?:keep-alive|connection-idle)-timeout)=(\d+)(ms|s|m)?(?=\s|$)/, "ms"],
];
const variable =
  /^(?:SERVER_TOMCAT_|SERVER_|HTTP_|NODE_|APP_)?KEEP_?ALIVE(?:_?TIMEOUT)?(?:_(MS|SECONDS|S))?$/;
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, seconds: 1000 };

export function configuredKeepAlive(pods: readonly PodView[]): ConfiguredKeepAlive | undefined {
  for (const pod of pods) {
    const serving = pod.containers.filter((c) => c.role === "main");
    for (const { name, spec } of serving) {
      if (pod.targetContainer !== undefined && pod.targetContainer !== name) continue;
      const found = ofArguments(spec) ?? ofEnvironment(spec);
      if (found !== undefined) return { ...found, source: `${refText(pod.ref)} container ${name}` };
    }
  }
  return undefined;
}

type Found = Omit<ConfiguredKeepAlive, "source">;

function ofArguments(spec: Container): Found | undefined {
  const told = [
    ...items(spec.command),
    ...items(spec.args),
    ...items(spec.env)
      .filter((e) => /^(?:GUNICORN_CMD_ARGS|JAVA_TOOL_OPTIONS|JAVA_OPTS)$/.test(e.name))
      .map((e) => e.value ?? ""),
  ].join(" ");
  for (const [pattern, usual] of options) {
    const match = pattern.exec(told);
    if (match === null) continue;
    const valueMs = Number(match[2]) * units[match[3] || usual]!;
    return { valueMs, text: `${match[1]} ${match[2]}${match[3] ?? ""}` };
  }
  return undefined;
}

/** A bare number in the environment: Node's servers count in milliseconds, the others in seconds. */
function ofEnvironment(spec: Container): Found | undefined {
  for (const { name, value } of items(spec.env)) {
    const unit = variable.exec(name);
    const number = /^(\d+)(ms|s|m)?$/.exec(value ?? "");
    if (unit === null || number === null) continue;
    const said = number[2] ?? unit[1]?.toLowerCase() ?? (Number(number[1]) >= 1000 ? "ms" : "s");
    return { valueMs: Number(number[1]) * units[said]!, text: `${name}=${value}` };
  }
  return undefined;
}
