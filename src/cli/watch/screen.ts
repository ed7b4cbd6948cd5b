import { visible } from "../../base/text.ts";
import type { TerminalStyle } from "../../base/terminal.ts";
import { type LiveView, liveBlock, liveLine } from "../../render/watch-live.ts";

/** Where the watching is seen: standard error, so that standard output has the report alone. */
export interface Screen {
  /** Called every second or so. */
  show(view: LiveView): void;
  /** Something happened. */
  tell(atMs: number, text: string): void;
  end(): void;
}

export interface ScreenSink {
  readonly write: (text: string) => void;
  readonly isTty: boolean;
  readonly rows: number;
  readonly style: TerminalStyle;
}

export const openScreen = (sink: ScreenSink): Screen => (sink.isTty ? redrawn(sink) : appended(sink));

/** One block, drawn over itself; it goes away at the end. */
function redrawn({ write, rows, style }: ScreenSink): Screen {
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? "" : `\u001b[${drawn}A\u001b[0J`);
  return {
    show: (view) => {
      const text = liveBlock(view, style, rows - 1);
      write(erase() + text);
      drawn = text.split("\n").length - 1;
    },
    tell: () => {},
    end: () => {
      write(erase());
      drawn = 0;
    },
  };
}

const everySeconds = 10;
/** Rollouts of a hundred pods are told by their counts. */
const mostTold = 10;

/** A line every ten seconds, and one for each change, where they are few. */
function appended({ write, style }: ScreenSink): Screen {
  let nextSeconds = everySeconds;
  let told = 0;
  let untold = 0;
  return {
    show: (view) => {
      if (view.passedSeconds < nextSeconds) return;
      nextSeconds = (Math.floor(view.passedSeconds / everySeconds) + 1) * everySeconds;
      if (untold > 0) write(`          and ${untold} more changes\n`);
      told = 0;
      untold = 0;
      write(liveLine(view, style));
    },
    tell: (atMs, text) => {
      if (told >= mostTold) {
        untold += 1;
        return;
      }
      told += 1;
      write(`${new Date(atMs).toISOString().slice(11, 19)}  ${visible(text)}\n`);
    },
    end: () => {},
  };
}
