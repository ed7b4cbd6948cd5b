import type { Container } from "kubernetes-types/core/v1";
import type { Evidence } from "../evidence/evidence.ts";
import { type ApplicationServer, type Image, imageOf, serverOf } from "./application-servers.ts";
import { type ContainerValue, environmentOf, flagValue, wordsOf } from "./container-values.ts";
import { goDuration } from "./setting-values.ts";
import { knownTimer, offTimer, type Rung, type Timer, unknownTimer } from "./timer.ts";

/**
 * Names that programs give their own timers, whatever the server below is. The unit is told by the name, by
 * the value, or else by its size: nobody keeps a connection for a thousand seconds, or for less than one. Other
 * prefixes are of what the program keeps to others (DB_), or keeps loaded (OLLAMA_).
 */
const idleVariable =
  /^(?:(?:HTTP|NODE|WEB|APP)_)?(?:SERVER_)?KEEP_?ALIVE(?:_?TIMEOUT)?(?:_(?:MS|MILLIS|S|SEC|SECS|SECONDS))?$/;
const responseVariable =
  /^(?:[A-Z]{2,12}_){0,2}(?:REQUEST|SERVER)_TIMEOUT(?:_(?:MS|MILLIS|S|SEC|SECS|SECONDS))?$/;

/** The application's own timers: how long it keeps idle connections, how long it lets a request run. */
export function applicationRung(evidence: Evidence, namespace: string, container: Container): Rung {
  const asked = askedOf(container, environmentOf(container, namespace, evidence));
  const { server } = asked;
  return {
    hop: "application",
    name: `${server === undefined ? "application" : server.name} in container ${container.name}`,
    timers: [
      toldTimer("response", responseVariable, asked).timer,
      toldTimer("idle-in", idleVariable, asked).timer,
    ],
  };
}

/** How long the application keeps idle connections, where its container itself says so; not by a default. */
export function configuredIdle(container: Container): { valueMs: number; written: string } | undefined {
  const { timer, written } = toldTimer(
    "idle-in",
    idleVariable,
    askedOf(container, environmentOf(container, "")),
  );
  return timer.value === undefined || written === undefined ? undefined : { valueMs: timer.value, written };
}

interface Asked {
  readonly container: Container;
  readonly words: readonly string[];
  readonly image: Image;
  readonly variables: ReadonlyMap<string, ContainerValue>;
  readonly server: ApplicationServer | undefined;
}

function askedOf(container: Container, variables: ReadonlyMap<string, ContainerValue>): Asked {
  const words = wordsOf(container);
  const image = imageOf(container);
  return { container, words, image, variables, server: serverOf(words, image, variables) };
}

interface Told {
  readonly timer: Timer;
  /** As it stands there: "--keep-alive 2"; absent for defaults. */
  readonly written?: string;
}

function toldTimer(kind: "response" | "idle-in", named: RegExp, asked: Asked): Told {
  const { container, words, image, variables, server } = asked;
  const documented = kind === "response" ? server?.response : server?.idle;
  const own = ownVariable(variables, named);
  if (own !== undefined) return byVariable(kind, own);
  if (documented === undefined) return { timer: unknownTimer(kind, notTold(container, server)) };
  for (const name of documented.variables ?? []) {
    const found = variables.get(name);
    const ms = found === undefined ? undefined : written(found.value, documented.unitMs);
    if (found !== undefined && ms !== undefined) return byVariable(kind, { name, ms, found });
  }
  const inVariables = (documented.flagsIn ?? []).flatMap((name) => variables.get(name) ?? []);
  const all = [...inVariables.flatMap(({ value }) => value.split(/\s+/)), ...words];
  const standard = documented.ms?.(all, image);
  if (standard === "off") return { timer: offTimer(kind, `${server?.name} closes after each answer`) };
  for (const flag of documented.flags ?? []) {
    const value = flagValue(all, [flag]);
    const ms = written(value ?? "", documented.unitMs);
    if (ms === undefined || (kind === "response" && standard === undefined)) continue;
    const isFlag = flagValue(words, [flag]) !== undefined;
    const source = isFlag ? `${flag} in the command of container ${container.name}` : inVariables[0]!.source;
    return { timer: knownTimer(kind, ms, isFlag ? "args" : "env", source), written: `${flag} ${value}` };
  }
  return {
    timer:
      standard === undefined
        ? unknownTimer(kind, notTold(container, server, documented.source))
        : knownTimer(kind, standard, "default", documented.source),
  };
}

interface Variable {
  readonly name: string;
  readonly ms: number;
  readonly found: ContainerValue;
}

const byVariable = (kind: "response" | "idle-in", { name, ms, found }: Variable): Told => ({
  timer: knownTimer(kind, ms, found.from, found.source),
  written: `${name}=${found.value}`,
});

function ownVariable(variables: ReadonlyMap<string, ContainerValue>, named: RegExp): Variable | undefined {
  const wanted = [...variables].filter(
    ([name]) => named.test(name) && !/SHUTDOWN|CONNECT|TCP_|DB_|REDIS|SQL/.test(name),
  );
  for (const [name, found] of wanted.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const unit = /_(MS|MILLIS)$/.test(name) ? 1 : /_S(EC(OND)?S?)?$/.test(name) ? 1000 : undefined;
    const bare = Number(found.value);
    const ms = written(found.value, unit ?? (bare >= 1000 ? 1 : 1000));
    if (ms !== undefined) return { name, ms, found };
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
