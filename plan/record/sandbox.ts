import { statSync } from "node:fs";
import { dirname } from "node:path";
import { format } from "node:util";
import type { Project } from "../project/project";

/** How long a program may wait for timers, files or the network before the plan gives up on it. */
const IDLE_TIMEOUT_MS = 30_000;
/** After so many turns of the event loop without any news there will be none. */
const QUIET_TURNS = 10;

const LEVELS = ["log", "info", "warn", "error", "debug"] as const;
const EVENTS = ["unhandledRejection", "uncaughtException"] as const;

export interface Spoken {
  severity: "info" | "warning" | "error";
  text: string;
}

/**
 * Lets a program run inside this process as if it had one of its own: in its folder, with its modules fresh, what it prints collected, and the
 * errors that nobody caught with us instead of the process.
 */
export class Sandbox {
  /** In the order in which they happened. */
  readonly failures: unknown[] = [];
  readonly messages: Spoken[] = [];

  private readonly loadedBefore = new Set(Object.keys(require.cache));
  private readonly cwd = process.cwd();
  private readonly console = Object.fromEntries(LEVELS.map((level) => [level, console[level]]));
  private readonly listeners = EVENTS.map((event) => ({ event, listeners: process.rawListeners(event) }));
  private readonly busyBefore = busy();

  constructor(project: Project) {
    process.chdir(statSync(project.main, { throwIfNoEntry: false })?.isFile() ? dirname(project.main) : project.root);
    for (const { event } of this.listeners) {
      process.removeAllListeners(event);
      process.on(event, (error: unknown) => this.failures.push(error));
    }
    for (const level of LEVELS) console[level] = (...args: unknown[]) => this.log(level, format(...args));
  }

  start(program: () => Promise<unknown>): { finished: boolean } {
    const outcome = { finished: false };
    const end = () => {
      outcome.finished = true;
    };
    Promise.resolve()
      .then(program)
      .then(end, (error: unknown) => {
        end();
        this.failures.push(error);
      });
    return outcome;
  }

  /**
   * Waits until nothing happens any more: no request arrives, and nothing that the program began (a timer, a file, a connection) is still under
   * way. Awaiting the program alone would miss what it creates later and hang on a promise that never settles.
   */
  async settle(activity: () => number): Promise<void> {
    const end = Date.now() + IDLE_TIMEOUT_MS;
    for (let quiet = 0, last = -1; quiet < QUIET_TURNS; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const waiting = this.waiting();
      if (waiting.length === 0 && activity() === last) {
        quiet++;
        continue;
      }
      quiet = 0;
      last = activity();
      if (waiting.length > 0 && Date.now() > end) {
        this.failures.push(new Error(`after ${IDLE_TIMEOUT_MS / 1000} seconds it still waits for ${waiting.join(", ")}`));
        return;
      }
    }
  }

  /** Gives the process back as it was. Modules that the program loaded are forgotten, so that the next run starts from the top. */
  close(): void {
    for (const path of Object.keys(require.cache)) {
      if (!this.loadedBefore.has(path) && !path.includes("node_modules")) delete require.cache[path];
    }
    Object.assign(console, this.console);
    for (const { event, listeners } of this.listeners) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener as (...args: unknown[]) => void);
    }
    process.chdir(this.cwd);
  }

  /** pulumi.log speaks through the console when no engine listens, and says of what kind it is. */
  private log(level: (typeof LEVELS)[number], text: string): void {
    const [, kind, own] = text.match(/^(debug|info|warning|error): \[runtime\] (.*)$/s) ?? [];
    if (kind === "debug") return;
    const severity = kind === "warning" || kind === "error" ? kind : level === "warn" && kind === undefined ? "warning" : "info";
    this.messages.push({ severity, text: own ?? text });
  }

  private waiting(): string[] {
    const left = new Map(this.busyBefore);
    return [...busy()].flatMap(([kind, count]) => (count > (left.get(kind) ?? 0) ? [kind] : []));
  }
}

/** What keeps the process alive, by kind. */
function busy(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== "Immediate" && kind !== "TTYWrap" && kind !== "PipeWrap") counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
