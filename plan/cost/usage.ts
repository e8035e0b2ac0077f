import type { Resource } from "../../facts/graph";
import { ENDPOINT, LOAD_BALANCER, NAT_GATEWAY, QUEUE, SCHEDULE, SUBNET, WEB_ACL_ASSOCIATION } from "../../facts/types";
import { collectsFor, containers, logsInCloudWatch } from "../../policy/graph/containers";
import { type Query, text } from "../graph/query";
import type { ServiceFacts } from "../graph/services";
import type { UsageLine } from "../plan-json";
import type { Assumptions } from "../project/assumptions";
import { cents } from "./amounts";
import type { Known } from "./known";
import { HOURS, type Prices } from "./prices";

/** One load balancer unit carries this much; the dimension that needs most of them is billed. */
const LCU = { connectionsPerSecond: 25, gigabytesPerHour: 1 };
/** Gigabytes to the internet that are free in a month. */
const FREE_EGRESS = 100;
/** Traces that are free in a month. */
const FREE_TRACES = 100_000;
/** A message is sent, received and deleted. */
const REQUESTS_OF_A_MESSAGE = 3;
/** Requests to queues that are free in a month. */
const FREE_QUEUE_REQUESTS = 1_000_000;
const KILOBYTES = 1024 * 1024;

/** What use adds to the idle cost, under the stack's assumptions. */
export function usageOf(graph: Query, services: readonly ServiceFacts[], prices: Prices, given: Assumptions, known: Known): UsageLine[] {
  const lines: UsageLine[] = [];
  const add = (what: string, assumption: string, monthly: number) => lines.push({ what, assumption, monthly: cents(monthly) });
  // What a network load balancer carries is no request.
  const balancers = graph.ofType(LOAD_BALANCER).filter(({ inputs }) => text(inputs.loadBalancerType) !== "network").length;
  const gigabytes = (given.requests * given.requestKilobytes) / KILOBYTES;
  if (balancers > 0) {
    const units = Math.max(given.requests / (HOURS * 3600) / LCU.connectionsPerSecond, gigabytes / HOURS / LCU.gigabytesPerHour);
    const volume = `${short(given.requests)} requests of ${given.requestKilobytes} kB`;
    add(
      "load balancer units",
      balancers === 1 ? volume : `${volume} to each of ${balancers}`,
      balancers * units * HOURS * prices.of("alb.lcu"),
    );
    const out = balancers * gigabytes;
    add(
      "traffic to the internet",
      `${round(out)} GB, of which ${FREE_EGRESS} GB are free`,
      Math.max(0, out - FREE_EGRESS) * prices.of("transfer.internet"),
    );
  }
  const guarded = graph.ofType(WEB_ACL_ASSOCIATION).length;
  if (guarded > 0)
    add("web ACL", `${short(guarded * given.requests)} requests`, (guarded * given.requests * prices.of("waf.requests")) / 1_000_000);
  if (services.length > 0) {
    const servicesWhose = (holds: (task: ServiceFacts["task"]) => boolean) =>
      services.filter(({ task, resource }) => known.of(resource, () => [holds(task)])[0]).length;
    const logs = servicesWhose((task) => !task || logsInCloudWatch(task)) * given.logGigabytes;
    if (logs > 0) add("logs", `${round(logs)} GB written`, logs * prices.of("logs.ingest"));
    const traces = servicesWhose((task) => task !== undefined && containers(task).some((one) => collectsFor("xray", one))) * given.requests;
    if (traces > 0) {
      const paid = Math.max(0, traces - FREE_TRACES) / 1_000_000;
      add("traces", `${short(traces)}, of which ${short(FREE_TRACES)} are free`, paid * prices.of("xray.traces"));
    }
    const zones = graph.ofType(SUBNET).flatMap((subnet) => known.of(subnet, () => [text(subnet.inputs.availabilityZone)]));
    if (new Set(zones).size > 1) {
      add(
        "traffic between zones",
        `${round(given.crossZoneGigabytes)} GB each way`,
        2 * given.crossZoneGigabytes * prices.of("transfer.zone"),
      );
    }
  }
  if (graph.ofType(NAT_GATEWAY).length > 0)
    add("traffic through NAT", `${round(given.natGigabytes)} GB`, given.natGigabytes * prices.of("nat.gb"));
  else if (graph.ofType(ENDPOINT).some((endpoint) => known.of(endpoint, () => [isInterface(endpoint)])[0]))
    add("traffic through endpoints", `${round(given.natGigabytes)} GB`, given.natGigabytes * prices.of("endpoint.gb"));
  if (graph.ofType("aws:ecr/repository:Repository").length > 0)
    add("images", `${round(given.imageGigabytes)} GB kept`, given.imageGigabytes * prices.of("ecr.stored"));
  const fileSystems = graph.ofType("aws:efs/fileSystem:FileSystem").length;
  if (fileSystems > 0) {
    const files = fileSystems * given.fileGigabytes;
    add("files", `${round(files)} GB kept`, files * prices.of("efs.stored"));
  }
  const queues = graph.ofType(QUEUE).filter((queue) => !isForDeadLetters(graph, queue));
  if (queues.length > 0) {
    const all = queues.length * given.messages;
    const price = queues.reduce((sum, { inputs }) => sum + prices.of(inputs.fifoQueue === true ? "sqs.requests.fifo" : "sqs.requests"), 0);
    const paid = Math.max(0, REQUESTS_OF_A_MESSAGE * all - FREE_QUEUE_REQUESTS);
    add("queues", `${short(all)} messages; ${short(FREE_QUEUE_REQUESTS)} requests are free`, ((paid / 1_000_000) * price) / queues.length);
  }
  return lines;
}

/** Whether a queue is there for what another one, or a schedule, could not get rid of. */
const isForDeadLetters = (graph: Query, queue: Resource): boolean =>
  graph.using(queue, "redrivePolicy", QUEUE).length > 0 || graph.using(queue, "target", SCHEDULE).length > 0;

function isInterface({ inputs }: Resource): boolean {
  return text(inputs.vpcEndpointType) === "Interface";
}

function round(amount: number): number {
  return Math.round(amount * 10) / 10;
}

function short(amount: number): string {
  return amount >= 1_000_000 ? `${round(amount / 1_000_000)} million` : String(amount);
}
