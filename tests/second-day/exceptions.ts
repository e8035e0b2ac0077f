import type { Hazard } from "../../plan/update/serving/hazard";

/** A hazard of the matrix that is known. */
export interface Exception {
  /** The row: `service.port`, `service.port (blueGreen)`; both directions and the unset key are meant. */
  change: string;
  kinds: Hazard["kind"][];
  /** What of it is meant; everything, where nothing is said. */
  about?: RegExp;
}

/** What cannot be otherwise: the sentence says why, and what it costs. */
export interface Unavoidable extends Exception {
  because: string;
}

export const UNAVOIDABLE: Unavoidable[] = [
  {
    change: "network.cidrBlock",
    kinds: ["replaced", "needs", "traffic", "unfollowed"],
    because: "A VPC's first range never changes: another one is another network, with all that stands in it.",
  },
  {
    change: "network.existing",
    kinds: ["replaced", "removed", "needs", "traffic", "unfollowed"],
    because: "Another network is another place: nothing that stands in one can move to the other.",
  },
  {
    change: "network.nat",
    kinds: ["removed"],
    about: /^Eip /,
    because: "The address of a NAT gateway goes with it; who allows it by its number must allow the new one.",
  },
  { change: "network.zones", kinds: ["removed"], about: /^Eip /, because: "The address of a zone's NAT gateway goes with the zone." },
  { change: "network.endpoints", kinds: ["removed"], about: /^Eip /, because: "The addresses of NAT gateways go with them." },
  { change: "compute", kinds: ["removed"], about: /^Eip /, because: "The addresses of NAT gateways go with them." },
  { change: "network.flowLogs", kinds: ["removed"], about: /^LogGroup /, because: "Switched off, the records so far go too." },
  {
    change: "encryption",
    kinds: ["replaced", "removed"],
    about: /^(Repository|Key) /,
    because: "ECR encrypts a repository with one key for its life: another key is another repository, without the images so far.",
  },
  {
    change: "kmsKeyArn",
    kinds: ["replaced"],
    about: /^Repository /,
    because: "ECR encrypts a repository with one key for its life: another key is another repository, without the images so far.",
  },
  {
    change: "image.imageUri",
    kinds: ["removed"],
    about: /^Repository /,
    because: "An image from elsewhere needs no repository of the stack's own, and the images in it go.",
  },
  {
    change: "image.cache",
    kinds: ["removed"],
    about: /^Repository web-cache/,
    because: "Without a cache its repository goes; the next build is slower, and loses nothing else.",
  },
  {
    change: "loadBalancer.internal",
    kinds: ["replaced"],
    because: "AWS makes a load balancer for the internet or for the VPC: the other kind is another one, with another DNS name.",
  },
  { change: "loadBalancer.accessLogs", kinds: ["removed"], about: /^Bucket /, because: "Switched off, the logs so far go too." },
  {
    change: "service.name",
    kinds: ["removed"],
    because: "The name is the service's identity: another name is another service, beside the first until it serves.",
  },
  {
    change: "service.daemon",
    kinds: ["replaced"],
    about: /^Service /,
    because: "ECS keeps a service's scheduling strategy for its life.",
  },
  { change: "tasks", kinds: ["removed"], about: /^LogGroup /, because: "A task that is taken away takes its logs along." },
];

/** What is still to be mended, by the case that it is. */
export interface Open extends Exception {
  open: string;
}

export const OPEN: Open[] = [
  { open: "S1", change: "service.port", kinds: ["replaced", "traffic"] },
  { open: "S1", change: "service.networkMode", kinds: ["replaced", "traffic", "needs", "start"] },
  { open: "S1", change: "service.secrets", kinds: ["needs"], about: /may no longer secretsmanager:/ },
  { open: "S1", change: "service.secretsKmsKeyArns", kinds: ["needs"], about: /may no longer kms:/ },
  { open: "S1", change: "image.imageUri", kinds: ["needs"], about: /may no longer ecr:/ },
  { open: "S1", change: "loadBalancer.domain", kinds: ["traffic"], about: /Listener public-http is updated/ },
  { open: "S1", change: "loadBalancer.certificateArn", kinds: ["traffic"], about: /Listener public-http is updated/ },
  { open: "S3", change: "service.capacity", kinds: ["replaced"] },
  { open: "S4", change: "compute", kinds: ["replaced"] },
  { open: "S4", change: "managedInstances.capacity", kinds: ["replaced"] },
  { open: "S5", change: "managedInstances.capacity", kinds: ["refused"], about: /until it is ACTIVE/ },
  { open: "S5", change: "network.cidrBlock", kinds: ["refused"], about: /until it is ACTIVE/ },
  { open: "S5", change: "compute", kinds: ["refused"], about: /until it is ACTIVE/ },
  { open: "S6", change: "tasks.report.schedule", kinds: ["refused", "removed"] },
  { open: "S8", change: "loadBalancer.domain (a blueGreen service)", kinds: ["traffic", "needs", "unfollowed"] },
  { open: "S9", change: "loadBalancer.internal", kinds: ["refused"], about: /two load balancers/ },
  { open: "S10", change: "service.rollout", kinds: ["kept", "traffic"] },
  { open: "S10", change: "service.rollout.alarms", kinds: ["kept"] },
  { open: "S10", change: "service.rollout.lifecycleHooks", kinds: ["kept"] },
  { open: "S10", change: "loadBalancer.accessLogs", kinds: ["kept"] },
  { open: "S11", change: "service.rollout.testHeader", kinds: ["unfollowed", "needs"] },
  { open: "S12", change: "encryption", kinds: ["needs"], about: /may no longer ecr:/ },
  { open: "S12", change: "kmsKeyArn", kinds: ["needs"], about: /may no longer ecr:/ },
  { open: "S18", change: "service.sleep", kinds: ["kept"] },
  { open: "S19", change: "network.zones", kinds: ["unfollowed", "needs"] },
  { open: "S20", change: "network.nat", kinds: ["unfollowed", "needs"] },
  { open: "S20", change: "network.endpoints", kinds: ["unfollowed", "needs"] },
  { open: "S23", change: "encryption (protected)", kinds: ["refused"] },
  { open: "S23", change: "loadBalancer.internal (protected)", kinds: ["refused"] },
  { open: "S23", change: "loadBalancer.accessLogs (protected, off)", kinds: ["refused"] },
  { open: "S23", change: "image.imageUri (protected)", kinds: ["refused"] },
  { open: "X12", change: "service.name", kinds: ["refused"] },
];
