import * as pulumi from "@pulumi/pulumi";
import { isTold } from "../../facts/made-up";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import { type Location, locate } from "../base/location";
import { type ArgumentsOf, flag, group, input, list, oneOf, optional, pattern, type Rule } from "../base/schema";
import { besideStack, StackOutputs, stackReference } from "../base/stack-outputs";
import { type NetworkLike, zonesComplaint } from "./network-like";

type Tasks = "private" | "public";

/** Arguments of `Network.existing`: ids, or a stack to read them from. */
export interface ExistingNetworkArgs extends ComponentArgs {
  /** Id of the VPC (`vpc-...`). Required unless `stack` is given; no default. */
  vpcId?: pulumi.Input<string>;
  /** Ids of public subnets, for an internet-facing load balancer and for `tasks: public`: at least two, in two zones. Defaults to none. */
  publicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Ids of private subnets, for tasks (unless `tasks: public`), instances and an internal load balancer: at least two, in two zones, with a route to ECR. Defaults to none. */
  privateSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** A stack (`organization/project/stack`) whose outputs of these names replace the ids; a stack of Berth has them. Defaults to none. */
  stack?: string;
  /** Where the tasks run; `public` gives each task a public IP. Defaults to what the stack exports, or `private`. */
  tasks?: Tasks;
  /**
   * Whether its subnets have addresses of IPv6 beside those of IPv4 (`ipv6CidrBlock`): the load balancer then answers on both, and tasks may connect by both.
   * Defaults to false.
   */
  ipv6?: boolean;
}

