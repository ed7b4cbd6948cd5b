/**
 * `npm run bench:lint`: over the recorded clusters in which nothing was wrong, which rules speak and how
 * often; then time and memory over a cluster of 5,000 Ingresses and 20,000 pods, or as many as are named.
 * `npm run bench:lint -- --real DIR`: what it says of public charts, rendered by `bench/lint-real/render.ts`, against
 * the judgements in `bench/lint-real/judgements.json`.
 */
import { evidenceOf, frozenCases } from "../corpus/frozen-cases.ts";
import { lint } from "../src/lint/lint.ts";
import { lintRules } from "../src/lint/rules.ts";
import { realFigures } from "./lint-real/figures.ts";
import type { Severity } from "../src/report/lint-report.ts";
import { syntheticCluster } from "./synthetic-cluster.ts";

const severities: readonly Severity[] = ["error", "warning", "note"];

async function alarms(): Promise<string[]> {
  const spoke = new Map<string, Set<string>>();
  const worst = { error: 0, warning: 0, note: 0 };
  const healthy = frozenCases().filter((c) => c.expect.causes.length === 0);
  for (const frozen of healthy) {
    // oxlint-disable-next-line no-await-in-loop -- one bundle in memory at a time
    const report = lint(await evidenceOf(frozen), lintRules, { names: [frozen.id] });
    for (const severity of severities) if (report.counts[severity] > 0) worst[severity] += 1;
    for (const { rule, severity } of report.findings) {
      const key = `${severity} ${rule}`;
      spoke.set(key, (spoke.get(key) ?? new Set()).add(frozen.id));
    }
  }
  return [
    `${healthy.length} recorded clusters with no cause to find: an error in ${worst.error}, a warning in ${worst.warning}, a note in ${worst.note}`,
    ...[...spoke]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, ids]) => {
        const some = ids.size <= 3 ? `: ${[...ids].join(", ")}` : "";
        return `${String(ids.size).padStart(5)}  ${key}${some}`;
      }),
  ];
}

function speed(ingresses: number, pods: number): string {
  // A namespace has one Ingress: as many namespaces, with one Service each.
  const evidence = syntheticCluster({
    namespaces: ingresses,
    servicesPerNamespace: 1,
    podsPerService: Math.ceil(pods / ingresses),
  });
  const beforeBytes = process.memoryUsage().heapUsed;
  const startMs = performance.now();
  const report = lint(evidence, lintRules, { names: ["synthetic"] });
  const tookMs = performance.now() - startMs;
  const addedMb = (process.memoryUsage().heapUsed - beforeBytes) / 1e6;
  return `${ingresses} Ingresses, ${pods} pods: ${report.findings.length} findings in ${(tookMs / 1000).toFixed(2)} s, heap +${addedMb.toFixed(0)} MB, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB resident with the objects`;
}

const [first = "5000", second = "20000"] = process.argv.slice(2);
const lines =
  first === "--real"
    ? await realFigures(second)
    : [...(await alarms()), "", speed(Number(first), Number(second))];
process.stdout.write(`${lines.join("\n")}\n`);
