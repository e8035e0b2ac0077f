import * as v from "valibot";
import { overlaps, vpcComplaint } from "../facts/cidr";
import { group, integer, list, offOr, oneOf, text, together } from "./checks";
import { cidr, days, o, pattern } from "./values";

export const network = v.pipe(
  group({
    cidrBlock: o(text(vpcComplaint)),
    avoidCidrBlocks: o(list(text(cidr))),
    zones: o(integer(2, 3)),
    nat: o(oneOf("none", "single", "perZone")),
    endpoints: o(oneOf("none", "private")),
    endpointServices: o(list(pattern(/^[a-z0-9.-]+$/, "the name of an AWS service", "secretsmanager"))),
    flowLogs: o(offOr(days())),
    existing: o(
      group({
        vpcId: o(pattern(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC", "vpc-0a1b2c3d4e5f67890")),
        publicSubnetIds: o(list(pattern(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f67890"))),
        privateSubnetIds: o(list(pattern(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f67890"))),
        stack: o(pattern(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, "the full name of a stack", "organization/network/prod")),
        tasks: o(oneOf("private", "public")),
      }),
    ),
  }),
  together(["cidrBlock", "avoidCidrBlocks"], "cidrBlock", ({ cidrBlock = "10.0.0.0/16", avoidCidrBlocks = [] }) => {
    const other = avoidCidrBlocks.find((range) => overlaps(cidrBlock, range));
    return other && `${cidrBlock} overlaps ${other}, which avoidCidrBlocks names; choose another range.`;
  }),
  together(["endpoints", "endpointServices"], "endpointServices", ({ endpoints = "none", endpointServices = [] }) =>
    endpoints === "none" && endpointServices.length > 0
      ? 'services are named, but endpoints is "none"; set endpoints: private, or leave endpointServices out.'
      : undefined,
  ),
  together([], "existing", (given) => {
    const others = Object.keys(given).filter((key) => key !== "existing");
    return given.existing && others.length > 0
      ? `the network is there already, so ${others.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  }),
);
