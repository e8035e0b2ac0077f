import { FARGATE_SIZES, nearestOf, parseCpu, parseMemory, showMemory } from "../../../facts/sizes";
import { type Report, resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { type Container, containers, isFargate } from "../../graph/containers";

export default resourceRule({
  name: "ecs-task-definition-size",
  description: "Tasks have valid CPU and memory limits that their containers fit into and use.",
  controls: ["TD-14", "TD-15"],
  reason: "A task without limits starves its neighbors; a container limited to less than its task pays for memory that it cannot use.",
  fix: `cpu: "256", memory: "512" // and no memory on the only container`,
  settings: ofTask("memory: 512 MB"),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    const cpu = task.props.cpu === undefined ? undefined : parseCpu(task.props.cpu);
    const memory = task.props.memory === undefined ? undefined : parseMemory(task.props.memory);
    if (isFargate(task)) checkFargate(cpu, memory, report);
    else if (!(cpu && memory) && containers(task).some((c) => !c.memory))
      report("neither the task nor each of its containers has cpu and memory limits", "set cpu and memory on the task definition");
    checkContainers(containers(task), cpu, memory, report);
  },
});

function checkFargate(cpu: number | undefined, memory: number | undefined, report: Report) {
  if (cpu === undefined || memory === undefined) {
    report("cpu and memory are not both set, and Fargate needs both", "set them");
    return;
  }
  const sizes = FARGATE_SIZES.get(cpu);
  if (!sizes)
    report(`cpu is ${cpu}, which Fargate does not have`, `use one of ${[...FARGATE_SIZES.keys()].join(", ")}`, {
      settings: ofTask("cpu: 0.25 vCPU"),
    });
  else if (!sizes.includes(memory))
    report(`memory is ${memory} MiB, which Fargate does not have with ${cpu} CPU units`, `use one of ${sizes.join(", ")}`, {
      settings: ofTask(`memory: ${showMemory(nearestOf(memory, sizes))}`),
    });
}

function checkContainers(all: Container[], cpu: number | undefined, memory: number | undefined, report: Report) {
  const sum = (key: "cpu" | "memory") => all.reduce((total, c) => total + (c[key] ?? 0), 0);
  if (cpu && sum("cpu") > cpu)
    report(`the containers' cpu adds up to ${sum("cpu")}, and the task has ${cpu}`, "give the task more, or the containers less");
  if (memory && sum("memory") > memory)
    report(
      `the containers' memory adds up to ${sum("memory")} MiB, and the task has ${memory}`,
      "give the task more, or the containers less",
    );
  const [only, ...others] = all;
  if (memory && others.length === 0 && only?.memory && only.memory < memory / 2)
    report(`the only container may use ${only.memory} of the task's ${memory} MiB`, "remove its memory limit or make the task smaller");
}
