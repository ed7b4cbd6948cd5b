import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, ownerOf } from "../pods.ts";
import { see } from "../see.ts";
import { harm, isAppSide, whileSuffering } from "./harm.ts";

const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /password|authentication|access denied|noauth|wrongpass|unauthorized|permission denied|invalid credentials|28P01|401/i,
    "wrong or missing credentials: compare the Secret with what the dependency expects",
  ],
  [
    /too many (?:connections|clients)|connection slots|max_connections|max number of clients/i,
    "it has no connection left: use a pool, or raise its limit",
  ],
  [/read.?only|READONLY/i, "it is read-only: a replica, or a failover is under way"],
  [
    /does not exist|no such table|unknown database|relation|schema|migration/i,
    "its schema or database is missing: run the migration",
  ],
  [/ssl|tls/i, "it demands (or refuses) TLS"],
];

/**
 * The dependency answers and says no: wrong credentials, no free connection, read-only, a missing
 * schema. The application's log carries its words.
 */
export const dependencyRejectsApplication = defineCause({
  id: "dependency-rejects-application",
  title: "A dependency refuses the application",
  hop: "dependency",
  codes: [500, 502, 503, 504],
  prior: 0.03,
  leadsTo: [
    "crash-loop-backoff",
    "app-emitted-5xx",
    "no-endpoints-pods-not-ready",
    "readiness-probe-too-strict",
    "init-container-failing",
    "liveness-probe-restart-loop",
    "rollout-bad-revision",
  ],
  needs: ["pods", "appLog"],
  helps: ["traffic"],
  weigh({ pods, appLog, traffic }) {
    const refusals = appLog.filter((s) => s.kind === "dependency-refusal");
    const said = whileSuffering(refusals, pods, traffic);
    const sample = said.at(-1);
    if (sample === undefined)
      return refuted(
        speaksAgainst.strong(
          refusals.length === 0
            ? "the application's log tells of no refusal"
            : "the refusals in the application's log are not of the time when requests failed",
          "application log",
        ),
      );
    const suffering = harm(pods, traffic);
    const meaning = meanings.find(([pattern]) => pattern.test(sample.line))?.[1];
    const clues: Clue[] = [
      speaksFor.strong(
        `${sample.peer ?? "the dependency"} refuses (${said.length} lines): ${sample.line.slice(0, 200)}`,
        `log of ${sample.namespace}/${sample.pod}${sample.previous ? ", previous container" : ""}`,
        {
          see: see.logs(
            { kind: "Pod", namespace: sample.namespace, name: sample.pod },
            sample.container,
            sample.previous,
          ),
        },
      ),
      ...suffering,
    ];
    if (suffering.length === 0)
      return undecided(
        "a dependency refused the application at some time; nothing shows that requests failed for it",
        undefined,
        clues,
      );
    const pod = alive(pods)[0] ?? pods[0];
    return {
      state: "supported",
      subject: pod === undefined ? { kind: "Pod", name: sample.pod } : ownerOf(pod),
      clues,
      explains: isAppSide,
      fixes: [
        {
          title:
            meaning === undefined ? "Mend what the dependency complains of" : `Mend what it says: ${meaning}`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
