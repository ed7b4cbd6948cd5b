import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** One program that answers, or a part of it: failed requests per minute and upstream, with totals. */
export interface Tool {
  readonly name: string;
  /** Kinds of log that it is asked for: extensions of the generated files. */
  readonly reads: readonly string[];
  /** The command for a file; a reason when the tool cannot be had here. */
  command(path: string): readonly string[] | { readonly missing: string };
}

const program = fileURLToPath(new URL("../../dist/why5xx.js", import.meta.url));

export const ours: Tool = {
  name: "why5xx logs",
  reads: ["log", "log.gz", "json", "alb.log"],
  command: (path) =>
    existsSync(program)
      ? [process.execPath, program, "logs", path, "-o", "json"]
      : { missing: "dist/why5xx.js is not built: npm run build" },
};

const has = (name: string): boolean => spawnSync(name, ["--version"]).error === undefined;

/** From Debian's packages, when the machine has apt and the right to use it. */
function installed(name: string, inPackage = name): boolean {
  if (has(name)) return true;
  spawnSync("apt-get", ["install", "-y", inPackage], { stdio: "ignore", timeout: 120_000 });
  return has(name);
}

/** The field numbers hold for lines without spaces in their quoted fields' place before the status: the generator's. */
const awk = String.raw`{ n = split($0, q, "\""); split(q[3], s, " "); split(q[7], u, /[][]/); m = substr($4, 2, 17); total[u[2]]++; if (s[1] >= 500) failed[m " " u[2]]++ } END { for (k in failed) print k, failed[k]; for (k in total) print k, total[k] }`;

export const mawk: Tool = {
  name: "mawk",
  reads: ["log"],
  command: (path) => (installed("mawk") ? ["mawk", awk, path] : { missing: "no mawk here" }),
};

export const ripgrep: Tool = {
  name: "ripgrep, count of 5xx lines only",
  reads: ["log"],
  command: (path) =>
    installed("rg", "ripgrep") ? ["rg", "-c", '" 5[0-9][0-9] ', path] : { missing: "no ripgrep here" },
};

export const goaccess: Tool = {
  name: "goaccess, its own report",
  reads: ["log"],
  command: (path) =>
    installed("goaccess")
      ? [
          "goaccess",
          path,
          "--no-global-config",
          '--log-format=%h - %^ [%d:%t %^] "%r" %s %b "%R" "%u" %^ %T [%v] %^',
          "--date-format=%d/%b/%Y",
          "--time-format=%H:%M:%S",
          "-o",
          "json",
        ]
      : { missing: "no goaccess here" },
};

const query = (path: string): string => `
import { DuckDBInstance } from "@duckdb/node-api";
const db = await DuckDBInstance.create(":memory:");
const connection = await db.connect();
const result = await connection.runAndReadAll(String.raw\`
  WITH l AS (SELECT regexp_extract(line, '\\[([^\\]]{17})[^"]*"[^"]*" (\\d{3}) .* \\[([^\\]]*)\\] \\[', ['minute', 'status', 'upstream']) AS f
    FROM read_csv(${JSON.stringify(path).replaceAll('"', "'")}, columns = {'line': 'VARCHAR'}, header = false, delim = '\\x01', quote = '', escape = '', auto_detect = false))
  SELECT f.minute, f.upstream, count(*), count(*) FILTER (f.status >= '500') FROM l GROUP BY ALL\`);
console.log(result.currentRowCount);
`;

export function duckdb(folder: string): Tool {
  let reason: string | undefined;
  let isReady = false;
  const prepare = (): void => {
    if (isReady || reason !== undefined) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const { status, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "@duckdb/node-api"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 300_000,
    });
    if (status === 0) isReady = true;
    else reason = `@duckdb/node-api cannot be installed: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  };
  return {
    name: "DuckDB",
    reads: ["log"],
    command(path) {
      prepare();
      if (reason !== undefined) return { missing: reason };
      const script = join(folder, "query.js");
      writeFileSync(script, query(path));
      return [process.execPath, script];
    },
  };
}
