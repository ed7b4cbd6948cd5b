import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Evidence } from "../../src/evidence/evidence.ts";

/** Writes evidence as a folder: why5xx-bundle.json, objects/RESOURCE.json and logs/. */
export async function freeze(evidence: Evidence, dir: string): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  const { objects, logs, ...rest } = evidence;
  const put = (path: string, data: string | Uint8Array): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), data);
  };
  for (const [resource, list] of Object.entries(objects)) {
    put(`objects/${resource}.json`, `[\n${list.map((o) => JSON.stringify(o)).join(",\n")}\n]\n`);
  }
  const described = logs.map(({ bytes, ...stream }, i) => {
    if (bytes === undefined) return stream;
    const path = `logs/${String(i).padStart(3, "0")}-${stream.pod ?? "file"}.log`;
    put(path, bytes);
    return { ...stream, path };
  });
  put(
    "why5xx-bundle.json",
    `${JSON.stringify({ schema: "why5xx.bundle/v1", ...rest, logs: described }, null, 1)}\n`,
  );
}
