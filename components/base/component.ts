import * as pulumi from "@pulumi/pulumi";
import { placeComplaint } from "../../facts/arns";
import { ALL_IPV4 } from "../../facts/cidr";
import { nameComplaint } from "../../facts/names";
import type { ComponentArgs, common } from "./arguments";
import * as aws from "./aws";
import { type Denial, deny } from "./iam";
import type { Location } from "./location";
import { type HasOrigin, ORIGIN, type Origin, ofComponent, type Refuse, readArguments, refuser, showPath } from "./origin";
import type { Arguments, Group, Values } from "./schema";

/**
 * Changes one of the resources that a component makes: an object is laid over its arguments, a function gets the arguments and the options and may
 * change them in place or return new arguments. This is the way to every property that a component has no argument for.
 */
export type Transform<A> = Partial<A> | ((args: A, opts: pulumi.CustomResourceOptions, name: string) => A | undefined);

/** What is to be said of an argument. */
export interface Remark {
  severity: "info" | "warning";
  at: string;
  text: string;
}

/** The arguments as a transform leaves them. */
export const transformed = <A extends object>(
  transform: Transform<A> | undefined,
  args: A,
  opts: pulumi.CustomResourceOptions,
  name: string,
): A => (typeof transform === "function" ? (transform(args, opts, name) ?? args) : { ...args, ...transform });

/**
 * The shared ground of Berth's components: arguments checked before anything is made, type `berth:index:<Type>`, children named after the component, tags on
 * everything, transforms.
 */
export abstract class Component<E extends Arguments = Arguments> extends pulumi.ComponentResource {
  /** The arguments, checked and with their defaults. */
  protected readonly args: Values<E>;
  /** Tags of everything this component makes. */
  protected readonly tags: Record<string, string>;
  /** What a component within this one gets too. */
  protected readonly common: ComponentArgs & HasOrigin;
  /** Where the arguments come from. */
  protected readonly origin: Origin;
  /** Throws the error about one argument: `FargateService "users": cpu: …`. */
  protected readonly refuse: Refuse;

  protected constructor(
    type: string,
    /** The name that the program gave it. */
    readonly label: string,
    schema: Group<E>,
    given: object & HasOrigin,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const origin = given[ORIGIN] ?? ofComponent(type, label);
    const args = readArguments(schema, given, origin);
    super(`berth:index:${type}`, label, {}, opts);
    this.origin = origin;
    this.refuse = refuser(origin);
    this.args = args;
    const { tags, permissionsBoundary, kmsKeyArn } = args as Values<typeof common>;
    this.tags = { Project: pulumi.getProject(), Stack: pulumi.getStack(), ...tags };
    this.common = {
      tags: this.tags,
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      ...(kmsKeyArn !== undefined && { kmsKeyArn }),
      [ORIGIN]: origin,
    };
  }

  /** Says something of an argument that stops nothing. The plan shows it. */
  protected remark({ severity, at, text }: Remark): void {
    const whose = this.origin.noun === "argument" ? `${this.origin.whose}: ` : "";
    const line = `${whose}${showPath(this.origin.at(at.split(".")))}: ${text}`;
    void (severity === "warning" ? pulumi.log.warn(line, this) : pulumi.log.info(line, this));
  }

  /** Makes a child: `<component>` or `<component>-<suffix>`, parented to the component, its arguments passed through the user's transform. */
  protected make<A extends object, R extends pulumi.Resource>(
    type: new (name: string, args: A, opts?: pulumi.CustomResourceOptions) => R,
    suffix: string,
    args: A,
    transform?: Transform<A>,
    opts: pulumi.CustomResourceOptions = {},
  ): R {
    const name = suffix === "" ? this.label : `${this.label}-${suffix}`;
    const options = { ...opts, parent: this };
    const changed = transformed(transform, args, options, name);
    const complaint = nameComplaint((type as { __pulumiType?: string }).__pulumiType, name, changed);
    if (complaint) this.refuse("name", complaint);
    return new type(name, changed, options);
  }

