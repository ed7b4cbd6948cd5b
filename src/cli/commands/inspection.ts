import type { Command } from "../command.ts";
import { clusterFlags, connectionFlags, metricFlags, printedAs } from "../flags.ts";
import { targetText } from "./target-text.ts";

/** One kind of evidence looked at, or kept. */
export const inspectionCommands = {
  logs: {
    operands: "FILE..",
    mostOperands: 1000,
    missing: "Name the log files, a folder of them, or - for standard input.",
    summary: "Say from gateway logs alone who made each 502, 503 and 504, how, where and when.",
    text: [
      "FILE is a log, plain or packed (.gz, .zst, .bz2), a tar of logs, a folder, or - for standard input. Formats are recognised line by line: ingress-nginx and any other nginx, Traefik, HAProxy, Envoy (Istio, Envoy Gateway, Contour), Kong, APISIX, AWS ALB and NLB, Google Cloud, Azure, Cloudflare; and so is what kubectl, stern, docker, Loki and CloudWatch put around them. Give the error log too: it tells a refused connection from a closed one.",
      "With --from the objects of a bundle are read beside the logs, and each failure is laid against what its pod was going through. Memory stays the same however large the logs are.",
    ],
    flags: [
      "format",
      "since",
      "until",
      "host",
      "path",
      "service",
      "status",
      "from",
      "follow",
      "output",
      "verbose",
    ],
    own: { output: printedAs("text", "json", "markdown") },
    examples: [
      { text: "Access and error log of one gateway", command: "logs access.log error.log" },
      {
        text: "A rotated pile, the last evening only",
        command: "logs /var/log/nginx --since 2026-11-20T18:00Z",
      },
      { text: "From a cluster", command: "logs - < controller.log" },
      {
        text: "A log_format of one's own",
        command: `logs access.log --format '$remote_addr [$time_local] "$request" $status $upstream_addr'`,
      },
      { text: "For a program", command: "logs access.log.gz -o json" },
    ],
    load: () => import("../logs.ts"),
  },
  probe: {
    operands: "URL",
    mostOperands: 1,
    missing: "Say what to ask for: probe https://shop.example.com/cart.",
    summary: "Send one request to each hop of the way, and say between which two the failing layer is.",
    text: [
      "URL is asked as a client does (DNS, TCP, TLS, HTTP), then at the gateway's address, and, where the cluster of the context serves it, at the gateway's pods and at each pod of the route by port-forward. HOST/PATH and ingress/NAME are taken too. At each hop: how long each phase took, which certificate was shown, and who made the status. What could not be asked is told.",
      "Only GET or HEAD is sent, once to each hop. Port-forwards need the right to get and create pods/portforward, which deploy/clusterrole-probe.yaml grants. Exit code 0: no hop fails, 1: a layer fails, 2: it could not be told.",
    ],
    flags: [
      "connect-to",
      "method",
      "insecure",
      "max-time",
      "no-cluster",
      ...connectionFlags,
      "output",
      "verbose",
    ],
    own: { output: printedAs("text", "json", "markdown") },
    examples: [
      { text: "Which layer makes the 503?", command: "probe https://shop.example.com/cart" },
      {
        text: "A name that does not lead to the gateway yet",
        command: "probe https://shop.example.com/cart --connect-to 10.0.0.7:443",
      },
      { text: "Without a cluster", command: "probe https://shop.example.com/cart --no-cluster" },
      { text: "For an incident channel", command: "probe https://shop.example.com/cart -o markdown" },
    ],
    load: () => import("../probe.ts"),
  },
  lint: {
    operands: "[PATH..]",
    mostOperands: 1000,
    summary: "Find what would make requests fail, in manifests or in the cluster, before it happens.",
    text: [
      "PATH is a folder or a file of YAML or JSON, - for standard input (helm template . | why5xx lint -), or a bundle. Without one the cluster is read: a namespace with -n, all with -A. The rules are the same for both. They follow the way of a request: every port and name from the route to the container, the timers of each hop against the next, and what happens to requests while pods start, stop, move and scale.",
      "What is not among the manifests may still exist, so a name that leads out of them is no finding.",
      'An annotation why5xx.dev/ignore: "RULE, RULE" on an object leaves findings out, with the reason in why5xx.dev/ignore-reason; a file .why5xx.yaml does it for many (ignore: [{rule, object, reason}]).',
    ],
    flags: [
      "fail-on",
      "fix",
      "baseline",
      "write-baseline",
      "config",
      ...connectionFlags,
      "output",
      "verbose",
    ],
    own: { output: printedAs("text", "json", "sarif", "junit", "github") },
    examples: [
      { text: "A folder of manifests", command: "lint k8s/" },
      { text: "A chart as it would be installed", command: "lint - < rendered.yaml" },
      { text: "Everything in the cluster", command: "lint -A" },
      { text: "For code scanning", command: "lint k8s/ -o sarif" },
      { text: "Only what is new", command: "lint k8s/ --baseline why5xx-baseline.json" },
      { text: "Mend what can be mended without a decision", command: "lint k8s/ --fix" },
    ],
    load: () => import("../lint.ts"),
  },
  ladder: {
    operands: "[TARGET]",
    mostOperands: 1,
    summary: "Draw the timers of a route from the client inwards, and name those in the wrong order.",
    text: [
      targetText,
      "Each value comes with where it was read: an annotation, a ConfigMap, arguments, the environment, or the documented default. What cannot be known is shown as ?, and a value that something unread could change is marked with ~. Exit code 1: two hops are in the wrong order.",
    ],
    flags: ["from", ...clusterFlags, "output", "verbose"],
    own: { output: printedAs("text", "json") },
    examples: [
      { text: "One route", command: "ladder shop.example.com/cart" },
      { text: "From manifests or a bundle", command: "ladder ingress/cart --from k8s/" },
    ],
    load: () => import("../ladder.ts"),
  },
  rules: {
    operands: "",
    mostOperands: 0,
    summary: "Print Prometheus alert rules, or a Grafana dashboard, for the cluster's ingress controllers.",
    text: [
      "The controllers are looked for in the cluster, or with --from in a bundle or manifests; --controller names them, and then nothing is read. Each alert says what to type and which page of a cause to read.",
      "Alerts: the share of requests answered with a 5xx uses up what --slo allows too fast (several windows, by Service); answers that time out; connections that fail; a Service without ready endpoints; pods below their disruption budget; readiness that flaps; containers killed for memory or started anew; an autoscaler at its maximum; a rollout that is stuck; configuration that a gateway rejects; certificates that end; metrics that are missing. Few or no requests alert nobody.",
      "Needs kube-state-metrics, and the controller's own metrics. docs/alerts.md lists what each alert reads.",
    ],
    flags: [
      "controller",
      "slo",
      "runbook-url",
      "format",
      "dashboard",
      "from",
      ...connectionFlags,
      "output",
      "verbose",
    ],
    own: {
      format: {
        choices: ["prometheus", "operator"],
        text: "What the rules are written for: prometheus (a file of rules) or operator (a PrometheusRule). Default prometheus.",
      },
      output: {
        choices: ["yaml", "json"],
        text: "What is printed: yaml or json. Default yaml, of a dashboard json.",
      },
    },
    examples: [
      { text: "For the controllers of this cluster", command: "rules" },
      { text: "Without a cluster", command: "rules --controller ingress-nginx --slo 99.95" },
      {
        text: "For Prometheus Operator",
        command: "rules --controller ingress-nginx --format operator",
      },
      { text: "The dashboard", command: "rules --controller ingress-nginx --dashboard" },
    ],
    load: () => import("../rules.ts"),
  },
  bundle: {
    operands: "OUT [TARGET]",
    mostOperands: 2,
    missing: "Say where to write it: a folder, or a file that ends in .tar.gz.",
    summary: "Save what a diagnosis would read, to diagnose it elsewhere with --from.",
    text: [
      targetText,
      "Secrets are never read, and what looks like a credential is blanked out before it is written.",
    ],
    flags: ["from", ...metricFlags, ...clusterFlags, "verbose"],
    examples: [
      { text: "What one route needs", command: "bundle incident.tar.gz shop.example.com/cart" },
      { text: "And later, anywhere", command: "--from incident.tar.gz" },
    ],
    load: () => import("../bundle.ts"),
  },
} as const satisfies Readonly<Record<string, Command>>;
