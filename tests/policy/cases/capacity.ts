import { arn, id, make, nameOf } from "../graphs";
import { userData, type World } from "../world";
import { add, type Case, type Cases, drop, set } from "./case";

const preferences = (w: World) => (w.asg.inputs.instanceRefresh as { preferences: Record<string, unknown> }).preferences;
const provider = (w: World) => w.provider.inputs.autoScalingGroupProvider as Record<string, unknown>;
/** Rules about the hosts of a cluster are not about instances that have nothing to do with ECS. */
const notHosts: Case["ignores"] = {
  "instances of another kind": (w) => {
    drop(w, "provider", "association", "hostService", "batchPolicy");
    set(w.template, { userData: userData("HELLO=1") });
  },
};

/** The rules about capacity providers, Auto Scaling groups and launch templates. */
export const capacityCases: Cases = {
  "ecs-capacity-provider-termination-protection": {
    breaks: {
      off: [(w) => Object.assign(provider(w), { managedTerminationProtection: "DISABLED" }), 'managedTerminationProtection is "DISABLED"'],
      "no managed scaling": [(w) => Object.assign(provider(w), { managedScaling: undefined }), "managed scaling is not set"],
      "a group that does not protect": [(w) => set(w.asg, { protectFromScaleIn: undefined }), "needs protectFromScaleIn on host"],
    },
    ignores: { "Managed Instances": (w) => set(w.provider, { autoScalingGroupProvider: undefined, managedInstancesProvider: {} }) },
  },
  "ecs-capacity-provider-managed-draining": {
    breaks: { off: [(w) => Object.assign(provider(w), { managedDraining: "DISABLED" }), 'managedDraining is "DISABLED"'] },
    keeps: { on: (w) => Object.assign(provider(w), { managedDraining: "ENABLED" }) },
    ignores: { "Managed Instances": (w) => set(w.provider, { autoScalingGroupProvider: undefined, managedInstancesProvider: {} }) },
  },
  "autoscaling-group-two-zones": {
    breaks: {
      one: [(w) => set(w.asg, { vpcZoneIdentifiers: [id(w.privateA)] }), "it is in 1 Availability Zone"],
      "one, by name": [
        (w) => set(w.asg, { vpcZoneIdentifiers: undefined, availabilityZones: ["eu-west-1a"] }),
        "it is in 1 Availability Zone",
      ],
    },
    keeps: { "two, by name": (w) => set(w.asg, { vpcZoneIdentifiers: undefined, availabilityZones: ["eu-west-1a", "eu-west-1b"] }) },
    ignores: {
      "one that an interface is in": (w) => {
        set(w.asg, { vpcZoneIdentifiers: undefined, availabilityZones: ["eu-west-1a"] });
        set(w.template, { networkInterfaces: [{ networkInterfaceId: "eni-1" }] });
      },
    },
  },
  "autoscaling-group-launch-template": {
    breaks: {
      "a launch configuration": [
        (w) => {
          const old = make("aws:ec2/launchConfiguration:LaunchConfiguration", "old", { imageId: "ami-1", instanceType: "t3.micro" });
          add(w, old);
          set(w.asg, { launchTemplate: undefined, launchConfiguration: nameOf(old) });
        },
        "it uses a launch configuration",
        "it is a launch configuration",
      ],
      neither: [(w) => set(w.asg, { launchTemplate: undefined }), "it has no launch template"],
    },
    keeps: { "mixed instances": (w) => set(w.asg, { launchTemplate: undefined, mixedInstancesPolicy: { launchTemplate: {} } }) },
  },
  "autoscaling-group-elb-health": {
    breaks: {
      "a target group": [
        (w) => set(w.asg, { targetGroupArns: [arn(w.targetGroup)], healthCheckGracePeriod: 300 }),
        'healthCheckType is not set; set it to "ELB"',
      ],
      "an attachment": [
        (w) => {
          set(w.asg, { healthCheckType: "EC2" });
          add(
            w,
            make("aws:autoscaling/attachment:Attachment", "host", {
              autoscalingGroupName: nameOf(w.asg),
              lbTargetGroupArn: arn(w.targetGroup),
            }),
          );
        },
        'healthCheckType is "EC2"',
        "healthCheckGracePeriod is not set",
      ],
    },
    keeps: { both: (w) => set(w.asg, { targetGroupArns: [arn(w.targetGroup)], healthCheckType: "ELB", healthCheckGracePeriod: 300 }) },
    ignores: { "no load balancer": () => undefined },
  },
  "autoscaling-group-instance-refresh": {
    breaks: {
      none: [(w) => set(w.asg, { instanceRefresh: undefined }), "instanceRefresh is not set"],
      "too many at once": [(w) => Object.assign(preferences(w), { minHealthyPercentage: 50 }), "keeps 50 percent healthy"],
      "protected ones are skipped": [
        (w) => Object.assign(preferences(w), { scaleInProtectedInstances: undefined }),
        'with "Ignore"; set scaleInProtectedInstances',
      ],
    },
    keeps: {
      "nothing is protected": (w) => {
        set(w.asg, { protectFromScaleIn: false });
        Object.assign(preferences(w), { scaleInProtectedInstances: undefined });
      },
    },
    ignores: notHosts,
  },
  "autoscaling-group-tags": {
    breaks: {
      none: [(w) => set(w.asg, { tags: undefined }), "it has no tags"],
      "not to the instances": [
        (w) => set(w.asg, { tags: [{ key: "AmazonECSManaged", value: "", propagateAtLaunch: false }] }),
        'the tag "AmazonECSManaged" does not reach the instances',
      ],
      "not ECS's": [
        (w) => set(w.asg, { tags: [{ key: "a", value: "b", propagateAtLaunch: true }] }),
        'the tag "AmazonECSManaged", which ECS adds',
      ],
    },
    keeps: {
      "a group that ECS does not manage": (w) => {
        drop(w, "provider", "association", "hostService", "batchPolicy");
        set(w.asg, { tags: [{ key: "a", value: "b", propagateAtLaunch: true }] });
      },
    },
  },
  "autoscaling-group-capacity-rebalance": {
    breaks: {
      "a template that asks for Spot": [
        (w) => set(w.template, { instanceMarketOptions: { marketType: "spot" } }),
        "without capacityRebalance",
        "may run on Spot instances alone",
      ],
      "mixed instances": [
        (w) =>
          set(w.asg, {
            capacityRebalance: true,
            mixedInstancesPolicy: { instancesDistribution: { onDemandPercentageAboveBaseCapacity: 0 } },
          }),
        "may run on Spot instances alone",
      ],
    },
    keeps: {
      "a base on demand": (w) =>
        set(w.asg, {
          capacityRebalance: true,
          mixedInstancesPolicy: { instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 } },
        }),
    },
    ignores: { "on demand": () => undefined, "mixed, on demand": (w) => set(w.asg, { mixedInstancesPolicy: { launchTemplate: {} } }) },
  },
  "autoscaling-group-size": {
    breaks: {
      nothing: [(w) => set(w.asg, { minSize: 0, maxSize: 0 }), "maxSize is 0"],
      "no room": [
        (w) => {
          set(w.asg, { maxSize: 3 });
          drop(w, "batchPolicy");
        },
        "maxSize is 3 with minSize 2; set it to 4 or more",
      ],
      "one, not scaled": [
        (w) => {
          set(w.asg, { minSize: 1 });
          Object.assign(provider(w), { managedScaling: { status: "DISABLED" } });
        },
        "minSize is 1 and ECS does not scale the group",
      ],
      "a size that ECS changes": [(w) => set(w.asg, { desiredCapacity: 2 }), "desiredCapacity is set although ECS scales the group"],
    },
    keeps: {
      "none while idle": (w) => set(w.asg, { minSize: 0 }),
      "no room for the tasks, which another rule finds": (w) => set(w.asg, { maxSize: 3 }),
    },
    ignores: notHosts,
  },
  "ec2-launch-template-imdsv2": {
    breaks: {
      "not said": [(w) => set(w.template, { metadataOptions: undefined }), "httpTokens is not set"],
      optional: [(w) => set(w.template, { metadataOptions: { httpTokens: "optional" } }), 'httpTokens is "optional"'],
      "two hops": [
        (w) => set(w.template, { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } }),
        "HopLimit is 2; set it to 1",
      ],
    },
    keeps: { "no metadata": (w) => set(w.template, { metadataOptions: { httpEndpoint: "disabled" } }) },
  },
  "ec2-launch-template-encrypted-volumes": {
    breaks: {
      "not mentioned": [(w) => set(w.template, { blockDeviceMappings: undefined }), "the root volume is not in blockDeviceMappings"],
      "one of two": [
        (w) =>
          set(w.template, {
            blockDeviceMappings: [
              { deviceName: "/dev/xvda", ebs: { encrypted: "true" } },
              { deviceName: "/dev/xvdb", ebs: { volumeSize: 1 } },
            ],
          }),
        "the volume /dev/xvdb is not encrypted",
      ],
    },
    keeps: {
      "a device without EBS": (w) =>
        (w.template.inputs.blockDeviceMappings as unknown[]).push({ deviceName: "/dev/sdc", virtualName: "ephemeral0" }),
    },
  },
  "ec2-launch-template-no-public-ip": {
    breaks: {
      "a public interface": [
        (w) => set(w.template, { networkInterfaces: [{ associatePublicIpAddress: "true" }] }),
        "gets a public IP address",
      ],
      "a public subnet": [
        (w) => set(w.asg, { vpcZoneIdentifiers: [id(w.publicA)] }),
        "host starts instances in public-a, which has a route to an internet gateway",
      ],
    },
    keeps: { "a private interface": (w) => set(w.template, { networkInterfaces: [{ associatePublicIpAddress: "false" }] }) },
  },
  "ec2-launch-template-no-ssh-key": {
    breaks: { "a key": [(w) => set(w.template, { keyName: "ops" }), 'keyName is "ops"'] },
  },
  "ec2-launch-template-no-user-data-secrets": {
    breaks: {
      "an access key": [(w) => set(w.template, { userData: userData("x", "AKIAABCDEFGHIJKLMNOP") }), "userData holds an AWS access key id"],
      "a password, echoed": [(w) => set(w.template, { userData: userData("API_TOKEN=hunter2!") }), "userData assigns API_TOKEN"],
      "a password": [
        (w) => set(w.template, { userData: Buffer.from("#!/bin/bash\nexport DB_PASSWORD='hunter2!'\n").toString("base64") }),
        "userData assigns DB_PASSWORD",
      ],
    },
    keeps: {
      "a password that is read": (w) =>
        set(w.template, { userData: Buffer.from("DB_PASSWORD=$(aws secretsmanager ...)").toString("base64") }),
    },
    ignores: { "no user data": (w) => set(w.template, { userData: undefined }) },
  },
  "ec2-launch-template-instance-profile": {
    breaks: {
      none: [(w) => set(w.template, { iamInstanceProfile: undefined }), "iamInstanceProfile is not set"],
      "may not join": [(w) => drop(w, "joinPolicy"), "the role host may not join a cluster"],
      "no Session Manager": [(w) => drop(w, "sessionPolicy"), "the role host does not allow Session Manager"],
    },
    keeps: {
      "a policy of one's own": (w) => {
        drop(w, "joinPolicy");
        const policy = { Statement: [{ Effect: "Allow", Action: ["ecs:RegisterContainerInstance"], Resource: [arn(w.cluster)] }] };
        add(w, make("aws:iam/rolePolicy:RolePolicy", "join", { role: nameOf(w.hostRole), policy }));
      },
    },
    ignores: notHosts,
  },
  "ec2-launch-template-ecs-agent": {
    breaks: {
      nothing: [
        (w) => set(w.template, { userData: undefined }),
        "userData names no cluster",
        "does not deny tasks the instance's metadata",
      ],
      "no block": [(w) => set(w.template, { userData: userData("ECS_CLUSTER=apps") }), "does not deny tasks the instance's metadata"],
      "Bottlerocket, with power": [
        (w) =>
          set(w.template, {
            userData: Buffer.from('[settings.ecs]\ncluster = "apps"\nallow-privileged-containers = true').toString("base64"),
          }),
        "userData allows privileged containers",
      ],
    },
    keeps: { Bottlerocket: (w) => set(w.template, { userData: Buffer.from('[settings.ecs]\ncluster = "apps"').toString("base64") }) },
    ignores: notHosts,
  },
  "ec2-launch-template-ecs-ami": {
    breaks: {
      none: [(w) => set(w.template, { imageId: undefined }), "imageId is not set"],
      "another parameter": [(w) => set(w.template, { imageId: "resolve:ssm:/mine/ami" }), 'imageId is "resolve:ssm:/mine/ami"'],
    },
    keeps: {
      "the parameter, by name": (w) =>
        set(w.template, { imageId: "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id" }),
    },
    ignores: notHosts,
  },
  "ec2-launch-template-latest-version": {
    breaks: {
      "the default version": [
        (w) => set(w.asg, { launchTemplate: { id: id(w.template) } }),
        "host uses the default version, which does not follow changes",
      ],
      $Default: [(w) => set(w.asg, { launchTemplate: { id: id(w.template), version: "$Default" } }), "host uses the default version"],
    },
    keeps: {
      "a default that follows": (w) => {
        set(w.asg, { launchTemplate: { id: id(w.template) } });
        set(w.template, { updateDefaultVersion: true });
      },
      $Latest: (w) => set(w.asg, { launchTemplate: { id: id(w.template), version: "$Latest" } }),
    },
    ignores: { "no group": (w) => drop(w, "asg", "provider", "association", "hostService", "batchPolicy") },
  },
  "ec2-launch-template-no-ssh-ingress": {
    breaks: {
      SSH: [
        (w) => set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"] }] }),
        "its security group hosts admits 10.0.0.0/8 on port 22",
      ],
      everything: [
        (w) => set(w.hostGroup, { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] }] }),
        "admits ::/0 on port 22, 3389",
      ],
      "in a network interface": [
        (w) => {
          set(w.template, { vpcSecurityGroupIds: undefined, networkInterfaces: [{ securityGroups: [id(w.hostGroup)] }] });
          set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 3389, toPort: 3389, cidrBlocks: ["0.0.0.0/0"] }] });
        },
        "on port 3389",
      ],
    },
    keeps: {
      "from a group": (w) => set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, securityGroups: ["sg-1"] }] }),
    },
    ignores: notHosts,
  },
  "ec2-launch-template-bridge-ingress": {
    breaks: {
      "from an address": [
        (w) => {
          set(w.hostTask, { networkMode: "bridge" });
          set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 32768, toPort: 65535, cidrBlocks: ["10.0.0.0/16"] }] });
        },
        "its security group hosts admits 10.0.0.0/16",
      ],
      "every port, in the default mode": [
        (w) => {
          set(w.hostTask, { networkMode: undefined });
          set(w.hostGroup, { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, securityGroups: [id(w.lbGroup)] }] });
        },
        "its security group hosts admits all ports; admit only 32768-65535",
      ],
    },
    keeps: {
      "another port, which another rule finds": (w) => {
        set(w.hostTask, { networkMode: "bridge" });
        set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, securityGroups: [id(w.lbGroup)] }] });
      },
      "from the balancer, to containers": (w) => {
        set(w.hostTask, { networkMode: "bridge" });
        set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 32768, toPort: 65535, securityGroups: [id(w.lbGroup)] }] });
      },
    },
    ignores: { ...notHosts, "awsvpc alone": () => undefined },
  },
  "ec2-launch-template-no-ingress": {
    breaks: {
      "from the balancer": [
        (w) => set(w.hostGroup, { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, securityGroups: [id(w.lbGroup)] }] }),
        "its security group hosts admits port 8000",
      ],
    },
    ignores: { ...notHosts, "bridge mode": (w) => set(w.hostTask, { networkMode: "bridge" }) },
  },
};