  /** Makes a role, within the boundary if there is one. */
  protected makeRole(suffix: string, role: aws.iam.RoleArgs, transform?: Transform<aws.iam.RoleArgs>): aws.iam.Role {
    const { permissionsBoundary } = this.common;
    return this.make(
      aws.iam.Role,
      suffix,
      { ...role, ...(permissionsBoundary !== undefined && { permissionsBoundary }), tags: this.tags },
      transform,
    );
  }

  /** Gives a role a policy of AWS's, which grows with what AWS's own software comes to need, and beside it what the role is not to reach. */
  protected makeAwsRights(
    suffix: string,
    role: aws.iam.Role,
    policy: { partition: pulumi.Input<string>; name: string; denial: Denial },
    transform: { rolePolicyAttachment?: Transform<aws.iam.RolePolicyAttachmentArgs>; rolePolicy?: Transform<aws.iam.RolePolicyArgs> } = {},
  ): pulumi.Resource[] {
    const policyArn = pulumi.interpolate`arn:${policy.partition}:iam::aws:policy/${policy.name}`;
    return [
      this.make(aws.iam.RolePolicyAttachment, suffix, { role: role.name, policyArn }, transform.rolePolicyAttachment),
      this.make(aws.iam.RolePolicy, suffix, { role: role.name, policy: deny(policy.denial) }, transform.rolePolicy),
    ];
  }

  /** The ARN of what stands already, once it is known to be of the stack's own region and, unless accounts share such things, of its account. */
  protected standing(
    given: pulumi.Input<string>,
    at: string | readonly string[],
    { told }: Location,
    isShared = false,
  ): pulumi.Output<string> {
    return pulumi.all([given, told ?? {}]).apply(([arn, own]) => {
      const { accountId: _, ...place } = own;
      const complaint = placeComplaint(arn, isShared ? place : own);
      if (complaint) this.refuse(at, complaint);
      return arn;
    });
  }

  /** Makes a log group that forgets after so many days. */
  protected makeLogGroup(
    suffix: string,
    retentionInDays: number,
    transform?: Transform<aws.cloudwatch.LogGroupArgs>,
    named: Pick<aws.cloudwatch.LogGroupArgs, "namePrefix"> = {},
  ): aws.cloudwatch.LogGroup {
    const { kmsKeyArn } = this.common;
    return this.make(
      aws.cloudwatch.LogGroup,
      suffix,
      { ...named, retentionInDays, ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }), tags: this.tags },
      transform,
    );
  }

  /** Makes a security group that nothing comes into, until a rule says otherwise. */
  protected makeClosedGroup(
    vpcId: pulumi.Input<string>,
    description: string,
    transform?: Transform<aws.ec2.SecurityGroupArgs>,
  ): aws.ec2.SecurityGroup {
    return this.make(aws.ec2.SecurityGroup, "", { vpcId, description, tags: this.tags }, transform, {
      // AWS changes no group's description: another word in it would be another group.
      ignoreChanges: ["description"],
      // ECS and Fargate let go of a network interface minutes after what used it has stopped.
      customTimeouts: { delete: "20m" },
    });
  }

  /** Lets the members of a group call whatever they want. */
  protected allowAllEgress(
    group: aws.ec2.SecurityGroup,
    description: string,
    transform?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>,
  ): aws.vpc.SecurityGroupEgressRule {
    const rule = { securityGroupId: group.id, description, ipProtocol: "-1", cidrIpv4: ALL_IPV4, tags: this.tags };
    return this.make(aws.vpc.SecurityGroupEgressRule, "out", rule, transform);
  }

  /** Lets members of a group connect to what the rules say, by the ends of their names. */
  protected allowEgress(
    group: aws.ec2.SecurityGroup,
    rules: readonly (readonly [suffix: string, rule: Omit<aws.vpc.SecurityGroupEgressRuleArgs, "securityGroupId">])[],
    transform?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>,
  ): aws.vpc.SecurityGroupEgressRule[] {
    return rules.map(([suffix, rule]) =>
      this.make(aws.vpc.SecurityGroupEgressRule, suffix, { ...rule, securityGroupId: group.id, tags: this.tags }, transform),
    );
  }
}
