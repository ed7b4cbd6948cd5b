import fc from "fast-check";
import type {
  ClueReport,
  FindingReport,
  FixReport,
  HopReport,
  ObjectReport,
  Report,
  SymptomReport,
  TargetReport,
} from "../../src/report/report.ts";

/** Reports of every shape the type allows: each optional property there or not, strings of any kind. */

const text = fc.string({ unit: "binary", maxLength: 12 });
const id = fc.constantFrom("oom-killed", "slow-dependency", "no-endpoints-pods-not-ready");
const count = fc.nat({ max: 100_000 });
export const moment = fc
  .date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2030-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** `fc.record` with the named keys sometimes missing, typed as such. */
export const partial = <T, K extends keyof T>(
  model: { [P in keyof T]: fc.Arbitrary<T[P]> },
  optional: readonly K[],
) =>
  fc.record(model, {
    requiredKeys: (Object.keys(model) as (keyof T)[]).filter((key) => !optional.includes(key as K)) as [],
  }) as unknown as fc.Arbitrary<Omit<T, K> & Partial<Pick<T, K>>>;

const object: fc.Arbitrary<ObjectReport> = partial({ kind: text, namespace: text, name: text }, [
  "namespace",
]);

const hop: fc.Arbitrary<HopReport> = partial(
  { hop: text, object, state: fc.constantFrom("ok", "broken", "suspect", "unknown"), note: text },
  ["object"],
);

const clue: fc.Arbitrary<ClueReport> = partial(
  {
    for: fc.boolean(),
    weight: fc.constantFrom("decisive", "strong", "moderate", "weak"),
    text,
    source: text,
    see: text,
  },
  ["see"],
);

const fix: fc.Arbitrary<FixReport> = partial(
  {
    title: text,
    applicability: fc.constantFrom("safe", "unsafe", "display-only"),
    commands: fc.array(text, { maxLength: 2 }),
    patch: fc.record({
      object,
      type: fc.constantFrom("merge", "json", "strategic"),
      body: fc.jsonValue({ maxDepth: 2 }),
    }),
    effect: text,
  },
  ["patch", "effect"],
);

const link = partial({ cause: id, title: text, subject: object }, ["subject"]);
const shared = {
  cause: id,
  title: text,
  hop: fc.constantFrom("pod", "service", "node"),
  clues: fc.array(clue, { maxLength: 3 }),
};

export const anySupported: fc.Arbitrary<FindingReport> = partial(
  {
    ...shared,
    state: fc.constant("supported" as const),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    subject: object,
    share: fc.record({ explained: count, of: count }),
    because: fc.array(link, { minLength: 1, maxLength: 3 }),
    fixes: fc.array(fix, { maxLength: 2 }),
  },
  ["share"],
);

const other: fc.Arbitrary<FindingReport> = fc
  .constantFrom("refuted" as const, "undecided" as const)
  .chain((state) =>
    partial(
      {
        ...shared,
        state: fc.constant(state),
        confidence: state === "refuted" ? fc.constant(0) : fc.double({ min: 0, max: 1, noNaN: true }),
        because: fc.constant([]),
        fixes: fc.constant([]),
        why: text,
        lookAt: text,
      },
      ["why", "lookAt"],
    ),
  );

const symptom: fc.Arbitrary<SymptomReport> = partial(
  {
    counted: fc.boolean(),
    countedBy: fc.constant("metrics" as const),
    requests: count,
    failed: count,
    masked: count,
    codes: fc.dictionary(fc.constantFrom("502", "503", "504", "5xx"), count),
    classes: fc.dictionary(fc.constantFrom("no-endpoint", "connect-refused", "unclassified"), count),
    origin: fc.constantFrom("application", "gateway", "unknown"),
    pattern: fc.constantFrom("constant", "burst", "bursts", "sparse", "none", "unknown"),
    from: moment,
    to: moment,
  },
  ["countedBy", "origin", "from", "to"],
);

export const anyTarget: fc.Arbitrary<TargetReport> = partial(
  {
    target: text,
    alsoAffects: fc.array(text, { maxLength: 2 }),
    status: fc.constantFrom("explained", "partly-explained", "unexplained", "healthy", "undecided"),
    headline: text,
    route: fc.array(hop, { maxLength: 4 }),
    symptom,
    metrics: fc.array(fc.record({ text, source: text }), { maxLength: 2 }),
    findings: fc.array(fc.oneof(anySupported, other), { maxLength: 4 }),
    unknown: fc.array(
      fc.record({ evidence: text, reason: text, wouldDecide: fc.array(id, { maxLength: 3 }) }),
      { maxLength: 2 },
    ),
    next: fc.array(text, { maxLength: 2 }),
  },
  ["metrics"],
);

export const anyReport: fc.Arbitrary<Report> = fc.record({
  schema: fc.constant("why5xx.report/v1" as const),
  tool: fc.record({ version: text }),
  collectedAt: moment,
  source: partial({ kind: text, name: text, origin: fc.record({ kind: text, name: text }) }, ["origin"]),
  targets: fc.array(anyTarget, { maxLength: 3 }),
  losses: fc.array(fc.record({ what: text, why: text }), { maxLength: 2 }),
  scope: fc.record({ routes: count, healthy: count, undecided: count, missing: fc.array(fc.string()) }),
});
