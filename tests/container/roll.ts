// A rolling deployment as ECS and the load balancer carry it out, under load.
import { setTimeout as sleep } from "node:timers/promises";
import { Balancer } from "./balancer";
import { type LoadReport, startLoad } from "./load";
import { answers, eventually, memoryPeak, type Stop, type Subject, startTask, stopTask, type Task } from "./task";

export interface Roll {
  load: LoadReport;
  old: Task;
  new: Task;
  /** How the old task ended. */
  stop: Stop;
  /** MiB that the old task had at most. */
  memoryPeak: number;
}

/** Rolls a service of one task from revision 1 to 2; at least `requests` requests are sent meanwhile. */
export async function roll(subject: Subject, requests: number): Promise<Roll> {
  const old = await startTask(subject, "old", { network: "host", environment: { REVISION: "1" } });
  await answers(old);
  const balancer = await Balancer.start(old.url);
  try {
    const load = startLoad(balancer.url);
    await eventually("the old task has a share of the requests", 30, async () => load.answered() >= requests / 4);
    const fresh = await startTask(subject, "new", { network: "host", environment: { REVISION: "2" } });
    await answers(fresh);
    await balancer.register("new", fresh.url);
    await balancer.drain("old");
    await sleep(subject.planned.deregistrationDelay * 1000);
    await balancer.cut("old");
    const peak = await memoryPeak(old);
    const stop = await stopTask(old);
    await eventually(`${requests} requests are answered`, 60, async () => load.answered() >= requests);
    return { load: await load.stop(), old, new: fresh, stop, memoryPeak: peak };
  } finally {
    await balancer.stop();
  }
}
