import { commonFlags, type FlagName, type FlagValues } from "./flags.ts";

/** Every command once, as data: dispatch, help, completion and the README are made from it. */
export interface Command {
  /** After the command's name: "[TARGET]". */
  readonly operands: string;
  readonly mostOperands: number;
  /** What to say when fewer are given; absent when none is needed. */
  readonly missing?: string;
  readonly summary: string;
  /** Paragraphs of its help. */
  readonly text: readonly string[];
  readonly flags: readonly FlagName[];
  /** Flags whose values the command checks itself, as they mean something else in one of its parts. */
  readonly ownChoices?: readonly FlagName[];
  readonly examples: readonly Example[];
  /** Loaded when it runs, so that no command pays for another. */
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** `command` without the program's name in front. */
interface Example {
  readonly text: string;
  readonly command: string;
}

export interface Call {
  readonly values: FlagValues;
  readonly operands: readonly string[];
  /** How the program was called: "why5xx" or "kubectl why5xx". */
  readonly program: string;
}

/** Does the work, prints, and gives the exit code. */
type Run = (call: Call) => Promise<number>;

const clusterFlags = [
  "since",
  "namespace",
  "all-namespaces",
  "context",
  "kubeconfig",
  "as",
  "timeout",
] as const;
const targetText =
  "TARGET is a URL (https://shop.example.com/cart), HOST/PATH, ingress/NAME or service/NAME. Without one every route in scope is looked at and the broken ones are told.";

export const commands = {
  diagnose: {
    operands: "[TARGET]",
    mostOperands: 1,
    summary: "Say which cause produced the 502, 503 or 504, with proof. The default command.",
    text: [
      targetText,
      "Reads the cluster of the current context, or with --from what was collected before. It only reads: no Secret is fetched and nothing is changed.",
    ],
    flags: ["from", "access-log", "error-log", ...clusterFlags, "output", "verbose"],
    examples: [
      { text: "Why does this URL fail?", command: "https://shop.example.com/cart" },
      { text: "Every route of a namespace", command: "-n shop" },
      { text: "A bundle somebody sent", command: "--from support-bundle.tar.gz" },
      {
        text: "With the gateway's log from elsewhere",
        command: "shop.example.com/cart --access-log access.log --error-log error.log",
      },
      { text: "For an incident channel", command: "ingress/cart -n shop -o markdown" },
    ],
    load: () => import("./diagnose.ts"),
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
      "from",
      "access-log",
      "error-log",
      "change",
      "manifests",
      "apply",
      "yes",
      "no-verify",
      "rollback",
      "connect-to",
      "url",
      "method",
      "rps",
      "for",
      "before",
      "during",
      "insecure",
      ...clusterFlags,
      "output",
      "verbose",
    ],
    ownChoices: ["output"],
    examples: [
      { text: "What would mend it?", command: "fix shop.example.com/cart" },
      { text: "Make the change, and prove that it helped", command: "fix shop.example.com/cart --apply" },
      { text: "In the YAML that is deployed from", command: "fix shop.example.com/cart --manifests deploy/" },
      { text: "A patch file", command: "fix shop.example.com/cart -o patch > cart.json" },
      { text: "Take it back", command: "fix --rollback" },
    ],
    load: () => import("./fix.ts"),
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
    flags: [
      "from",
      "access-log",
      "error-log",
      "connect-to",
      "url",
      "method",
      "rps",
      "for",
      "before",
      "during",
      "insecure",
      "yes",
      ...clusterFlags,
      "output",
      "verbose",
    ],
    ownChoices: ["output"],
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
    ],
    load: () => import("./verify.ts"),
  },
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
    load: () => import("./logs.ts"),
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
      "namespace",
      "all-namespaces",
      "context",
      "kubeconfig",
      "as",
      "timeout",
      "output",
      "verbose",
    ],
    ownChoices: ["output"],
    examples: [
      { text: "A folder of manifests", command: "lint k8s/" },
      { text: "A chart as it would be installed", command: "lint - < rendered.yaml" },
      { text: "Everything in the cluster", command: "lint -A" },
      { text: "For code scanning", command: "lint k8s/ -o sarif" },
      { text: "Only what is new", command: "lint k8s/ --baseline why5xx-baseline.json" },
      { text: "Mend what can be mended without a decision", command: "lint k8s/ --fix" },
    ],
    load: () => import("./lint.ts"),
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
    examples: [
      { text: "One route", command: "ladder shop.example.com/cart" },
      { text: "From manifests or a bundle", command: "ladder ingress/cart --from k8s/" },
    ],
    load: () => import("./ladder.ts"),
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
    flags: ["from", ...clusterFlags, "verbose"],
    examples: [
      { text: "What one route needs", command: "bundle incident.tar.gz shop.example.com/cart" },
      { text: "And later, anywhere", command: "--from incident.tar.gz" },
    ],
    load: () => import("./bundle.ts"),
  },
  explain: {
    operands: "CAUSE",
    mostOperands: 20,
    missing: "Name a cause, or a word to search for: explain 504.",
    summary: "Print the page of a cause: what it is, how to see it, how to fix it. Or search the pages.",
    text: [
      "Works without a cluster and without a network. Words that are no cause's id are searched for in all pages. The id of a rule of lint says why it matters.",
    ],
    flags: [],
    examples: [
      { text: "One cause", command: "explain keepalive-idle-race" },
      { text: "Which causes give a 504?", command: "explain 504" },
      { text: "Search", command: "explain connection refused" },
    ],
    load: () => import("./explain.ts"),
  },
  causes: {
    operands: "",
    mostOperands: 0,
    summary: "List every cause that can be found.",
    text: [],
    flags: ["output"],
    examples: [{ text: "For a program", command: "causes -o json" }],
    load: () => import("./causes.ts"),
  },
  lab: {
    operands: "WHAT [FAULT]",
    mostOperands: 2,
    missing: "Say what to do: lab list, run FAULT, up [FAULT], down, record FAULT -o DIR, fix, or score.",
    summary: "Make a cause happen in a small cluster of real processes on this machine, and diagnose it.",
    text: [
      "WHAT is list, run, up, down, record, fix or score. Linux only, without any rights: user, network and process namespaces of its own, pods that are processes, nginx or HAProxy as the gateway. What is not installed is named.",
      "run FAULT: brings the cluster up, sends traffic, does the damage, prints what the clients saw and the live diagnosis beside the truth, then mends it and shows that the failures stop. Under two minutes. Exit code 1 when the verdict is not the truth or failures go on.",
      "up [FAULT]: leaves it running until Ctrl-C (or lab down elsewhere), and prints a kubeconfig and a URL for kubectl and curl.",
      "fix: makes each fault happen, lets fix --apply mend it, and sends its traffic again: did the change help, and did verify say so? With --wrong pods are restarted instead, which mends nothing.",
      "record FAULT -o DIR: keeps the run as a case: its bundle and what is to be found in it. score: runs many and prints how right the verdicts were; with --keep DIR it keeps each run, with --from DIR it judges those that were kept. Its exit code is 1 when a verdict is not the truth, 2 when a run broke down or its fault made nothing fail.",
    ],
    flags: ["seed", "gateway", "seeds", "faults", "parallel", "wrong", "keep", "from", "output", "verbose"],
    ownChoices: ["output"],
    examples: [
      { text: "What can go wrong here?", command: "lab list" },
      { text: "See one happen", command: "lab run keepalive-idle-race --seed 7" },
      { text: "A cluster to poke at", command: "lab up wrong-target-port-number --gateway haproxy" },
      { text: "Keep a run", command: "lab record app-emitted-5xx -o corpus/lab-app-emitted-5xx" },
      {
        text: "How right are the verdicts?",
        command: "lab score --faults app-emitted-5xx,keepalive-idle-race --seeds 3",
      },
    ],
    load: () => import("./lab.ts"),
  },
  schema: {
    operands: "[NAME]",
    mostOperands: 1,
    summary: "Print the JSON Schema of the report (-o json), or of what another command prints.",
    text: [
      "NAME is report (the default), logs, lint, ladder, fix, applied (of fix --apply and --rollback) or verify.",
    ],
    flags: [],
    examples: [
      { text: "Keep it beside what reads reports", command: "schema > why5xx-report.schema.json" },
      { text: "Of logs -o json", command: "schema logs > why5xx-logs.schema.json" },
    ],
    load: () => import("./schema.ts"),
  },
  completion: {
    operands: "bash|zsh|fish",
    mostOperands: 1,
    missing: "Name a shell: bash, zsh or fish.",
    summary: "Print a completion script for a shell.",
    text: [],
    flags: [],
    examples: [{ text: "In ~/.bashrc", command: "completion bash" }],
    load: () => import("./completion.ts"),
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as CommandName[];

export const isCommand = (word: string): word is CommandName => Object.hasOwn(commands, word);

/** The command's own flags, then those that every command takes. */
export const flagsOf = (name: CommandName): FlagName[] => [
  ...(commands[name] as Command).flags,
  ...commonFlags,
];
