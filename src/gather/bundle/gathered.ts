import type { Limits } from "../../base/limits.ts";
import type {
  CommandOutput,
  Coverage,
  Evidence,
  EvidenceSource,
  LogStream,
  Loss,
} from "../../evidence/evidence.ts";
import { type KindMap, type Resource, resourceOf, resources } from "../../evidence/kinds.ts";
import { trimObject } from "../../evidence/trim.ts";
import { upconvert } from "./convert/upconvert.ts";
import { isMap, type JsonMap, mapOf, textOf } from "./json-value.ts";
import { newestTimeOf, newestTimeOfLog } from "./newest-time.ts";
import { shaped } from "./shape.ts";

/** Where an object was found, for what it does not say itself. */
export interface Place {
  readonly file: string;
  readonly resource?: Resource;
  readonly namespace?: string;
}

/** Which container of which pod, and whether it is the one before the last restart. */
export type LogPlace = Pick<LogStream, "namespace" | "pod" | "container" | "previous">;

type AnyObject = KindMap[Resource];

/** Evidence under construction: what the readers of the various layouts fill. */
export class Gathered {
  readonly #limits: Limits;
  readonly #objects = new Map<Resource, Map<string, AnyObject>>();
  readonly #coverage = new Map<string, Coverage>();
  readonly #logs: LogStream[] = [];
  readonly #logPlaces = new Set<string>();
  readonly #losses: Loss[] = [];
  readonly #commands: CommandOutput[] = [];
  #newestMs: number | undefined;
  #newestLogMs: number | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Takes an object of a resource we know, in the form everything else reads. Says which, or undefined. */
  add(value: unknown, place: Place): Resource | undefined {
    if (!isMap(value)) return undefined;
    const object = upconvert(withKind(value, place.resource));
    const kind = textOf(object["kind"]);
    const resource = kind === undefined ? undefined : resourceOf(kind, textOf(object["apiVersion"]));
    if (resource === undefined) return undefined;
    const right = shaped(object, this.#limits.depth);
    if (right === undefined) {
      this.lose(place.file, `a ${kind} is nested deeper than ${this.#limits.depth}: left out`);
      return undefined;
    }
    this.#keep(resource, right.object, right.wrong, place);
    return resource;
  }

  #keep(resource: Resource, object: JsonMap, wrong: readonly string[], place: Place): void {
    const { kind, group, version, namespaced } = resources[resource];
    const metadata = mapOf(object["metadata"]);
    const name = textOf(metadata["name"]) ?? "";
    const namespace = namespaced ? (textOf(metadata["namespace"]) ?? place.namespace) : undefined;
    if (name === "" && resource !== "events") {
      this.lose(place.file, `a ${kind} without a name: left out`);
      return;
    }
    if (wrong.length > 0) {
      const where = namespace === undefined ? name : `${namespace}/${name}`;
      this.lose(
        place.file,
        `${kind} ${where}: ${wrong.slice(0, 5).join(", ")} is not what the API has: left out`,
      );
    }
    this.noteTime(newestTimeOf(object));
    const complete = {
      ...object,
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      metadata: namespace === undefined ? metadata : { ...metadata, namespace },
    };
    // The shape was checked above; the type is the API's for this kind.
    this.#put(resource, trimObject(complete as AnyObject), `${namespace ?? ""}/${name}`);
  }

