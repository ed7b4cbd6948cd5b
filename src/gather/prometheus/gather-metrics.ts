import type { Evidence, Loss } from "../../evidence/evidence.ts";
import type { MetricEvidence, MetricQuery } from "../../evidence/metrics.ts";
import type { Target } from "../../target/target.ts";
import { listOf } from "../bundle/json-value.ts";
import { askApi, NoAnswer } from "./ask.ts";
import type { PrometheusOptions } from "./options.ts";
import { type AskedQuery, queriesFor } from "./queries.ts";
import { readMatrix } from "./read-matrix.ts";
import { metricScope } from "./scope.ts";
import { type PrometheusServer, prometheusServer } from "./server.ts";

/** Points of one series: a bar of a chart each; Prometheus itself allows 11,000. */
const wantedPoints = 120;
const leastStepSeconds = 1;
const defaultDeadlineMs = 10_000;

/**
 * The evidence with what a Prometheus tells of the objects that the target is about, over the window before its moment
 * of collection: at most one look at what series there are and nine range queries. Whatever is not answered is unknown,
 * and said among the losses.
 * @throws PrometheusProblem when the options cannot be used
 */
export async function withMetrics(
  evidence: Evidence,
  target: Target,
  options: PrometheusOptions,
  progress: (text: string) => void,
): Promise<Evidence> {
  const server = await prometheusServer(options);
  progress(`asking Prometheus at ${server.shown}`);
  const toSeconds = Date.parse(evidence.collectedAt) / 1000;
  const spanSeconds = Math.max(leastStepSeconds, options.sinceMs / 1000);
  const stepSeconds = Math.max(leastStepSeconds, Math.round(spanSeconds / wantedPoints));
  const window: Window = {
    fromSeconds: toSeconds - spanSeconds,
    toSeconds,
    stepSeconds,
    deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
  };
  try {
    const queries = await answers(server, evidence, target, window);
    const metrics: MetricEvidence = {
      server: server.shown,
      from: isoOf(window.fromSeconds),
      to: isoOf(window.toSeconds),
      stepSeconds,
      queries,
    };
    return { ...evidence, metrics, losses: [...evidence.losses, ...lossesOf(server, queries)] };
  } finally {
    server.connection.agent.destroy();
  }
}

interface Window {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
  readonly deadlineMs: number;
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** A rate needs some scrapes, which are half a minute to a minute apart at most places, and all of what is between two looks. */
const rateSeconds = ({ fromSeconds, toSeconds, stepSeconds }: Window): number =>
  Math.max(stepSeconds, toSeconds - fromSeconds <= 600 ? 120 : 240);

async function answers(
  server: PrometheusServer,
  evidence: Evidence,
  target: Target,
  window: Window,
): Promise<MetricQuery[]> {
  const scope = metricScope(evidence, target);
  if (typeof scope === "string") return [unanswered("requests", "", scope)];
  const asked = queriesFor(scope, `${rateSeconds(window)}s`);
  const queries: MetricQuery[] = scope.gatewayKinds
    .filter((kind) => !asked.some((q) => q.exporter === `the metrics of ${kind}`))
    .map((kind) => unanswered("requests", "", `what ${kind} counts is not known here`));
  try {
    const signs = await signsThere(server, asked, window);
    queries.push(...(await Promise.all(asked.map((query) => answer(server, query, signs, window)))));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    queries.push(...asked.map(({ name, expression }) => unanswered(name, expression, error.message)));
  }
  return queries;
}

const unanswered = (name: MetricQuery["name"], expression: string, reason: string): MetricQuery => ({
  name,
  expression,
  series: [],
  reason,
});

/** Names of series that there are; undefined where the server does not tell (a proxy that lets through queries only). */
async function signsThere(
  server: PrometheusServer,
  asked: readonly AskedQuery[],
  window: Window,
): Promise<ReadonlySet<string> | undefined> {
  const signs = [...new Set(asked.flatMap((query) => query.signs))];
  const query = [
    ...signs.map((sign) => ["match[]", sign] as const),
    ["start", String(window.fromSeconds)] as const,
    ["end", String(window.toSeconds)] as const,
  ];
  try {
    const names = await askApi(server, "label/__name__/values", query, window.deadlineMs);
    return new Set(listOf(names).filter((name) => typeof name === "string"));
  } catch (error) {
    if (error instanceof NoAnswer && error.isOfQuery) return undefined;
    throw error;
  }
}

async function answer(
  server: PrometheusServer,
  { name, expression, signs, exporter, isEmptyUnknown }: AskedQuery,
  there: ReadonlySet<string> | undefined,
  window: Window,
): Promise<MetricQuery> {
  const names = signs.map((sign) => sign.replace(/\{.*/, ""));
  if (there !== undefined && !names.some((sign) => there.has(sign)))
    return unanswered(name, expression, `it has no series of ${names[0]}: does it scrape ${exporter}?`);
  try {
    const data = await askApi(
      server,
      "query_range",
      [
        ["query", expression],
        ["start", String(window.fromSeconds)],
        ["end", String(window.toSeconds)],
        ["step", String(window.stepSeconds)],
        ["timeout", `${Math.ceil(window.deadlineMs / 1000)}s`],
      ],
      window.deadlineMs,
    );
    const matrix = readMatrix(data);
    if (matrix === undefined) return unanswered(name, expression, "its answer is no matrix");
    const isSilent = matrix.series.length === 0 && (isEmptyUnknown || there === undefined);
    const reason = isSilent ? "it has no such series of these objects in this window" : matrix.loss;
    return { name, expression, series: matrix.series, ...(reason === undefined ? {} : { reason }) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return unanswered(name, expression, error.message);
  }
}

/** One line for each reason, with all that it keeps from being known, unless that is everything. */
function lossesOf({ shown }: PrometheusServer, queries: readonly MetricQuery[]): Loss[] {
  const byReason = Map.groupBy(
    queries.filter(({ reason }) => reason !== undefined),
    ({ reason }) => reason!,
  );
  return [...byReason].map(([why, told]) => {
    const names = [...new Set(told.map(({ name }) => name))].join(", ");
    return { what: `Prometheus at ${shown}${told.length === queries.length ? "" : ` (${names})`}`, why };
  });
}