const subnets = () => optional(input(list(input(pattern(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f67890")))));
export const existingNetwork = {
  ...common,
  vpcId: optional(input(pattern(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC", "vpc-0a1b2c3d4e5f67890"))),
  publicSubnetIds: subnets(),
  privateSubnetIds: subnets(),
  stack: optional(stackReference()),
  tasks: optional(oneOf("private", "public")),
  ipv6: optional(flag(), false),
} satisfies ArgumentsOf<ExistingNetworkArgs>;

const SUBNETS = ["publicSubnetIds", "privateSubnetIds"] as const;
type Subnets = (typeof SUBNETS)[number];
const IDS = ["vpcId", ...SUBNETS] as const;
/** The ids come from one place, and are all that the tasks need. */
export const oneSource: Rule<Pick<typeof existingNetwork, (typeof IDS)[number] | "stack" | "tasks">> = {
  about: [...IDS, "stack", "tasks"],
  at: "stack",
  complain: ({ tasks, ...given }) => {
    if (given.stack !== undefined) return besideStack(IDS, given);
    const [needed, instead] =
      tasks === "public" ? (["publicSubnetIds", "leave tasks out"] as const) : (["privateSubnetIds", "set tasks: public"] as const);
    if (given.vpcId === undefined) return [{ at: "vpcId", text: `it is missing; give vpcId and ${needed}, or a stack that exports them.` }];
    return given[needed] === undefined
      ? [
          {
            at: needed,
            text: `it is missing, and the tasks run there; give the ids, or ${instead} to run them in ${tasks === "public" ? "private" : "public"} ones.`,
          },
        ]
      : undefined;
  },
};
const SCHEMA = group(existingNetwork, oneSource);

/** Who stands in these subnets, beside the tasks. */
const USERS: Record<Subnets, string> = {
  publicSubnetIds:
    "a load balancer that is reached from the internet stands there; give the ids, or set internal: true on the load balancer.",
  privateSubnetIds: "instances and an internal load balancer stand there; give the ids.",
};

/** A VPC that something else made. Nothing in it is changed; it is only checked. */
export class ExistingNetwork extends Component<typeof existingNetwork> implements NetworkLike {
  readonly location: Location;
  readonly vpcId: pulumi.Output<string>;
  readonly publicZones?: number;
  readonly taskSubnetIds: pulumi.Output<string[]>;
  readonly assignPublicIp: boolean | pulumi.Output<boolean>;
  readonly ready: pulumi.Resource[] = [];
  readonly ipv6?: pulumi.Resource[];
  private readonly stack?: StackOutputs;
  private readonly subnets: Partial<Record<Subnets, pulumi.Output<string[]>>> = {};

  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingNetwork", name, SCHEMA, args, opts);
    this.location = locate(this);
    // Its routes are there.
    if (this.args.ipv6) this.ipv6 = [];
    if (this.args.stack !== undefined) this.stack = new StackOutputs(this.args.stack, this, this.refuse);
    this.vpcId = pulumi.output(this.stack ? this.stack.get<string>("vpcId") : this.args.vpcId!);
    if (Array.isArray(this.args.publicSubnetIds)) this.publicZones = this.args.publicSubnetIds.length;
    const tasks = this.args.tasks ?? this.stack?.find<Tasks>("tasks") ?? "private";
    this.assignPublicIp = typeof tasks === "string" ? tasks === "public" : tasks.apply((exported) => exported === "public");
    // What is given is checked, whether somebody uses it or not.
    for (const key of SUBNETS) if (this.args[key] !== undefined) this.subnetsOf(key);
    const ofTasks = (isPublic: boolean) => this.subnetsOf(isPublic ? "publicSubnetIds" : "privateSubnetIds");
    this.taskSubnetIds = typeof this.assignPublicIp === "boolean" ? ofTasks(this.assignPublicIp) : this.assignPublicIp.apply(ofTasks);
    this.registerOutputs({ vpcId: this.vpcId, taskSubnetIds: this.taskSubnetIds });
  }

  /** The public subnets. Throws a UserError where none are given. */
  get publicSubnetIds(): pulumi.Output<string[]> {
    return this.subnetsOf("publicSubnetIds");
  }

  /** The private subnets. Throws a UserError where none are given. */
  get privateSubnetIds(): pulumi.Output<string[]> {
    return this.subnetsOf("privateSubnetIds");
  }

  /** What another stack needs to use the network, as far as it is known here. */
  get shared() {
    const tasks = pulumi.output(this.assignPublicIp).apply((isPublic) => (isPublic ? "public" : "private"));
    return { vpcId: this.vpcId, ...this.subnets, tasks };
  }

  /** The first subnet of each zone. Where the plan makes up the zones, each subnet is in one of its own. */
  subnetsOfZones(zones: number, refuse: (text: string) => never): pulumi.Output<string[]> {
    return pulumi.all([this.taskSubnetIds, this.vpcId]).apply(async ([ids, vpcId]) => {
      const subnets = await Promise.all(ids.map((id) => aws.ec2.getSubnet({ id, vpcId }, { parent: this })));
      if (ids.length >= zones && subnets.some((subnet) => !isTold(subnet, "availabilityZone"))) return ids;
      const isFirst = ({ availabilityZone: zone }: (typeof subnets)[number], i: number) =>
        subnets.findIndex(({ availabilityZone }) => availabilityZone === zone) === i;
      const first = subnets.filter(isFirst).map(({ id }) => id);
      return first.length === zones ? first : refuse(zonesComplaint(zones, first.length));
    });
  }

  private subnetsOf(key: Subnets): pulumi.Output<string[]> {
    const found =
      this.subnets[key] ??
      this.checked(
        key,
        this.stack ? this.stack.get<string[]>(key) : (this.args[key] ?? this.refuse(key, `it is missing, and ${USERS[key]}`)),
      );
    this.subnets[key] = found;
    return found;
  }

  /** The ids, once AWS has confirmed that they are in this VPC, span two zones and, for private ones that tasks run in, lead to ECR. */
  private checked(key: Subnets, given: pulumi.Input<pulumi.Input<string>[]>): pulumi.Output<string[]> {
    return pulumi.all([pulumi.output(given), this.vpcId, this.assignPublicIp]).apply(async ([ids, vpcId, isPublic]) => {
      // By id and VPC: AWS then finds no subnet of another network.
      const subnets = await Promise.all(
        ids.map((id) =>
          aws.ec2.getSubnet({ id, vpcId }, { parent: this }).catch((reason: Error) => {
            return this.refuse(key, `AWS finds no subnet ${id} in ${vpcId}; give subnets of this VPC (${reason.message}).`);
          }),
        ),
      );
      const isPlanned = subnets.some((subnet) => !isTold(subnet, "availabilityZone"));
      const [without] = this.args.ipv6 && !isPlanned ? subnets.filter(({ ipv6CidrBlock }) => !ipv6CidrBlock) : [];
      if (without) this.refuse("ipv6", `the subnet ${without.id} has no range of IPv6; give subnets that have one, or leave it out.`);
      const zones = new Set(subnets.map((subnet) => (isPlanned ? subnet.id : subnet.availabilityZone)));
      if (zones.size < 2) {
        this.refuse(
          key,
          `${ids.join(", ") || "no subnet"} span ${zones.size} zone; a load balancer and a service that survives a zone need subnets in two.`,
        );
      }
      const needsWayOut = key === "privateSubnetIds" && !isPublic;
      if (isPlanned) {
        void pulumi.log.info(
          `whether ${ids.join(", ")} are subnets of ${vpcId} in two zones${needsWayOut ? " with a way to ECR" : ""}, pulumi preview asks AWS.`,
          this,
        );
      } else if (needsWayOut && !(await reachesEcr(vpcId, ids, this))) {
        this.refuse(
          key,
          `the private subnets have neither a default route (a NAT gateway, a transit gateway) nor an endpoint for ecr.dkr, so tasks could not pull their image; add one, or set tasks: public.`,
        );
      }
      return ids;
    });
  }
}

/** Whether each subnet has a default route, or the VPC an endpoint for ECR's registry. */
async function reachesEcr(vpcId: string, subnetIds: string[], parent: pulumi.Resource): Promise<boolean> {
  const routed = await Promise.all(subnetIds.map((id) => hasDefaultRoute(vpcId, id, parent)));
  if (routed.every(Boolean)) return true;
  const { region } = await aws.getRegion({}, { parent });
  return aws.ec2.getVpcEndpoint({ vpcId, serviceName: `com.amazonaws.${region}.ecr.dkr` }, { parent }).then(
    () => true,
    () => false, // the lookup fails where there is none
  );
}

async function hasDefaultRoute(vpcId: string, subnetId: string, parent: pulumi.Resource): Promise<boolean> {
  const find = (name: string, value: string) => aws.ec2.getRouteTables({ vpcId, filters: [{ name, values: [value] }] }, { parent });
  const own = await find("association.subnet-id", subnetId);
  // A subnet without a table of its own uses the VPC's main one.
  const tables = own.ids.length > 0 ? own : await find("association.main", "true");
  const found = await Promise.all(tables.ids.map((routeTableId) => aws.ec2.getRouteTable({ routeTableId }, { parent })));
  return found.some((table) => table.routes.some((route) => route.cidrBlock === "0.0.0.0/0"));
}
