import { ownFile } from "../own-file.ts";
import type { Program, ProgramOf } from "./program.ts";

const beside = (file: string): string => ownFile(`images/${file}`);

const images: Readonly<Record<string, Program>> = {
  "lab/node-server": { file: process.execPath, args: ["--no-warnings", beside("node-server.ts")] },
  "lab/python-server": { file: "python3", args: ["-u", beside("python-server.py")] },
  "lab/nginx": { file: "/bin/sh", args: [beside("nginx.sh")] },
  "lab/shell": { file: "/bin/sh", args: [] },
};

/** Versions of an image all run the same program: a rollout needs another tag, not another server. */
export const programOf: ProgramOf = (image) => {
  const match = /^(lab\/[a-z-]+):\d[\w.-]*$/.exec(image);
  return match === null ? undefined : images[match[1] ?? ""];
};
