import type { Command } from "../command.ts";
import { printedAs } from "../flags.ts";

/** What needs no cluster. */
export const referenceCommands = {
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
    load: () => import("../explain.ts"),
  },
  causes: {
    operands: "",
    mostOperands: 0,
    summary: "List every cause that can be found.",
    text: [],
    flags: ["output"],
    own: { output: printedAs("text", "json") },
    examples: [{ text: "For a program", command: "causes -o json" }],
    load: () => import("../causes.ts"),
  },
  lab: {
    operands: "WHAT [FAULT]",
    mostOperands: 2,
    missing: "Say what to do: lab list, run FAULT, up [FAULT], down, record FAULT -o DIR, fix, or score.",
    summary: "Make a cause happen in a small cluster of real processes on this machine, and diagnose it.",
    text: [
      "WHAT is list, run, up, down, record, fix or score. Linux only, without any rights: user, network and process namespaces of its own, pods that are processes, nginx or HAProxy as the gateway. What is not installed is named.",
      "run FAULT: brings the cluster up, sends traffic, does the damage, prints what the clients saw and the live diagnosis beside the truth, then mends it and shows that the failures stop. Under two minutes. Exit code 1 when the verdict is not the truth or failures go on.",
      "up [FAULT]: leaves it running until Ctrl-C (or lab down elsewhere), and prints a kubeconfig and a URL for kubectl and curl. With --metrics also a Prometheus that scrapes its exporters, for diagnose --prometheus and for trying alerts.",
      "fix: makes each fault happen, lets fix --apply mend it, and sends its traffic again: did the change help, and did verify say so? With --wrong pods are restarted instead, which mends nothing.",
      "record FAULT -o DIR: keeps the run as a case: its bundle and what is to be found in it. score: runs many and prints how right the verdicts were; with --keep DIR it keeps each run, with --from DIR it judges those that were kept. Its exit code is 1 when a verdict is not the truth, 2 when a run broke down or its fault made nothing fail.",
    ],
    flags: [
      "seed",
      "gateway",
      "seeds",
      "faults",
      "parallel",
      "metrics",
      "wrong",
      "keep",
      "from",
      "output",
      "verbose",
    ],
    own: {
      output: {
        value: "FORMAT|DIR",
        text: "What is printed: text or json; of record the folder that the case is written to. Default text.",
      },
    },
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
    load: () => import("../lab.ts"),
  },
  schema: {
    operands: "[NAME]",
    mostOperands: 1,
    summary: "Print the JSON Schema of the report (-o json), or of what another command prints.",
    text: [
      "NAME is report (the default), logs, lint, ladder, fix, applied (of fix --apply and --rollback), verify, probe, load or incident (of report).",
    ],
    flags: [],
    examples: [
      { text: "Keep it beside what reads reports", command: "schema > why5xx-report.schema.json" },
      { text: "Of logs -o json", command: "schema logs > why5xx-logs.schema.json" },
    ],
    load: () => import("../schema.ts"),
  },
  completion: {
    operands: "bash|zsh|fish",
    mostOperands: 1,
    missing: "Name a shell: bash, zsh or fish.",
    summary: "Print a completion script for a shell.",
    text: [],
    flags: [],
    examples: [{ text: "In ~/.bashrc", command: "completion bash" }],
    load: () => import("../completion.ts"),
  },
} as const satisfies Readonly<Record<string, Command>>;
