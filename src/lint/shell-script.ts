import type { Container } from "kubernetes-types/core/v1";
import { shellScript } from "../derive/container-values.ts";
import { items, text } from "../derive/shape.ts";

/** Which shells stay process 1 for a script, with the program as their child, and do not pass SIGTERM on. */
export interface StayingShell {
  readonly script: string;
  /** every: whatever shell it is. dash: that of Debian and Ubuntu, which may be the /bin/sh of an image that is not known. */
  readonly which: "every" | "dash";
}

/**
 * Undefined when the shell makes room for the program, or may pass signals on (trap). With `-c`, dash stays even for a
 * single command; bash from 5.1 on and busybox put the last one in their own place when it is a simple one, bash only when
 * nothing of it is redirected. `test/lint/shells.test.ts` asks the real shells.
 */
export function stayingShell(container: Container): StayingShell | undefined {
  const script = shellScript(container);
  if (script === undefined) return undefined;
  const commands = withoutQuoted(script)
    .split(/\n|;|&&|\|\|/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const last = commands.at(-1) ?? "";
  if (/\btrap\b/.test(script) || /^exec\s/.test(last)) return undefined;
  if (endsBlock.test(last))
    return /\bexec\s+[^\s<>&\d]/.test(script) ? undefined : { script, which: "every" };
  if (/[|&]/.test(last.replace(/[<>]&|&>/g, ""))) return { script, which: "every" };
  const shell = shellOf(container);
  if (shell === "bash") return /[<>]/.test(last) ? { script, which: "every" } : undefined;
  if (shell === "busybox") return undefined;
  return { script, which: "dash" };
}

/** What stands in quotes, in a comment or behind a backslash separates no commands. */
const withoutQuoted = (script: string): string =>
  script
    .replace(/^\s*#.*$/gm, "")
    .replaceAll("\\\n", " ")
    .replace(/"(?:\\.|[^"\\])*"|'[^']*'/gs, '""');

/** fi, done, esac, and the brackets around several commands. */
const endsBlock = /^(fi|done|esac|\}|.*\))$/;

function shellOf(container: Container): "bash" | "busybox" | "sh" {
  const name = items(container.command).map(String)[0] ?? items(container.args).map(String)[0] ?? "";
  if (/(^|\/)bash$/.test(name)) return "bash";
  return /alpine|busybox/.test(text(container.image)) ? "busybox" : "sh";
}

/** Images whose /bin/sh is dash, by their names. */
export const isDebian = ({ image }: Container): boolean =>
  /debian|ubuntu|bookworm|bullseye|buster|trixie|jammy|noble|focal|-slim/.test(text(image));
