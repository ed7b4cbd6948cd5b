import type { Command } from "../command.ts";
import { clusterFlags, metricFlags, printedAs, requestFlags, sourceFlags } from "../flags.ts";
import { targetText } from "./target-text.ts";

/** From a failing request to one that is mended. */
export const incidentCommands = {
  diagnose: {
    operands: "[TARGET]",
    mostOperands: 1,
    summary: "Say which cause produced the 502, 503 or 504, with proof. The default command.",
    text: [
      targetText,
      "Reads the cluster of the current context, or with --from what was collected before. It only reads: no Secret is fetched and nothing is changed.",
    ],
    flags: [...sourceFlags, ...metricFlags, ...clusterFlags, "output", "verbose"],
    own: { output: printedAs("text", "json", "markdown", "html", "sarif") },
    examples: [
      { text: "Why does this URL fail?", command: "https://shop.example.com/cart" },
      { text: "Every route of a namespace", command: "-n shop" },
      { text: "A bundle somebody sent", command: "--from support-bundle.tar.gz" },
      {
        text: "With the gateway's log from elsewhere",
        command: "shop.example.com/cart --access-log access.log --error-log error.log",
      },
      {
        text: "With what Prometheus saw in the last two hours",
        command: "shop.example.com/cart --prometheus http://127.0.0.1:9090 --since 2h",
      },
      { text: "For an incident channel", command: "ingress/cart -n shop -o markdown" },
      { text: "As a page", command: "shop.example.com/cart -o html > diagnosis.html" },
    ],
    load: () => import("../diagnose.ts"),
  },
  fix: {
    operands: "[TARGET]",
    mostOperands: 1,
    summary: "Print the change that mends it: a diff, a command and a patch; or make it, and take it back.",
    text: [
      targetText,
      "Nothing is changed without --apply or --manifests. --apply makes one change: the first of the likeliest cause, or the one that --change names. It is tried at the API server and shown before you are asked; the state before is kept in $XDG_STATE_HOME/why5xx/journal (~/.local/state), and fix --rollback [ID] takes it back, unless somebody has changed the same field since. Then the failing request is sent again, as verify does.",
    ],
    flags: [
      ...sourceFlags,
      "change",
      "manifests",
      "apply",
      "yes",
      "no-verify",
      "rollback",
      ...requestFlags,
      ...clusterFlags,
      "output",
      "verbose",
    ],
    own: { output: printedAs("text", "json", "patch") },
    examples: [
      { text: "What would mend it?", command: "fix shop.example.com/cart" },
      { text: "Make the change, and prove that it helped", command: "fix shop.example.com/cart --apply" },
      { text: "In the YAML that is deployed from", command: "fix shop.example.com/cart --manifests deploy/" },
      { text: "A patch file", command: "fix shop.example.com/cart -o patch > cart.json" },
      { text: "Take it back", command: "fix --rollback" },
    ],
    load: () => import("../fix.ts"),
  },
  verify: {
    operands: "TARGET",
    mostOperands: 1,
    missing: "Say which route: verify shop.example.com/cart.",
    summary: "Send the failing request again until it is clear whether it still fails.",
    text: [
      "Sends the request that failed most in the gateway's log, at a steady pace, and compares how often it fails with how often it did: an exact test on the counts. Says fixed, not fixed, or cannot tell yet and how many requests that would take.",
      "Only GET and HEAD are sent unless --method says otherwise. Addresses that are neither private nor what TARGET names need --yes. Exit code 0: fixed, 1: not fixed, 2: cannot tell.",
    ],
    flags: [...sourceFlags, ...requestFlags, "yes", ...clusterFlags, "output", "verbose"],
    own: { output: printedAs("text", "json") },
    examples: [
      { text: "Is it mended?", command: "verify shop.example.com/cart" },
      {
        text: "Through a port-forward of the gateway",
        command: "verify shop.example.com/cart --connect-to 127.0.0.1:8080",
      },
      {
        text: "Against what a bundle says of the time before",
        command: "verify shop.example.com/cart --from before.tar.gz --connect-to 10.0.0.7:80",
      },
      {
        text: "A fault that comes when pods are replaced",
        command: 'verify shop.example.com/cart --during "rollout restart deployment/cart"',
      },
      {
        text: "A fault that strikes connections the application closes after 5 s",
        command: "verify shop.example.com/cart --idle 5s --method POST",
      },
    ],
    load: () => import("../verify.ts"),
  },
  watch: {
    operands: "TARGET",
    mostOperands: 1,
    missing: "Say which route: watch shop.example.com/cart.",
    summary: "Keep an eye on a route after a deploy, and say whether it went well.",
    text: [
      "Shows requests and failures, pods, endpoints, restarts and the rollout as they change, then a verdict: fine, failing, or cannot tell. Requests are counted in the gateway's log as it grows, against those before the change; pods that are gone by the end are known from having been watched, so each failure is laid against what its pod was going through.",
      "It only reads, and sends no request: with no traffic there is nothing to tell (load sends some). Ctrl-C ends it early, with the verdict so far. Exit code 0: fine, 1: failing, 2: cannot tell.",
    ],
    flags: [
      "for",
      "max-5xx",
      "save",
      "since",
      "namespace",
      "context",
      "kubeconfig",
      "as",
      "timeout",
      "output",
      "verbose",
    ],
    own: { for: { text: "Watch for this long. Default 5m." }, output: printedAs("text", "json", "markdown") },
    examples: [
      { text: "After a deploy, in a pipeline", command: "watch shop.example.com/cart --for 5m" },
      { text: "For the pull request", command: "watch ingress/cart -n shop --for 10m -o markdown" },
      {
        text: "To look into it later, without the cluster",
        command: "watch shop.example.com/cart --save deploy.tar.gz",
      },
    ],
    load: () => import("../watch.ts"),
  },
  load: {
    operands: "URL",
    mostOperands: 1,
    missing: "Say what to ask for: load https://shop.example.com/cart.",
    summary: "Send requests at a steady pace, count what fails, and say what each failure is due to.",
    text: [
      "Is a rollout really without downtime? Each request is sent when it is due, whatever became of those before, and latency counts from then. Where the cluster of the context serves URL, its pods, endpoints and events are watched meanwhile and the gateway's log is read afterwards: each failure is laid against what its pod was going through, and it is measured for how long the gateway still sends to pods that were deleted, which is what a preStop hook has to outlast.",
      "Only GET is sent unless --method says otherwise. Addresses that are neither private nor the cluster's need --yes. Ctrl-C ends it early, with the result so far. Exit code 0: the limits held, 1: they did not, 2: it could not be told.",
    ],
    flags: [
      "rps",
      "duration",
      "during",
      "idle",
      "connect-to",
      "method",
      "header",
      "insecure",
      "max-time",
      "max-5xx",
      "max-p99",
      "k6",
      "yes",
      "namespace",
      "context",
      "kubeconfig",
      "as",
      "timeout",
      "output",
      "verbose",
    ],
    own: {
      rps: { text: "Requests a second, from 0.1 to 1000. Default 20." },
      during: {
        text: 'Replace the pods meanwhile, after a few seconds of load: "rollout restart deployment/web".',
      },
      idle: {
        text: "Beside the steady load, leave connections idle for these times before each request: 5s,60s. Eight at once for the shortest, eight more for each longer.",
      },
      method: { text: "Send this method. Default GET; others than GET and HEAD may change something." },
      yes: { text: "Send to addresses that are neither private nor the cluster's." },
      output: printedAs("text", "json", "markdown"),
    },
    examples: [
      {
        text: "Does a rollout lose requests?",
        command: 'load https://shop.example.com/cart --during "rollout restart deployment/cart"',
      },
      {
        text: "Does a connection that rested for 5 s or a minute lose them?",
        command: "load https://shop.example.com/cart --idle 5s,60s --duration 5m --method POST",
      },
      {
        text: "In a pipeline, through a port-forward of the gateway",
        command:
          "load http://shop.example.com/cart --connect-to 127.0.0.1:8080 --max-5xx 0.1% --max-p99 800ms",
      },
      { text: "The same for k6", command: "load https://shop.example.com/cart --rps 50 --k6 > load.js" },
    ],
    load: () => import("../load.ts"),
  },
  report: {
    operands: "[TARGET]",
    mostOperands: 1,
    summary: "Write the incident report: impact, timeline, causes, evidence, fix, follow-ups, whom to call.",
    text: [
      targetText,
      "The page is one file without scripts: it opens offline, prints, and follows light and dark. Its picture lays the failed requests over the lives of the pods. -o markdown is for a channel, an issue or a wiki; -o json for programs, in the shape that the command schema incident prints. The same evidence gives the same bytes.",
      "Who is called, and when, is written down by you (--escalation); without it the report says what is to be filled in. Exit codes are those of diagnose: 1 when a cause was found.",
    ],
    flags: ["verified", "escalation", ...sourceFlags, ...metricFlags, ...clusterFlags, "output", "verbose"],
    own: { output: printedAs("html", "markdown", "json") },
    examples: [
      { text: "A page to send", command: "report shop.example.com/cart > incident.html" },
      {
        text: "From a bundle that was kept when it happened",
        command: "report shop.example.com/cart --from incident.tar.gz > incident.html",
      },
      { text: "For the channel", command: "report shop.example.com/cart -o markdown" },
      {
        text: "With the proof that the fix helped",
        command: "report shop.example.com/cart --from before.tar.gz --verified verified.json > incident.html",
      },
    ],
    load: () => import("../report.ts"),
  },
} as const satisfies Readonly<Record<string, Command>>;
