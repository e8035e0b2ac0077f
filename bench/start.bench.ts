import { setTimeout as sleep } from "node:timers/promises";
import { docker, removeContainers, whyNoDocker } from "../tests/container/docker";
import { buildSample, type Sample } from "../tests/container/sample";
import { freePort, startTask } from "../tests/container/task";
import { interleave, median, ratio, seconds, targetLine } from "./measure";

export const title = "The sample's image on one vCPU: from the start of its process to the first 200, against node -e with the same route";

const NODE = `require("http").createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ message: "Hello from Amazon ECS" }));
}).listen(process.env.PORT)`;

export async function run(report: (line: string) => void, { runs }: { runs: number }): Promise<void> {
  const missing = whyNoDocker();
  if (missing) return report(`  left out: ${missing}.`);
  const sample = await buildSample();
  try {
    report(`  base image: ${sample.base.description}`);
    const times = await interleave({ image: () => timeToFirst200(sample), node: () => timeToFirst200(sample, ["node", "-e", NODE]) }, runs);
    const [image, node] = [median(times.image), median(times.node)];
    report(`  node -e${seconds(node).padStart(29)}`);
    report(targetLine("image", image / 1000, { atMost: 0.5 }, (value) => seconds(value * 1000)));
    report(`  image / node -e${ratio(image / node).padStart(21)}`);
  } finally {
    await removeContainers();
  }
}

/** Milliseconds on the machine's clock, which is Docker's too. The limits are the dev stack's but for the CPU. */
async function timeToFirst200({ image, planned }: Sample, command?: string[]): Promise<number> {
  const subject = { image, planned: { ...planned, task: { ...planned.task, cpu: "1024" } } };
  const port = String(await freePort());
  // Asked from before the start on: the docker command returns later than the process is up.
  const [answered, { name }] = await Promise.all([
    first200(`http://127.0.0.1:${port}`),
    startTask(subject, "start", { network: "host", environment: { PORT: port }, command }),
  ]);
  return answered - Date.parse((await docker("inspect", "--format", "{{.State.StartedAt}}", name)).stdout);
}

/** When it came, on the clock. */
async function first200(url: string): Promise<number> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(1)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return Date.now();
  }
  throw new Error(`${url} did not answer within 30 s.`);
}
