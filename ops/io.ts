import { isColored } from "../tool/paint";
import { colored } from "../tool/printable";

/** What a verb may touch of the process it runs in. Tests hand in their own. */
export interface Io {
  /** Results: what a script reads. Goes to stdout; the text carries its own line ends. */
  out(text: string): void;
  /** Messages: progress, hints and errors. Goes to stderr. */
  err(text: string): void;
  /** Erases the last so many lines of messages from a terminal. */
  erase(lines: number): void;
  /** Whether stderr is a terminal, so that live redraw makes sense. */
  readonly terminal: boolean;
  /** Whether results and messages may be colored: each for its own stream, because `berth status | less` sends only one of them to a terminal. */
  readonly color: { out: boolean; err: boolean };
  /** Columns of that terminal. */
  readonly width: number;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** From this call on, the first Ctrl-C (or SIGTERM) aborts the signal instead of ending the process; the second ends it. */
  interruption(): AbortSignal;
  exit(code: number): void;
}

export const processIo: Io = {
  out: (text) => {
    if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", leave);
    process.stdout.write(text);
  },
  err: (text) => void process.stderr.write(text),
  erase: (lines) => void process.stderr.write(`\u001b[${lines}A\u001b[0J`),
  get terminal() {
    return isTerminal(process.stderr);
  },
  get color() {
    return { out: isColored(process.stdout), err: isColored(process.stderr) };
  },
  get width() {
    // A terminal without a size says 0.
    return process.stderr.columns || 120;
  },
  env: process.env,
  get cwd() {
    return process.cwd();
  },
  interruption() {
    const controller = new AbortController();
    const abort = () => {
      process.off("SIGINT", abort);
      process.off("SIGTERM", abort);
      controller.abort();
    };
    process.on("SIGINT", abort);
    process.on("SIGTERM", abort);
    return controller.signal;
  },
  exit(code) {
    process.exitCode = code;
  },
};

/** The same, for texts from elsewhere: log lines, reasons and names may color a terminal and do no more to it. */
export function guardedIo(io: Io): Io {
  return Object.assign(Object.create(io) as Io, {
    out: (text: string) => io.out(colored(text)),
    err: (text: string) => io.err(colored(text)),
  });
}

function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env.TERM !== "dumb";
}

/** A reader that closes the pipe (`berth logs --follow | head`) ends the program, with the status that shells use for it. */
function leave(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(141);
  throw error;
}
