/**
 * `npm run bench:lint-render -- CLONES OUT`: renders what public projects publish, as `sources.json` names it, for
 * `npm run bench:lint -- --real OUT`. CLONES holds a checkout of each as OWNER+NAME. What is rendered is theirs and
 * stays outside of this repository; the judgements of its findings, in `judgements.json`, are ours.
 * Needs `kubectl` and `helm` on the PATH.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseDocument } from "yaml";
import type { RealSource } from "./real.ts";
import sources from "./sources.json" with { type: "json" };

const [clones = "", out = ""] = process.argv.slice(2);
if (clones === "" || out === "") throw new Error("give a folder of clones and a folder to write to");

const largestBytes = 64 * 2 ** 20;
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, {
    encoding: "utf8",
    maxBuffer: largestBytes,
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Some charts ask for a version of Kubernetes, or fetch the schema of their values. */
const helmFlags = ["--kube-version", "1.33.0", "--skip-schema-validation"];

function rendered(source: RealSource): string {
  const from = join(clones, source.repo.replace("/", "+"));
  if (source.kustomize !== undefined) return run("kubectl", "kustomize", join(from, source.kustomize));
  if (source.chart !== undefined) {
    const chart = withNeighbours(join(from, source.chart));
    const set = (source.set ?? []).flatMap((value) => ["--set", value]);
    return run("helm", "template", source.id, chart, "--namespace", "default", ...helmFlags, ...set);
  }
  return (source.files ?? [])
    .flatMap((pattern) => globSync(pattern, { cwd: from }).toSorted())
    .map((file) => readFileSync(join(from, file), "utf8"))
    .join("\n---\n");
}

/** Without a chart registry: charts that it depends on are taken from beside it, the others are left out. */
function withNeighbours(chart: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), "why5xx-chart-")), basename(chart));
  cpSync(chart, copy, { recursive: true, dereference: true });
  const file = join(copy, "Chart.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  const { dependencies = [] } = document.toJS() as { dependencies?: readonly { readonly name: string }[] };
  const found = dependencies.filter(({ name }) => {
    const into = join(copy, "charts", name);
    if (existsSync(into)) return true;
    const neighbour = join(dirname(chart), name);
    if (!existsSync(join(neighbour, "Chart.yaml"))) return false;
    mkdirSync(dirname(into), { recursive: true });
    cpSync(withNeighbours(neighbour), into, { recursive: true });
    return true;
  });
  if (found.length === 0) document.delete("dependencies");
  else document.set("dependencies", found);
  writeFileSync(file, document.toString());
  return copy;
}

mkdirSync(out, { recursive: true });
for (const source of sources as readonly RealSource[]) {
  try {
    writeFileSync(join(out, `${source.id}.yaml`), rendered(source));
  } catch (error) {
    process.stderr.write(
      `${source.id}: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}\n`,
    );
  }
}
