import type { Limits } from "../../../base/limits.ts";
import type { CommandOutput } from "../../../evidence/evidence.ts";
import { type Resource, resourceOf, resources } from "../../../evidence/kinds.ts";
import { type JsonMap, mapOf, textOf } from "../json-value.ts";
import { newestTimeOf } from "../newest-time.ts";
import { objectsOf } from "../objects-in.ts";
import { parseDocuments } from "../parse-documents.ts";
import { refusalIn } from "./answers.ts";
import { Asked } from "./asked.ts";
import { Clock, momentOf, momentOfPods } from "./clock.ts";
import { describedEvents } from "./describe-events.ts";
import { endpointsOfService } from "./describe-service.ts";
import { valueOf } from "./describe-tree.ts";
import { type Described, describedObject, splitDescribed } from "./described-object.ts";
import { Drafts } from "./drafts.ts";
import { dateOutputMs, describedTimeMs } from "./durations.ts";
import { type KubectlCommand, parseKubectl } from "./kubectl-command.ts";
import { resourceOfAlias } from "./resource-alias.ts";
import { splitTranscript } from "./split-transcript.ts";
import { eventOfRow, headlessEvents } from "./table-events.ts";
import { objectOfRow } from "./table-objects.ts";
import { readTables } from "./table.ts";
import { type WhatIsAsked, whatIsAsked } from "./what-is-asked.ts";

/** A get or describe command, with what it printed. */
interface Question extends WhatIsAsked {
  /** Position among all commands. */
  readonly place: number;
  readonly kubectl: KubectlCommand;
  readonly output: string;
}

/** Times are counted from here when nothing in a transcript tells the date. */
export const unknownNowMs = Date.UTC(2000, 0, 1);

