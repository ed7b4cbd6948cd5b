import fc from "fast-check";
import type { LogsReport } from "../../src/report/logs-report.ts";
import { anySupported, anyTarget, moment, partial } from "./arbitrary-report.ts";

/** Reports of logs of every shape that the type allows. */

const text = fc.string({ unit: "binary", maxLength: 12 });
const count = fc.nat({ max: 100_000 });
const counts = (...keys: string[]) => fc.dictionary(fc.constantFrom(...keys), count);
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

export const anyLogsReport: fc.Arbitrary<LogsReport> = partial(
  {
    schema: fc.constant("why5xx.logs/v1" as const),
    tool: fc.record({ version: text }),
    source: partial({ files: few(text), beside: fc.record({ kind: text, name: text }) }, ["beside"]),
    lines: fc.record({
      total: count,
      access: count,
      error: count,
      other: count,
      unrecognised: count,
      repeated: count,
    }),
    formats: counts("ingress-nginx", "aws-alb"),
    window: fc.record({ from: moment, to: moment }),
    requests: fc.record({
      total: count,
      failed: count,
      aborted: count,
      byStatus: counts("200", "502", "504"),
      byOrigin: counts("gateway", "application", "unknown"),
    }),
    stations: few(
      fc.record({
        station: fc.constantFrom("gateway", "load-balancer"),
        requests: count,
        failed: count,
        byStatus: counts("200", "502"),
      }),
    ),
    attempts: fc.record({
      total: count,
      failed: count,
      masked: count,
      byClass: counts("connect-refused", "truncated"),
    }),
    series: few(
      fc.record({ from: moment, seconds: fc.constant(60), requests: count, failed: counts("502") }),
    ).map((rows) => rows.sort((a, b) => (a.from < b.from ? -1 : 1))),
    upstreams: few(
      fc.record({ address: text, attempts: count, failed: count, byClass: counts("truncated") }),
    ),
    moreUpstreams: count,
    services: few(fc.record({ name: text, requests: count, failed: count, masked: count })),
    paths: few(fc.record({ template: text, requests: count, failed: count })),
    clients: fc.record({
      maxError: count,
      keys: few(fc.record({ client: text, requests: count, failed: count })),
    }),
    patterns: few(
      partial(
        {
          kind: text,
          text,
          failures: count,
          of: count,
          p: fc.double({ min: 0, max: 1, noNaN: true }),
        },
        ["p"],
      ),
    ),
    targets: few(anyTarget),
    findings: few(fc.tuple(anySupported, text).map(([finding, target]) => ({ ...finding, target }))),
    attribution: few(
      fc.record({
        target: text,
        of: count,
        unexplained: count,
        states: few(
          partial(
            {
              state: text,
              pod: fc.record({ kind: text, namespace: text, name: text }),
              attempts: fc.integer({ min: 1, max: 1000 }),
              example: fc.record({ at: moment, text, source: text }),
            },
            ["pod"],
          ),
        ),
      }),
    ),
    unrecognised: few(fc.record({ line: text, stream: text })),
    losses: few(fc.record({ what: text, why: text })),
  },
  ["window"],
);
