// When do EC2 instances cost less than Fargate? Prints the answer for common task sizes, from the plan's price list and the library's instance data:
//   npx ts-node -T scripts/break-even.ts [region]
import { instanceFacts, type TaskNeeds, tasksPerInstance } from "../facts/instances";
import { HOURS, pricesFor } from "../plan/cost/prices";

const prices = pricesFor(process.argv[2] ?? "us-east-1");
/** Two for two zones; GiB of each one's disk. */
const FEWEST = 2;
const DISK = 30;
const MOST_TASKS = 200;

const SIZES = [
  { size: "0.25 vCPU, 0.5 GB", cpu: 256, memory: 512 },
  { size: "0.5 vCPU, 1 GB", cpu: 512, memory: 1024 },
  { size: "1 vCPU, 2 GB", cpu: 1024, memory: 2048 },
];
const INSTANCES = ["t4g.medium", "m7g.large", "t3.medium"];

function compare(instance: string, needs: TaskNeeds) {
  const facts = instanceFacts(instance);
  if (!facts) throw new Error(`${instance} is not in facts/data/instance-types.json`);
  const task =
    ((needs.cpu / 1024) * prices.of(`fargate.vcpu.${facts.architecture}`) +
      (needs.memory / 1024) * prices.of(`fargate.memory.${facts.architecture}`)) *
    HOURS;
  const host = prices.of(`ec2.${instance}`) * HOURS + DISK * prices.of("ebs.gp3");
  const { tasks: perHost, limit } = tasksPerInstance(facts, needs);
  const onEc2 = (tasks: number) => Math.max(FEWEST, Math.ceil(tasks / perHost)) * host;
  // The first number from which on instances are never dearer again.
  let breakEven: number | undefined;
  for (let tasks = MOST_TASKS; tasks > 0 && perHost > 0 && onEc2(tasks) < tasks * task; tasks--) breakEven = tasks;
  return { perHost, limit, breakEven, fargate: 20 * task, ec2: perHost > 0 ? onEc2(20) : undefined };
}

console.log(`USD a month, list prices of ${prices.list.region}, ${prices.list.date}; instances full, on demand, ${FEWEST} at least\n`);
console.log("| task | instance | mode | tasks on one, limited by | cheaper from | 20 tasks: Fargate | EC2 |");
console.log("|---|---|---|---|---|---|---|");
for (const instance of INSTANCES) {
  for (const { size, ...needs } of SIZES) {
    for (const mode of ["awsvpc", "bridge"]) {
      const found = compare(instance, { ...needs, gpus: 0, ownInterface: mode === "awsvpc" });
      const from = found.breakEven === undefined ? "never" : `${found.breakEven} tasks`;
      const [fargate, ec2] = [found.fargate, found.ec2].map((usd) => usd?.toFixed(0) ?? "-");
      console.log(`| ${size} | ${instance} | ${mode} | ${found.perHost}, ${found.limit} | ${from} | ${fargate} | ${ec2} |`);
    }
  }
}
