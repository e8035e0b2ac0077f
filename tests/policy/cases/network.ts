import { id, make } from "../graphs";
import { add, type Cases, drop, set } from "./case";

const world = ["0.0.0.0/0"];
const inline = (port: number, inputs: Record<string, unknown> = {}) => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: world,
  description: "x",
  ...inputs,
});

/** The rules about VPCs and security groups. */
export const networkCases: Cases = {
  "ec2-vpc-no-default": {
    breaks: {
      "the default VPC": [(w) => add(w, make("aws:ec2/defaultVpc:DefaultVpc", "d")), "it adopts the account's default network"],
      "a default subnet": [(w) => add(w, make("aws:ec2/defaultSubnet:DefaultSubnet", "d", { availabilityZone: "a" })), "default network"],
    },
  },
  "ec2-vpc-flow-logs": {
    breaks: {
      none: [(w) => drop(w, "flowLog"), "it has no flow log"],
      "what was accepted": [(w) => set(w.flowLog, { trafficType: "ACCEPT" }), "the flow log net does not record rejected traffic"],
      nowhere: [(w) => set(w.flowLog, { logDestination: undefined }), "the flow log net has no destination"],
    },
    keeps: { everything: (w) => set(w.flowLog, { trafficType: "ALL" }) },
  },
  "ec2-vpc-default-security-group": {
    breaks: {
      "left as it is": [(w) => drop(w, "defaultGroup"), "its default security group keeps AWS's open rules"],
      "with a rule": [(w) => set(w.defaultGroup, { egress: [inline(443)] }), "its default security group net has rules"],
      "with a rule beside it": [
        (w) =>
          add(
            w,
            make("aws:ec2/securityGroupRule:SecurityGroupRule", "x", {
              securityGroupId: id(w.defaultGroup),
              type: "ingress",
              ...inline(443),
            }),
          ),
        "its default security group net has rules",
      ],
    },
    keeps: { "without lists": (w) => set(w.defaultGroup, { ingress: undefined, egress: undefined }) },
  },
  "ec2-subnet-no-public-ips": {
    breaks: {
      IPv4: [(w) => set(w.publicA, { mapPublicIpOnLaunch: true }), "mapPublicIpOnLaunch is true"],
      IPv6: [(w) => set(w.privateA, { assignIpv6AddressOnCreation: true }), "assignIpv6AddressOnCreation is true"],
    },
  },
  "ec2-vpc-subnet-layout": {
    breaks: {
      "public in one zone": [(w) => set(w.publicB, { availabilityZone: "eu-west-1a" }), "its public subnets cover 1 Availability Zones"],
      "nothing private": [
        (w) => {
          set(w.routeA, { natGatewayId: undefined, gatewayId: "igw-1" });
          set(w.routeB, { natGatewayId: undefined, gatewayId: "igw-1" });
        },
        "its private subnets cover 0 Availability Zones",
      ],
    },
    ignores: {
      "a VPC without subnets": (w) => {
        for (const key of Object.keys(w)) if (key !== "vpc") delete (w as Record<string, unknown>)[key];
      },
    },
  },
  "ec2-subnet-nat-in-zone": {
    breaks: {
      "one for both": [
        (w) => set(w.routeA, { natGatewayId: id(w.natB) }),
        "it is in eu-west-1a, but its NAT gateway nat-b is in eu-west-1b",
      ],
      "an instance for both": [
        (w) => {
          const own = make("aws:ec2/networkInterface:NetworkInterface", "nat", {
            subnetId: id(w.publicB),
            tags: { Project: "p", Stack: "s" },
          });
          add(w, own);
          set(w.routeA, { natGatewayId: undefined, networkInterfaceId: id(own) });
        },
        "it is in eu-west-1a, but its NAT instance nat is in eu-west-1b",
      ],
    },
    keeps: {
      "a regional one": (w) => {
        set(w.routeA, { natGatewayId: id(w.natB) });
        set(w.natB, { availabilityMode: "regional" });
      },
    },
    ignores: {
      "no NAT gateway": (w) => {
        set(w.routeA, { natGatewayId: undefined, networkInterfaceId: "eni-1" });
        set(w.routeB, { natGatewayId: undefined, networkInterfaceId: "eni-2" });
      },
    },
  },
  "ec2-vpc-s3-endpoint": {
    breaks: {
      none: [(w) => drop(w, "s3Endpoint"), "it has no S3 gateway endpoint"],
      "on one table": [
        (w) => set(w.s3Endpoint, { routeTableIds: [id(w.tableA)] }),
        "the S3 endpoint is not on the private route table private-b",
      ],
      "an interface": [(w) => set(w.s3Endpoint, { vpcEndpointType: "Interface" }), "it has no S3 gateway endpoint"],
    },
    keeps: {
      "an association": (w) => {
        set(w.s3Endpoint, { routeTableIds: [id(w.tableA)] });
        const on = { vpcEndpointId: id(w.s3Endpoint), routeTableId: w.routeB.inputs.routeTableId };
        add(w, make("aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation", "b", on));
      },
    },
  },
  "ec2-vpc-endpoint-interface": {
    breaks: {
      "no private DNS": [(w) => set(w.endpoint, { privateDnsEnabled: undefined }), "privateDnsEnabled is not true"],
      "one zone": [(w) => set(w.endpoint, { subnetIds: [id(w.privateA)] }), "are in 1 Availability Zone"],
      "no group": [(w) => set(w.endpoint, { securityGroupIds: undefined }), "securityGroupIds is not set"],
      "every port": [(w) => set(w.endpointIngress, { ipProtocol: "-1" }), "its security group endpoints admits all ports"],
      "the world": [(w) => set(w.endpointIngress, { cidrIpv4: "0.0.0.0/0" }), "its security group endpoints is open to the internet"],
    },
    ignores: { "a gateway": (w) => drop(w, "endpoint") },
  },
  "ec2-network-acl-no-admin-ports": {
    breaks: {
      SSH: [
        (w) => set(w.acl, { ingress: [{ action: "allow", protocol: "tcp", fromPort: 0, toPort: 1024, cidrBlock: "0.0.0.0/0" }] }),
        "it allows port 20, 21, 22 from everywhere",
      ],
      everything: [
        (w) => set(w.acl, { ingress: [{ action: "allow", protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlock: "::/0" }] }),
        "it allows all ports from everywhere",
      ],
      "a rule beside it": [
        (w) =>
          add(
            w,
            make("aws:ec2/networkAclRule:NetworkAclRule", "rdp", {
              ruleAction: "allow",
              protocol: "6",
              fromPort: 3389,
              toPort: 3389,
              cidrBlock: "0.0.0.0/0",
            }),
          ),
        "it allows port 3389 from everywhere",
      ],
      "of no subnet": [(w) => set(w.acl, { subnetIds: undefined }), "it belongs to no subnet"],
    },
    keeps: {
      denied: (w) => set(w.acl, { ingress: [{ action: "deny", protocol: "-1", fromPort: 0, toPort: 0, cidrBlock: "0.0.0.0/0" }] }),
      "out of it": (w) =>
        add(
          w,
          make("aws:ec2/networkAclRule:NetworkAclRule", "out", {
            egress: true,
            ruleAction: "allow",
            protocol: "-1",
            cidrBlock: "0.0.0.0/0",
          }),
        ),
    },
  },
  "ec2-vpc-dns": {
    breaks: {
      "no names": [(w) => set(w.vpc, { enableDnsHostnames: undefined }), "enableDnsHostnames is not true"],
      "no resolution": [(w) => set(w.vpc, { enableDnsSupport: false }), "enableDnsSupport is false"],
    },
  },
  "ec2-eip-in-use": {
    breaks: { unused: [(w) => add(w, make("aws:ec2/eip:Eip", "spare", { domain: "vpc" })), "nothing uses this address"] },
    keeps: {
      "an instance's": (w) => add(w, make("aws:ec2/eip:Eip", "spare", { instance: "i-1" })),
      associated: (w) => add(w, make("aws:ec2/eipAssociation:EipAssociation", "x", { allocationId: id(make("aws:ec2/eip:Eip", "spare")) })),
    },
  },
  "ec2-security-group-world-ports": {
    breaks: {
      "a port in a group": [
        (w) => set(w.hostGroup, { ingress: [inline(8443)] }),
        "hosts opens port 8443 to the internet; open only 80 and 443",
      ],
      "a range that has both": [(w) => set(w.lbIngress, { fromPort: 80, toPort: 443 }), "balancer opens ports 80-443 to the internet"],
      "all ports, over IPv6": [
        (w) => set(w.lbIngress, { ipProtocol: "-1", cidrIpv4: undefined, cidrIpv6: "::/0" }),
        "balancer opens all ports to the internet",
      ],
      "a rule of the older kind": [
        (w) =>
          add(
            w,
            make("aws:ec2/securityGroupRule:SecurityGroupRule", "x", { securityGroupId: id(w.lbGroup), type: "ingress", ...inline(81) }),
          ),
        "balancer opens port 81 to the internet",
      ],
    },
    keeps: {
      "port 80": (w) => set(w.lbIngress, { fromPort: 80, toPort: 80 }),
      "a port for the VPC": (w) => set(w.lbIngress, { fromPort: 22, toPort: 22, cidrIpv4: "10.0.0.0/8" }),
      "out of it": (w) => set(w.hostGroup, { egress: [inline(22)] }),
    },
  },
  "ec2-security-group-high-risk-ports": {
    breaks: {
      SSH: [(w) => set(w.lbIngress, { fromPort: 22, toPort: 22 }), "balancer opens port 22 to the internet"],
      "a container's port": [(w) => set(w.hostGroup, { ingress: [inline(8080)] }), "hosts opens port 8080 to the internet"],
      everything: [(w) => set(w.hostGroup, { ingress: [inline(0, { protocol: "-1" })] }), "hosts opens 24 high-risk ports to the internet"],
    },
    keeps: { "HTTPS and another": (w) => set(w.hostGroup, { ingress: [inline(443), inline(4444)] }) },
  },
  "ec2-security-group-descriptions": {
    breaks: {
      "a group without": [(w) => set(w.lbGroup, { description: undefined }), "the security group has no description"],
      "what the provider writes": [(w) => set(w.lbGroup, { description: "Managed by Pulumi" }), "the security group has no description"],
      "a rule in the group": [
        (w) => set(w.hostGroup, { egress: [inline(443, { description: undefined })] }),
        "an egress rule has no description",
      ],
      "a rule beside it": [(w) => set(w.lbIngress, { description: undefined }), "an ingress rule has no description"],
    },
  },
  "ec2-security-group-in-use": {
    breaks: {
      "by nothing": [(w) => add(w, make("aws:ec2/securityGroup:SecurityGroup", "spare", { description: "x" })), "nothing uses it"],
      "by a rule alone": [
        (w) => {
          const spare = make("aws:ec2/securityGroup:SecurityGroup", "spare", { description: "x" });
          add(w, make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "x", { securityGroupId: id(spare) }));
        },
        "nothing uses it",
      ],
      "rules in two places": [(w) => set(w.lbGroup, { egress: [inline(443)] }), "it has inline rules and rules as separate resources"],
    },
    keeps: { "rules in the group": (w) => set(w.hostGroup, { egress: [inline(443)] }) },
  },
  "ec2-security-group-default-unused": {
    breaks: {
      "a service in it": [
        (w) => Object.assign(w.service.inputs.networkConfiguration!, { securityGroups: [id(w.defaultGroup)] }),
        "it uses the default security group",
      ],
      "a host in it": [(w) => set(w.template, { vpcSecurityGroupIds: [id(w.defaultGroup)] }), "it uses the default security group"],
      "a service that names none": [
        (w) => Object.assign(w.service.inputs.networkConfiguration!, { securityGroups: undefined }),
        "networkConfiguration.securityGroups is not set",
      ],
    },
    keeps: { "bridge mode": (w) => set(w.service, { networkConfiguration: undefined }) },
  },
};
