import { type ControllerName, sourceOf } from "./controllers.ts";

/** What people call a row of requests: "shop/cart", or what the gateway calls it. */
export const ofRow = "{{ with $labels.namespace }}{{ . }}/{{ end }}{{ $labels.service }}";

interface Told {
  readonly summary: string;
  readonly description: string;
  /** The cause whose page is the runbook; without it, the folder of all. */
  readonly cause?: string;
  /** What to type, as a template. */
  readonly command?: string;
  /** Instead of `command`: those whose rows these are. */
  readonly controllers?: readonly ControllerName[];
  /** How far back the command looks. Default 1h. */
  readonly since?: string;
}

/** `runbook_url` is what Alertmanager's receivers look for; it is filled where a base is known (`withRunbooks`). */
export function annotations({
  summary,
  description,
  cause,
  command,
  controllers,
  since = "1h",
}: Told): Record<string, string> {
  const typed = (command ?? commandOf(controllers ?? [])).replaceAll("--since 1h", `--since ${since}`);
  return {
    summary,
    description,
    ...(typed === "" ? {} : { why5xx: typed }),
    ...(cause === undefined ? {} : { runbook: `why5xx explain ${cause}` }),
  };
}

/** Rows of several controllers are looked at in different ways; the template asks which it is. */
function commandOf(controllers: readonly ControllerName[]): string {
  const withRows = controllers.filter((name) => sourceOf(name).traffic.length > 0);
  const byCommand = Map.groupBy(withRows, (name) => sourceOf(name).command);
  const [first, ...others] = [...byCommand].sort(([, a], [, b]) => b.length - a.length);
  if (first === undefined) return "";
  return others.reduce(
    (rest, [command, names]) =>
      `{{ if ${names.length === 1 ? equals(names[0]) : `or ${names.map((n) => `(${equals(n)})`).join(" ")}`} }}${command}{{ else }}${rest}{{ end }}`,
    first[0],
  );
}

const equals = (name: ControllerName | undefined): string => `eq $labels.controller "${name}"`;
