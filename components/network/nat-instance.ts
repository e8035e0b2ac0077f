import type { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { NAT_INSTANCE } from "../../facts/nat-instance";
import { type ComponentArgs, cidr, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, group, list, optional, other, text } from "../base/schema";

/** Changes to a NAT instance. */
export interface NatInstanceTransform {
  securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
  ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
  egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
  networkInterface?: Transform<aws.ec2.NetworkInterfaceArgs>;
  eip?: Transform<aws.ec2.EipArgs>;
  eipAssociation?: Transform<aws.ec2.EipAssociationArgs>;
  launchTemplate?: Transform<aws.ec2.LaunchTemplateArgs>;
  group?: Transform<aws.autoscaling.GroupArgs>;
}

/** Arguments of {@link NatInstance}. */
interface NatInstanceArgs extends ComponentArgs {
  vpc: Vpc;
  cidrBlock: string;
  elasticIps: string[];
  transform?: NatInstanceTransform;
}

const natInstance = {
  ...common,
  vpc: other<Vpc>(),
  cidrBlock: cidr(),
  elasticIps: list(text()),
  transform: optional(other<NatInstanceTransform>()),
} satisfies ArgumentsOf<NatInstanceArgs>;

/** Amazon Linux 2023 for ARM, as AWS publishes it in each region; a new instance starts with the newest. */
const IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/**
 * An instance that translates addresses. The network interface with its address is kept, and an instance that takes the place of another starts with it: the
 * routes stay as they are, and the instance needs no rights in AWS.
 */
export class NatInstance extends Component<typeof natInstance> {
  readonly networkInterface: aws.ec2.NetworkInterface;
  readonly group: aws.autoscaling.Group;

  constructor(name: string, args: NatInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("NatInstance", name, group(natInstance), args, opts);
    const { vpc, cidrBlock, transform } = this.args;
    const securityGroup = this.makeClosedGroup(vpc.vpcId, "NAT: whatever the VPC sends to the internet", transform?.securityGroup);
    const rules = [
      this.make(
        aws.vpc.SecurityGroupIngressRule,
        "in",
        { securityGroupId: securityGroup.id, description: "From inside the VPC", ipProtocol: "-1", cidrIpv4: cidrBlock, tags: this.tags },
        transform?.ingress,
      ),
      this.allowAllEgress(securityGroup, "Whatever the VPC calls", transform?.egress),
    ];
    this.networkInterface = this.make(
      aws.ec2.NetworkInterface,
      "",
      {
        subnetId: this.home(({ id }) => id),
        description: "NAT, kept from one instance to the next",
        securityGroups: [securityGroup.id],
        sourceDestCheck: false,
        tags: { ...this.tags, Name: name },
      },
      transform?.networkInterface,
    );
    const association = this.makeAddress();
    this.group = this.makeGroup([vpc, ...rules, association]);
    this.registerOutputs({ networkInterfaceId: this.networkInterface.id });
  }

  /** Something of the public subnet of the first zone. */
  private home(what: (subnet: aws.ec2.Subnet) => pulumi.Output<string>): pulumi.Output<string> {
    const { vpc } = this.args;
    return pulumi
      .all([vpc.publicSubnetIds, vpc.subnets])
      .apply(([[first], subnets]) =>
        pulumi.all(subnets.map((subnet) => pulumi.all([subnet.id, what(subnet)]))).apply((all) => all.find(([id]) => id === first)![1]),
      );
  }

  private makeAddress(): aws.ec2.EipAssociation {
    const { vpc, elasticIps, transform } = this.args;
    const allocationId =
      elasticIps[0] ??
      this.make(aws.ec2.Eip, "", { domain: "vpc", tags: { ...this.tags, Name: this.label } }, transform?.eip, { dependsOn: [vpc] }).id;
    return this.make(
      aws.ec2.EipAssociation,
      "",
      { allocationId, networkInterfaceId: this.networkInterface.id },
      transform?.eipAssociation,
      // AWS gives an address to an interface in a VPC with an internet gateway alone.
      { dependsOn: [vpc] },
    );
  }

  private makeGroup(ready: pulumi.Resource[]): aws.autoscaling.Group {
    const { cidrBlock, kmsKeyArn, transform } = this.args;
    const template = this.make(
      aws.ec2.LaunchTemplate,
      "",
      {
        imageId: `resolve:ssm:${IMAGE}`,
        instanceType: NAT_INSTANCE.type,
        updateDefaultVersion: true,
        networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: this.networkInterface.id, deleteOnTermination: "false" }],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeSize: NAT_INSTANCE.disk,
              volumeType: "gp3",
              encrypted: "true",
              ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
              deleteOnTermination: "true",
            },
          },
        ],
        userData: Buffer.from(userData(cidrBlock)).toString("base64"),
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: this.tags })),
        tags: this.tags,
      },
      transform?.launchTemplate,
    );
    return this.make(
      aws.autoscaling.Group,
      "",
      {
        // AWS takes no subnets beside an interface that is there: it says the subnet.
        availabilityZones: [this.home(({ availabilityZone }) => availabilityZone)],
        minSize: 1,
        maxSize: 1,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        healthCheckType: "EC2",
        // Two instances cannot have one interface: the old one goes first, also where it is out of order.
        instanceMaintenancePolicy: { minHealthyPercentage: 0, maxHealthyPercentage: 100 },
        instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 0, maxHealthyPercentage: 100, skipMatching: true } },
        forceDelete: true,
        tags: Object.entries({ ...this.tags, Name: this.label }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      transform?.group,
      // Its first start gets packages from the internet.
      { dependsOn: ready, customTimeouts: { delete: "20m" } },
    );
  }
}

/** Makes the instance a router, at its first start; the swap file is for dnf, which wants more than the memory of the smallest type. */
const userData = (cidrBlock: string): string =>
  [
    "#!/bin/bash",
    "set -eu",
    "dd if=/dev/zero of=/var/swapfile bs=1M count=512",
    "chmod 600 /var/swapfile",
    "mkswap /var/swapfile",
    "swapon /var/swapfile",
    "until dnf install -y nftables; do sleep 5; done",
    "cat <<'EOF' > /etc/sysconfig/nftables.conf",
    "table ip nat {",
    "  chain postrouting {",
    "    type nat hook postrouting priority 100; policy accept;",
    `    ip saddr ${cidrBlock} ip daddr != ${cidrBlock} masquerade`,
    "  }",
    "}",
    "EOF",
    "echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf",
    "sysctl --load=/etc/sysctl.d/90-nat.conf",
    "systemctl enable --now nftables",
    "",
  ].join("\n");
