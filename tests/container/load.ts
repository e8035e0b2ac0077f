// Load on loopback that keeps account of every request.
import autocannon from "autocannon";

export interface LoadReport {
  answered: number;
  /** Requests without an answer by what went wrong, and answers that are not 2xx by their status. */
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
  const failed = (kind: string) => {
    failures[kind] = (failures[kind] ?? 0) + 1;
  };
  instance.on("response", (_, status) => {
    answered++;
    if (status < 200 || status > 299) failed(String(status));
  });
  instance.on("reqError", (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
  return {
    answered: () => answered,
    async stop() {
      instance.stop();
      await finished;
      return { answered, failures };
    },
  };
}
