import type { KubeObject } from "../api-server/stored-object.ts";

/** Programs that images stand for, where they are not Node or a shell. */
const programs: Readonly<Record<string, string>> = {
  "lab/python-server": "python3",
  "lab/nginx": "nginx",
};

/** What this machine must have installed to run the pods of these objects. */
export function programsOf(objects: readonly KubeObject[]): string[] {
  const text = JSON.stringify(objects);
  return Object.entries(programs).flatMap(([image, program]) =>
    text.includes(`"${image}:`) ? [program] : [],
  );
}
