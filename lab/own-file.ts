import { fileURLToPath } from "node:url";

/**
 * Path of a file of the lab, named as below `lab/`: a program that runs in a process of its own, or data. The sources
 * run where they are; in the published bundle, whose chunks all lie in one folder, a module is an entry named
 * "lab-machine-main.js" and other files are below `lab/` (rolldown.config.ts).
 */
export function ownFile(path: string): string {
  if (import.meta.url.endsWith(".ts")) return fileURLToPath(new URL(path, import.meta.url));
  const name = path.endsWith(".ts") ? `lab-${path.slice(0, -3).replaceAll("/", "-")}.js` : `lab/${path}`;
  return fileURLToPath(new URL(name, import.meta.url));
}