/** Turns what kubectl printed back into the objects it printed. */
export class TranscriptReader {
  readonly drafts = new Drafts();
  readonly asked = new Asked();
  readonly events: JsonMap[] = [];
  /** `kubectl logs` commands. */
  readonly logs: { readonly kubectl: KubectlCommand; readonly command: string; readonly output: string }[] =
    [];
  /** Everything that is not about objects: systemctl, nc, curl, kubectl exec. */
  readonly commands: CommandOutput[] = [];
  readonly #limits: Limits;
  readonly #clock = new Clock();
  readonly #questions: Question[] = [];
  readonly #described: { readonly place: number; readonly described: Described }[] = [];
  /** Endpoints of which the table shows the first three addresses only. */
  readonly #cut: {
    readonly name: string;
    readonly namespace: string | undefined;
    readonly asked: string | undefined;
  }[] = [];
  #place = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Reads one file of commands; several are read in the order in which they were written. */
  take(text: string): void {
    for (const { command, output } of splitTranscript(text)) {
      const place = this.#place++;
      const kubectl = parseKubectl(command);
      if (/^date\b/.test(command)) this.#clock.note(place, dateOutputMs(output));
      else if (kubectl?.verb === "get")
        this.#questions.push({ place, kubectl, output, ...whatIsAsked(kubectl) });
      else if (kubectl?.verb === "describe")
        this.#takeDescribe({ place, kubectl, output, ...whatIsAsked(kubectl) });
      else if (kubectl?.verb === "logs") this.logs.push({ kubectl, command, output });
      else this.commands.push({ command, output });
    }
  }

  #takeDescribe(question: Question): void {
    const { place, output, resources: asked, names, namespace } = question;
    if (this.#isRefused(question)) return;
    for (const resource of asked) {
      const found = splitDescribed(resource, output, namespace);
      for (const described of found) {
        this.#described.push({ place, described });
        this.#clock.note(place, momentOf(described));
        this.asked.named(resource, described.namespace, [described.name]);
      }
      const isWhole = names.length === 0 && question.kubectl.selector === undefined && asked.length === 1;
      if (isWhole && found.length > 0 && !question.kubectl.isFiltered) this.asked.whole(resource, namespace);
    }
  }

  /**
   * Makes objects of everything taken. Gives the moment the last command ran, `fallbackMs` when no command
   * tells it.
   */
  finish(fallbackMs: number | undefined): number | undefined {
    this.#setClockByPods();
    const lastMs = this.#clock.lastMs() ?? this.#newestShownMs() ?? fallbackMs;
    const nowAt = (place: number): number => this.#clock.at(place) ?? lastMs ?? unknownNowMs;
    for (const question of this.#questions) this.#takeGet(question, nowAt(question.place));
    for (const { place, described } of this.#described) this.#takeDescribed(described, nowAt(place));
    for (const { described } of this.#described) this.#takeEndpointsOf(described);
    this.#dropCutEndpoints();
    return lastMs;
  }

  /** Which addresses the others are is known only when the object was shown in another way too. */
  #dropCutEndpoints(): void {
    for (const { name, namespace, asked } of this.#cut) {
      if (!this.drafts.isOnlyListed("endpoints", name, namespace)) continue;
      this.drafts.drop("endpoints", name, namespace);
      this.asked.notWhole("endpoints", asked, this.drafts.names("endpoints"));
    }
  }

  #setClockByPods(): void {
    const starts = new Map<string, number>();
    for (const { described } of this.#described) {
      const startMs =
        described.resource === "pods"
          ? describedTimeMs(valueOf(described.lines, "Start Time") ?? "")
          : undefined;
      if (startMs !== undefined) starts.set(described.name, startMs);
    }
    for (const { place, resources: asked, output } of this.#questions) {
      if (asked.length === 1 && asked[0] === "pods")
        this.#clock.note(place, momentOfPods(readTables(output).flat(), starts));
    }
  }

  /** Newest moment in a description or in the YAML of an object. */
  #newestShownMs(): number | undefined {
    const described = this.#described.map((one) => describedObject(one.described, undefined) ?? {});
    const whole = this.#questions.filter(isOfObjects).flatMap(({ output }) => this.#objectsIn(output));
    const known = [...described, ...whole].map(newestTimeOf).filter((ms) => ms !== undefined);
    return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
  }

  #objectsIn(output: string): JsonMap[] {
    const { values } = parseDocuments(Buffer.from(output), "transcript", this.#limits);
    return values.flatMap((value) => objectsOf(value));
  }

  #isRefused({ output, resources: asked, names, namespace, kubectl }: Question): boolean {
    const refusal = refusalIn(output);
    if (refusal === undefined) return false;
    for (const resource of asked) {
      if (refusal.kind === "failed") this.asked.failed(resource, namespace, refusal.reason);
      else if (refusal.kind === "not-found") this.asked.named(resource, namespace, refusal.names);
      else if (names.length === 0 && kubectl.selector === undefined && !kubectl.isFiltered)
        this.asked.whole(resource, namespace);
    }
    // Beside the names that were not found there may be texts of those that were.
    return refusal.kind !== "not-found" || !/\nName:/.test(output);
  }

  #takeGet(question: Question, nowMs: number): void {
    const { kubectl, output, resources: asked, names, namespace } = question;
    if (this.#isRefused(question)) return;
    const seen = isOfObjects(question) ? this.#takeObjects(question) : this.#takeRows(question, nowMs);
    const isWhole =
      names.length === 0 && kubectl.selector === undefined && !kubectl.isFiltered && output.trim() !== "";
    for (const resource of asked) {
      if (isWhole && (seen.size > 0 || asked.length > 1)) this.asked.whole(resource, namespace);
      else if (seen.has(resource)) this.asked.named(resource, namespace, [...seen.get(resource)!]);
    }
  }

  #takeObjects({ output, namespace }: Question): Map<Resource, string[]> {
    const seen = new Map<Resource, string[]>();
    for (const object of this.#objectsIn(output)) {
      const resource = resourceOf(textOf(object["kind"]) ?? "", textOf(object["apiVersion"]));
      if (resource === undefined) continue;
      this.#see(seen, resource, textOf(mapOf(object["metadata"])["name"]) ?? "");
      if (resource === "events") this.events.push(object);
      else this.drafts.put("whole", resource, object, namespace);
    }
    return seen;
  }

  #takeRows({ output, resources: asked, namespace }: Question, nowMs: number): Map<Resource, string[]> {
    const seen = new Map<Resource, string[]>();
    if (asked.length === 1 && asked[0] === "events") {
      const titled = readTables(output).flat();
      const rows = titled.some((row) => row["OBJECT"] !== undefined) ? titled : headlessEvents(output);
      const events = rows
        .map((row) => eventOfRow(row, namespace, nowMs))
        .filter((event) => event !== undefined);
      this.events.push(...events);
      if (events.length > 0) seen.set("events", []);
      return seen;
    }
    for (const row of readTables(output).flat()) {
      const typed = /^([a-z.]+)\//.exec(row["NAME"] ?? "")?.[1];
      const resource =
        typed === undefined ? (asked.length === 1 ? asked[0] : undefined) : resourceOfAlias(typed);
      const object = resource === undefined ? undefined : objectOfRow(resource, row, nowMs);
      if (resource === undefined || object === undefined) continue;
      const name = textOf(mapOf(object["metadata"])["name"]) ?? "";
      this.#see(seen, resource, name);
      this.drafts.put("row", resource, object, namespace);
      if (/ \+ \d+ more/.test(row["ENDPOINTS"] ?? ""))
        this.#cut.push({ name, namespace: row["NAMESPACE"] ?? namespace, asked: namespace });
    }
    return seen;
  }

  #see(seen: Map<Resource, string[]>, resource: Resource, name: string): void {
    const names = seen.get(resource);
    if (names === undefined) seen.set(resource, [name]);
    else names.push(name);
  }

  #takeDescribed(described: Described, nowMs: number): void {
    const { resource, name, namespace } = described;
    const object = describedObject(described, nowMs);
    if (object !== undefined) this.drafts.put("described", resource, object, namespace);
    const { kind, namespaced } = resources[resource];
    const about = { kind, name, ...(namespaced && namespace !== undefined ? { namespace } : {}) };
    const events = describedEvents(described.lines, about, nowMs);
    this.events.push(...events);
    if (events.length > 0) this.asked.named("events", namespace ?? "default", []);
  }

  /** Describing a Service shows its ready addresses; used when nothing shows its Endpoints. */
  #takeEndpointsOf({ resource, name, namespace, lines }: Described): void {
    if (resource !== "services" || this.drafts.has("endpoints", name, namespace)) return;
    const endpoints = endpointsOfService(lines);
    if (endpoints === undefined) return;
    this.drafts.put("described", "endpoints", endpoints, namespace);
    this.asked.named("endpoints", namespace, [name]);
  }
}

/** Asked with -o yaml or -o json. */
const isOfObjects = ({ kubectl }: Question): boolean =>
  kubectl.output === "yaml" || kubectl.output === "json";