  #put(resource: Resource, object: AnyObject, key: string): void {
    const known = this.#objects.get(resource) ?? new Map<string, AnyObject>();
    this.#objects.set(resource, known);
    const unique = key.endsWith("/") ? `${key}${known.size}` : key;
    const before = known.get(unique);
    if (before === undefined || isNewer(object, before)) known.set(unique, object);
  }

  /** Says that a list was read. A failure said for the same list stays. */
  cover(
    resource: Resource,
    namespace: string | undefined,
    extent: "whole" | "selected",
    names?: readonly string[],
  ): void {
    const key = `${resource} ${namespace ?? ""}`;
    const before = this.#coverage.get(key);
    if (before !== undefined && (before.extent === "failed" || before.extent === "whole")) return;
    const scope = namespace === undefined || !resources[resource].namespaced ? {} : { namespace };
    this.#coverage.set(key, { resource, ...scope, extent, ...(names === undefined ? {} : { names }) });
  }

  fail(resource: Resource, namespace: string | undefined, reason: string): void {
    const scope = namespace === undefined || !resources[resource].namespaced ? {} : { namespace };
    this.#coverage.set(`${resource} ${namespace ?? ""}`, { resource, ...scope, extent: "failed", reason });
  }

  /** Takes back that lists of the resource were read whole; failures stay. */
  uncover(resource: Resource): void {
    for (const [key, entry] of this.#coverage) {
      if (entry.resource === resource && entry.extent !== "failed") this.#coverage.delete(key);
    }
  }

  isWhole(resource: Resource, namespace: string | undefined): boolean {
    return this.#coverage.get(`${resource} ${namespace ?? ""}`)?.extent === "whole";
  }

  log(stream: LogStream): void {
    this.#logs.push(stream);
    this.#logPlaces.add(placeKey(stream));
    if (stream.bytes === undefined) return;
    const ms = newestTimeOfLog(stream.bytes);
    if (ms !== undefined && ms > (this.#newestLogMs ?? 0)) this.#newestLogMs = ms;
    if (stream.droppedBytes !== undefined) {
      this.lose(
        `log ${stream.name}`,
        `its oldest ${stream.droppedBytes} bytes are over the limit for one log`,
      );
    }
  }

  hasLog(place: LogPlace): boolean {
    return this.#logPlaces.has(placeKey(place));
  }

  /** What a command printed that is about no object. */
  command(command: CommandOutput): void {
    this.#commands.push(command);
  }

  lose(what: string, why: string): void {
    this.#losses.push({ what, why });
  }

  noteTime(ms: number | undefined): void {
    if (ms !== undefined && ms > (this.#newestMs ?? 0)) this.#newestMs = ms;
  }

  objects<R extends Resource>(resource: R): readonly KindMap[R][] {
    return Array.from(this.#objects.get(resource)?.values() ?? []) as KindMap[R][];
  }

  /** No object, no log, and no list that was read. */
  get isEmpty(): boolean {
    return this.#objects.size === 0 && this.#logs.length === 0 && this.#coverage.size === 0;
  }

  /** Newest moment told by an object, or by a log when that is not far in the future of all objects. */
  newestMs(): number | undefined {
    if (this.#newestMs === undefined) return this.#newestLogMs;
    const logMs = this.#newestLogMs ?? 0;
    return logMs > this.#newestMs && logMs < this.#newestMs + weekMs ? logMs : this.#newestMs;
  }

  evidence(source: EvidenceSource, collectedMs: number | undefined): Evidence {
    if (collectedMs === undefined) {
      this.lose("moment of collection", "nothing in the input tells a time, so no age can be told");
    }
    const sorted = [...this.#objects].map(([resource, known]) => [resource, inOrder(known)] as const);
    return {
      collectedAt: new Date(collectedMs ?? 0).toISOString(),
      source,
      objects: Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : 1))),
      coverage: Array.from(this.#coverage)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, entry]) => entry),
      logs: this.#logs.toSorted((a, b) => (logKey(a) < logKey(b) ? -1 : 1)),
      losses: this.#losses,
      ...(this.#commands.length > 0 ? { commands: this.#commands } : {}),
    };
  }
}

const weekMs = 7 * 24 * 3600 * 1000;

function withKind(object: JsonMap, resource: Resource | undefined): JsonMap {
  if (resource === undefined || object["kind"] !== undefined) return object;
  const { kind, group, version } = resources[resource];
  return {
    ...object,
    kind,
    apiVersion: object["apiVersion"] ?? (group === "" ? version : `${group}/${version}`),
  };
}

/** The same object found twice: the later version, else the one that has a status (the other is a manifest). */
function isNewer(object: AnyObject, before: AnyObject): boolean {
  const version = Number(object.metadata?.resourceVersion ?? 0);
  const versionBefore = Number(before.metadata?.resourceVersion ?? 0);
  if (version !== versionBefore) return version > versionBefore;
  return "status" in object || !("status" in before);
}

const inOrder = (known: ReadonlyMap<string, AnyObject>): AnyObject[] =>
  Array.from(known)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, object]) => object);

const placeKey = (log: LogPlace): string =>
  [log.namespace ?? "", log.pod ?? "", log.container ?? "", log.previous === true ? "1" : "0"].join("\0");

const logKey = (log: LogStream): string => `${placeKey(log)}\0${log.name}`;
