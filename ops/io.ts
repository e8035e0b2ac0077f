/** What a verb may touch of the process it runs in. Tests hand in their own. */
export interface Io {
  /** Data: what a script reads. Goes to stdout; the text carries its own line ends. */
  out(text: string): void;
  /** Talk: progress, hints and errors. Goes to stderr. */
  err(text: string): void;
  /** Whether stderr is a terminal, so that colour and live redraw make sense. */
  readonly terminal: boolean;
  /** Columns of that terminal. */
  readonly width: number;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** From this call on, the first Ctrl-C (or SIGTERM) aborts the signal instead of ending the process; the second ends it. */
  interruption(): AbortSignal;
  exit(code: number): void;
}

export const processIo: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  get terminal() {
    return process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  },
  get width() {
    return process.stderr.columns ?? 120;
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
