// Load on loopback that keeps account of every request.
import autocannon from "autocannon";

export interface LoadReport {
  answered: number;
  /** Answers that are not 2xx. */
  wrong: number;
  /** Requests without an answer, by what went wrong. */
  failures: Record<string, number>;
}

export interface Load {
  answered(): number;
  stop(): Promise<LoadReport>;
}

/** Sends requests over `connections` kept connections until it is stopped, or for a minute and a half. */
export function startLoad(url: string, connections = 20): Load {
  const failures: Record<string, number> = {};
  let answered = 0;
  let instance!: autocannon.Instance;
  const finished = new Promise<autocannon.Result>((resolve, reject) => {
    instance = autocannon({ url, connections, duration: 90, timeout: 30 }, (error: Error | null, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  instance.on("response", () => answered++);
  instance.on("reqError", (error: NodeJS.ErrnoException) => {
    const kind = error.code ?? error.message;
    failures[kind] = (failures[kind] ?? 0) + 1;
  });
  return {
    answered: () => answered,
    async stop() {
      instance.stop();
      const { non2xx } = await finished;
      return { answered, wrong: non2xx, failures };
    },
  };
}
