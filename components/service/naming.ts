import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { allow, ECS_TRUST } from "../base/iam";
import { type ArgumentsOf, flag, group, optional, other, text } from "../base/schema";
import type { ClusterLike } from "../cluster/cluster-like";
import { type ConnectValues, connectService, type Endpoint } from "./connect";

/** Changes to what gives a service its name. */
export interface NamingTransform {
  tlsRole?: Transform<aws.iam.RoleArgs>;
  tlsPolicy?: Transform<aws.iam.RolePolicyArgs>;
  tlsPolicyAttachment?: Transform<aws.iam.RolePolicyAttachmentArgs>;
  discovery?: Transform<aws.servicediscovery.ServiceArgs>;
}

/** Arguments of {@link Naming}. */
export interface NamingArgs extends ComponentArgs {
  cluster: ClusterLike;
  /** The name, in the namespace and in DNS. */
  serviceName: string;
  /** How other services call it; none where only DNS has its name. */
  called?: { endpoint: Endpoint; connect: ConnectValues; testHeader?: Record<string, string> };
  /** Whether the VPC's DNS has its name. */
  dns: boolean;
  transform?: NamingTransform;
}

const naming = {
  ...common,
  cluster: other<ClusterLike>(),
  serviceName: text(),
  called: optional(other<NonNullable<NamingArgs["called"]>>()),
  dns: flag(),
  transform: optional(other<NamingTransform>()),
} satisfies ArgumentsOf<NamingArgs>;

/** What gives a service its name for others: its entry in DNS, and what ECS needs for the certificates of its proxies. */
export class Naming extends Component<typeof naming> {
  readonly discovery?: aws.servicediscovery.Service;
  /** Its name in the VPC's DNS. */
  readonly dnsName?: pulumi.Output<string>;
  readonly tlsRole?: aws.iam.Role;
  /** What `serviceConnectConfiguration` says of the name. */
  readonly services: aws.types.input.ecs.ServiceServiceConnectConfigurationService[] = [];
  /** What must exist before the service and outlive it. */
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: NamingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Naming", name, group(naming), args, opts);
    const { called, cluster, dns, serviceName } = this.args;
    if (called) {
      cluster.connectNamespace(this.refuse);
      const { endpoint, connect, testHeader } = called;
      const tls = connect.tls && this.makeTls(connect.tls.certificateAuthorityArn);
      this.tlsRole = tls?.role;
      this.services.push(connectService(endpoint, connect, testHeader, tls?.configuration));
    }
    if (dns) {
      const namespace = cluster.dnsNamespace(this.refuse);
      this.discovery = this.makeDiscovery(serviceName, namespace.id);
      this.dnsName = pulumi.interpolate`${this.discovery.name}.${namespace.name}`;
    }
    this.registerOutputs({ serviceName, dnsName: this.dnsName });
  }

  private makeDiscovery(name: string, namespaceId: pulumi.Input<string>): aws.servicediscovery.Service {
    return this.make(
      aws.servicediscovery.Service,
      "",
      {
        name,
        dnsConfig: { namespaceId, dnsRecords: [{ type: "A", ttl: 10 }], routingPolicy: "MULTIVALUE" },
        // ECS says which tasks are well. AWS knows no other number, and without it the provider would see a difference.
        healthCheckCustomConfig: { failureThreshold: 1 },
        // What ECS has not yet deregistered when the service is gone would keep AWS from deleting it.
        forceDestroy: true,
        tags: this.tags,
      },
      this.args.transform?.discovery,
    );
  }

  /** Encryption between the proxies: ECS gets their certificates from this authority, and from no other. */
  private makeTls(authority: pulumi.Input<string>) {
    const { cluster, kmsKeyArn, transform } = this.args;
    const role = this.makeRole(
      "tls",
      { description: `Lets ECS get certificates for the proxies of ${this.label}`, assumeRolePolicy: ECS_TRUST },
      transform?.tlsRole,
    );
    const rights = {
      partition: cluster.location.partition,
      name: "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity",
      denial: { sid: "OtherAuthorities", actions: ["acm-pca:GetCertificate", "acm-pca:IssueCertificate"], except: [authority] },
    };
    const transforms = {
      ...(transform?.tlsPolicyAttachment && { rolePolicyAttachment: transform.tlsPolicyAttachment }),
      ...(transform?.tlsPolicy && { rolePolicy: transform.tlsPolicy }),
    };
    this.ready.push(...this.makeAwsRights("tls", role, rights, transforms));
    if (kmsKeyArn !== undefined) {
      const actions = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"];
      const policy = allow({ sid: "EncryptPrivateKeys", actions, resources: [kmsKeyArn] });
      this.ready.push(this.make(aws.iam.RolePolicy, "tls-key", { role: role.name, policy }, transform?.tlsPolicy));
    }
    const configuration = {
      issuerCertAuthority: { awsPcaAuthorityArn: authority },
      ...(kmsKeyArn !== undefined && { kmsKey: kmsKeyArn }),
      roleArn: role.arn,
    };
    return { role, configuration };
  }
}
