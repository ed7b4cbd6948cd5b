import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { resources } from "../../src/evidence/kinds.ts";
import type { FrozenCase } from "../../corpus/frozen-cases.ts";
import { parseTarget, type Target } from "../../src/target/target.ts";

/** The same cluster in another dress: what is true of it stays true. */
export interface Disguised {
  readonly evidence: Evidence;
  readonly target: Target;
}

/** Byte by byte: what TextDecoder calls latin1 is windows-1252 and loses bytes on the way back. */
const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const toBytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

/** Applies a change of text to everything: objects, coverage, log names and log contents. */
function rewritten(evidence: Evidence, change: (text: string) => string): Evidence {
  const { logs, ...rest } = evidence;
  /** Values only: a namespace may be called "status". */
  const changed = (_: string, value: unknown): unknown => (typeof value === "string" ? change(value) : value);
  return {
    ...(JSON.parse(JSON.stringify(rest), changed) as Omit<Evidence, "logs">),
    logs: logs.map(({ bytes, ...about }): LogStream => {
      const named = JSON.parse(JSON.stringify(about), changed) as LogStream;
      return bytes === undefined ? named : { ...named, bytes: toBytes(change(toText(bytes))) };
    }),
  };
}

/** Every list in another order, the same for the same length. */
export function permuted(evidence: Evidence): Evidence {
  const objects = Object.fromEntries(
    Object.entries(evidence.objects).map(([r, list]) => [r, shuffled(list as readonly unknown[])]),
  );
  return { ...evidence, objects, coverage: shuffled(evidence.coverage), logs: shuffled(evidence.logs) };
}

function shuffled<T>(list: readonly T[]): T[] {
  const copy = [...list].reverse();
  const middle = Math.ceil(copy.length / 3);
  return [...copy.slice(middle), ...copy.slice(0, middle)];
}

/** The application's namespace and every pod under another name, wherever they are written. */
export function renamed(evidence: Evidence, frozen: FrozenCase): Disguised {
  const pods = (evidence.objects.pods ?? []).map((p) => p.metadata?.name ?? "");
  const namespaces = (evidence.objects.ingresses ?? []).map((i) => i.metadata?.namespace ?? "");
  const namespace = namespaces.find(
    (n) => n.length > 3 && !n.startsWith("ingress") && n !== "default" && !Object.hasOwn(resources, n),
  );
  const change = (text: string): string => {
    const withPods = pods.reduce(
      (t, name, i) => t.replaceAll(name, `${name.slice(0, -5)}zz${i % 10}${Math.floor(i / 10)}q`),
      text,
    );
    return namespace === undefined
      ? withPods
      : // HAProxy's controllers join names by "_".
        withPods.replace(new RegExp(`(?<![A-Za-z0-9])${namespace}(?![A-Za-z0-9])`, "g"), "elsewhere");
  };
  const scope = frozen.namespace === undefined ? undefined : change(frozen.namespace);
  return { evidence: rewritten(evidence, change), target: parseTarget(change(frozen.target), scope) };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const isoPattern = /(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)/g;
const accessPattern = /(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d)/g;
const errorPattern = /(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)/g;
const klogPattern = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d)/gm;

/** Every clock moved by whole days: objects, events and each format of log. */
export function shifted(evidence: Evidence, days: number): Evidence {
  const moved = (iso: string): string => new Date(Date.parse(`${iso}Z`) + days * 86_400_000).toISOString();
  return rewritten(evidence, (text) =>
    text
      .replace(isoPattern, (_all, date: string, between: string, time: string) =>
        moved(`${date}T${time}`).slice(0, 19).replace("T", between),
      )
      .replace(accessPattern, (_all, d: string, m: string, y: string, time: string) => {
        const to = moved(`${y}-${String(months.indexOf(m) + 1).padStart(2, "0")}-${d}T${time}`);
        return `${to.slice(8, 10)}/${months[Number(to.slice(5, 7)) - 1]}/${to.slice(0, 4)}:${to.slice(11, 19)}`;
      })
      .replace(errorPattern, (_all, y: string, m: string, d: string, time: string) =>
        moved(`${y}-${m}-${d}T${time}`).slice(0, 19).replaceAll("-", "/").replace("T", " "),
      )
      .replace(klogPattern, (_all, level: string, m: string, d: string, time: string) => {
        const to = moved(`${evidence.collectedAt.slice(0, 4)}-${m}-${d}T${time}`);
        return `${level}${to.slice(5, 7)}${to.slice(8, 10)} ${to.slice(11, 19)}`;
      }),
  );
}

const isForeign = (o: { metadata?: { namespace?: string } }): boolean =>
  o.metadata?.namespace === "strangers";

/** A second application with troubles of its own in a namespace that nothing refers to. */
export function withStrangers(evidence: Evidence, strangers: Evidence): Evidence {
  const foreign = rewritten(strangers, (text) =>
    text.replaceAll("10.42.", "10.77.").replaceAll("10.43.", "10.78."),
  );
  const resources = new Set([...Object.keys(evidence.objects), ...Object.keys(foreign.objects)]) as Set<
    keyof Evidence["objects"]
  >;
  const objects = Object.fromEntries(
    [...resources].map((r) => [
      r,
      [...(evidence.objects[r] ?? []), ...(foreign.objects[r] ?? []).filter(isForeign)],
    ]),
  );
  return {
    ...evidence,
    objects,
    logs: [...evidence.logs, ...foreign.logs.filter((l) => l.namespace === "strangers")],
  };
}
