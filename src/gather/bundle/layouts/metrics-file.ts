import type { Limits } from "../../../base/limits.ts";
import { metricsName } from "../../../evidence/bundle-format.ts";
import type { Loss } from "../../../evidence/evidence.ts";
import {
  type MetricEvidence,
  metricNames,
  type MetricQuery,
  type MetricSeries,
} from "../../../evidence/metrics.ts";
import { type JsonMap, listOf, mapOf, mapsOf, textOf } from "../json-value.ts";
import { parseDocuments } from "../parse-documents.ts";
import type { SourceFile } from "../source-tree.ts";

/** The metrics in a bundle of ours; what of them cannot be any is left out, and said. */
export function readMetrics(file: SourceFile, limits: Limits, losses: Loss[]): MetricEvidence | undefined {
  const content = file.read();
  const documents =
    content.bytes === undefined ? { values: [] } : parseDocuments(content.bytes, metricsName, limits);
  const problem = content.problem ?? documents.problem;
  if (problem !== undefined) losses.push({ what: metricsName, why: problem });
  const map = mapOf(documents.values[0]);
  const server = textOf(map["server"]);
  const from = momentOf(map["from"]);
  const to = momentOf(map["to"]);
  const stepSeconds = map["stepSeconds"];
  const isWhole = server !== undefined && from !== undefined && to !== undefined;
  if (!isWhole || typeof stepSeconds !== "number" || !(stepSeconds > 0)) {
    if (problem === undefined) losses.push({ what: metricsName, why: "it is no answer of a Prometheus" });
    return undefined;
  }
  const told = mapsOf(map["queries"]);
  const queries = told.flatMap(queryOf);
  if (queries.length < told.length)
    losses.push({ what: metricsName, why: `${told.length - queries.length} entries are no queries` });
  return { server, from, to, stepSeconds, queries };
}

function queryOf(entry: JsonMap): MetricQuery[] {
  const name = metricNames.find((known) => known === entry["name"]);
  if (name === undefined) return [];
  const reason = textOf(entry["reason"]);
  return [
    {
      name,
      expression: textOf(entry["expression"]) ?? "",
      series: mapsOf(entry["series"]).map(seriesOf),
      ...(reason === undefined ? {} : { reason }),
    },
  ];
}

const seriesOf = (entry: JsonMap): MetricSeries => ({
  labels: Object.fromEntries(
    Object.entries(mapOf(entry["labels"])).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string",
    ),
  ),
  points: listOf(entry["points"])
    .filter(isPoint)
    .toSorted(([a], [b]) => a - b),
});

/** A time outside of what a Date can hold would throw where it is written. */
const isPoint = (value: unknown): value is [number, number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === "number" && Number.isFinite(part)) &&
  Math.abs(Number(value[0])) <= 8.64e15;

const momentOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : text;
};
