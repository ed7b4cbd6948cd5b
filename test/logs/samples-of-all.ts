import { readdirSync } from "node:fs";

/** One file of test/logs/samples: lines of one format. */
export interface Samples {
  readonly name: string;
  readonly lines: readonly string[];
}

const folder = new URL("samples/", import.meta.url);

/** The lines of every format that has samples; a file that is added is found by itself. */
export async function allSamples(): Promise<Samples[]> {
  const found: Samples[] = [];
  for (const file of readdirSync(folder).toSorted()) {
    const { lines } = (await import(new URL(file, folder).href)) as { lines?: unknown };
    if (Array.isArray(lines)) found.push({ name: file.replace(/\.ts$/, ""), lines: lines as string[] });
  }
  return found;
}
