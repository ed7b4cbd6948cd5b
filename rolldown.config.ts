import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";

const outDir = process.env["WHY5XX_OUT_DIR"] ?? "dist";

/** The licences of what is bundled, as most of them ask for. */
const notices: Plugin = {
  name: "third-party-notices",
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    const packages = new Set(
      modules.map((id) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? ""),
    );
    packages.delete("");
    const texts = [...packages].sort().map(noticeOf);
    this.emitFile({
      type: "asset",
      fileName: "THIRD-PARTY-NOTICES.txt",
      source: texts.join(`\n${"-".repeat(80)}\n\n`),
    });
  },
};

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8")}`;
  return `${String(manifest["name"])} ${String(manifest["version"])}, licence: ${String(manifest["license"])}\n${text}`;
}

const labPrograms = [
  "machine/main",
  "load/client-process",
  "images/node-server",
  "gateways/nginx/main",
  "gateways/haproxy/main",
];

/** What the lab reads or runs and is no module of it. */
const labFiles: Plugin = {
  name: "lab-files",
  generateBundle() {
    const files = readdirSync("lab", { recursive: true, encoding: "utf8" });
    for (const path of files.filter((name) => /\.(?:sh|py|lua|json)$/.test(name)).sort())
      this.emitFile({ type: "asset", fileName: `lab/${path}`, source: readFileSync(join("lab", path)) });
  },
};

const executable: Plugin = {
  name: "executable",
  writeBundle() {
    const bin = join(outDir, "why5xx.js");
    if (existsSync(bin)) chmodSync(bin, 0o755);
  },
};

// eslint-disable-next-line import/no-default-export -- rolldown reads the default export
export default defineConfig({
  input: {
    why5xx: "src/cli/main.ts",
    // A thread of its own when logs are scanned (src/gather/log-scan/scan-worker.ts).
    "log-scan-worker": "src/gather/log-scan/worker.ts",
    // Programs of the lab that run in processes of their own (lab/own-file.ts).
    ...Object.fromEntries(labPrograms.map((path) => [`lab-${path.replaceAll("/", "-")}`, `lab/${path}.ts`])),
  },
  platform: "node",
  // Everything is bundled: a start reads one small file, and a command only the chunks it uses.
  output: {
    dir: outDir,
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    // Names stay, so that a stack in a bug report can be read.
    minify: { mangle: false, compress: true, codegen: true },
  },
  plugins: [notices, labFiles, executable],
});
