import { type Report, resourceRule } from "../../engine/define";
import { type Container, containers, isFargate } from "../../graph/containers";

// The memory in MiB that Fargate has for each number of CPU units.
const fargateSizes: Record<number, number[]> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
};

export default resourceRule({
  name: "ecs-task-definition-size",
  description: "Tasks have CPU and memory limits that exist, and that their containers fit and use.",
  controls: ["TD-14", "TD-15"],
  reason:
    "A task without limits starves its neighbours; a container limited to less than its task has pays for memory that it cannot reach.",
  fix: `cpu: "256", memory: "512" // and no memory on the only container`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const cpu = units(task.props.cpu, "vcpu");
    const memory = units(task.props.memory, "gb");
    if (isFargate(task)) checkFargate(cpu, memory, report);
    else if (!(cpu && memory) && containers(task).some((c) => !c.memory))
      report("neither the task nor each of its containers has cpu and memory limits", "set cpu and memory on the task definition");
    checkContainers(containers(task), cpu, memory, report);
  },
});

function checkFargate(cpu: number | undefined, memory: number | undefined, report: Report) {
  if (cpu === undefined || memory === undefined) {
    report("cpu and memory are not both set", "Fargate needs both");
    return;
  }
  const sizes = fargateSizes[cpu];
  if (!sizes) report(`cpu is ${cpu}`, `Fargate has ${Object.keys(fargateSizes).join(", ")}`);
  else if (!sizes.includes(memory)) report(`memory is ${memory} MiB`, `with ${cpu} CPU units Fargate has ${sizes.join(", ")}`);
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

function checkContainers(all: Container[], cpu: number | undefined, memory: number | undefined, report: Report) {
  const sum = (key: "cpu" | "memory") => all.reduce((total, c) => total + (c[key] ?? 0), 0);
  if (cpu && sum("cpu") > cpu) report(`the containers' cpu adds up to ${sum("cpu")}`, `the task has ${cpu}`);
  if (memory && sum("memory") > memory) report(`the containers' memory adds up to ${sum("memory")} MiB`, `the task has ${memory}`);
  const [only] = all;
  if (memory && all.length === 1 && only.memory && only.memory < memory / 2)
    report(`the only container may use ${only.memory} of the task's ${memory} MiB`, "remove its memory limit or make the task smaller");
}

/** `"1024"`, `"1 vCPU"` and `"2 GB"` as CPU units and MiB. */
function units(text: string | undefined, big: "vcpu" | "gb"): number | undefined {
  if (text === undefined) return undefined;
  const factor = String(text).toLowerCase().includes(big) ? 1024 : 1;
  return Number.parseFloat(text) * factor;
}
