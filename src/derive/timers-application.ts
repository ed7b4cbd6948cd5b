import type { Container } from "kubernetes-types/core/v1";
import type { Evidence } from "../evidence/evidence.ts";
import { type ApplicationServer, applicationServers, imageOf } from "./application-servers.ts";
import { type ContainerValue, environmentOf, flagValue, wordsOf } from "./container-values.ts";
import { goDuration } from "./setting-values.ts";
import { knownTimer, offTimer, type Rung, type Timer, unknownTimer } from "./timer.ts";

/**
 * Names that programs give their own timers, whatever the server below is. The unit is told by the name, by
 * the value, or else by its size: nobody keeps a connection for a thousand seconds, or for less than one.
 */
const idleVariable = /^(?:[A-Z]{2,12}_){0,3}KEEP_?ALIVE(?:_TIMEOUT)?(?:_(?:MS|MILLIS|S|SEC|SECS|SECONDS))?$/;
const responseVariable =
  /^(?:[A-Z]{2,12}_){0,2}(?:REQUEST|SERVER)_TIMEOUT(?:_(?:MS|MILLIS|S|SEC|SECS|SECONDS))?$/;

/** The application's own timers: how long it keeps idle connections, how long it lets a request run. */
export function applicationRung(evidence: Evidence, namespace: string, container: Container): Rung {
  const words = wordsOf(container);
  const image = imageOf(container);
  const variables = environmentOf(evidence, namespace, container);
  const server = applicationServers.find((s) => s.isIt(words, image));
  const asked: Asked = { container, words, variables, server };
  return {
    hop: "application",
    name: `${server === undefined ? "application" : server.name} in container ${container.name}`,
    timers: [timerOf("response", responseVariable, asked), timerOf("idle-in", idleVariable, asked)],
  };
}

interface Asked {
  readonly container: Container;
  readonly words: readonly string[];
  readonly variables: ReadonlyMap<string, ContainerValue>;
  readonly server: ApplicationServer | undefined;
}

function timerOf(kind: "response" | "idle-in", named: RegExp, asked: Asked): Timer {
  const { container, words, variables, server } = asked;
  const documented = kind === "response" ? server?.response : server?.idle;
  const own = ownVariable(variables, named);
  if (own !== undefined) return knownTimer(kind, own.ms, own.found.from, own.found.source);
  if (documented === undefined) return unknownTimer(kind, notTold(container, server));
  for (const name of documented.variables ?? []) {
    const found = variables.get(name);
    const ms = found === undefined ? undefined : written(found.value, documented.unitMs);
    if (found !== undefined && ms !== undefined) return knownTimer(kind, ms, found.from, found.source);
  }
  const inVariable = variables.get(documented.flagsIn ?? "");
  const all = [...(inVariable?.value.split(/\s+/) ?? []), ...words];
  const flags = documented.flags ?? [];
  const ms = written(flagValue(all, flags) ?? "", documented.unitMs);
  const standard = documented.ms?.(all, imageOf(container));
  if (standard === "off") return offTimer(kind, `${server?.name} closes after each answer`);
  if (ms !== undefined && (kind === "idle-in" || standard !== undefined)) {
    const isFlag = flagValue(words, flags) !== undefined;
    const source = isFlag
      ? `${flags[0]} in the command of container ${container.name}`
      : (inVariable?.source ?? "");
    return knownTimer(kind, ms, isFlag ? "args" : "env", source);
  }
  if (standard === undefined) return unknownTimer(kind, notTold(container, server, documented.source));
  return knownTimer(kind, standard, "default", documented.source);
}

function ownVariable(
  variables: ReadonlyMap<string, ContainerValue>,
  named: RegExp,
): { readonly ms: number; readonly found: ContainerValue } | undefined {
  for (const [name, found] of [...variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!named.test(name) || /SHUTDOWN|CONNECT|TCP_|DB_|REDIS|SQL/.test(name)) continue;
    const unit = /_(MS|MILLIS)$/.test(name) ? 1 : /_S(EC(OND)?S?)?$/.test(name) ? 1000 : undefined;
    const bare = Number(found.value);
    const ms = written(found.value, unit ?? (bare >= 1000 ? 1 : 1000));
    if (ms !== undefined) return { ms, found };
  }
  return undefined;
}

/** A bare number in the unit that its place implies, or a duration with its own; 0 says nothing sure. */
function written(value: string, unitMs: number): number | undefined {
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * unitMs : goDuration(value);
  return ms === undefined || ms <= 0 ? undefined : ms;
}

const notTold = (container: Container, server: ApplicationServer | undefined, known?: string): string =>
  server === undefined
    ? `which server container ${container.name} runs is not told by its command or image`
    : `nothing that was read sets it for ${server.name}${known === undefined ? "" : ` (${known})`}`;
