// Whether the hosted zones are there, and the names in them free.
import type { HostedZone, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { isInZone } from "../../facts/domain";
import { orMeant } from "../../facts/errors";
import type { Resource } from "../../facts/graph";
import type { Aws } from "../stack/aws";
import { type PlannedStack, textOf } from "./planned-stack";
import { type Answer, asked, type Finding, lookedUp, notPermitted, unlessFound, type Verification } from "./verification";

const RECORD = "aws:route53/record:Record";

/** A zone as the program names it: by what it is for, or by its id. */
interface Wanted {
  name?: string;
  id?: string;
  isPrivate: boolean;
}

interface Found {
  wanted: Wanted;
  zone: Answer<HostedZone | undefined>;
  /** Names of zones, where this one is missing. */
  others: string[];
  /** What stands under the names of the records that the update creates in it. */
  records: { record: Resource; sets: Answer<ResourceRecordSet[]> }[];
}

const bare = (name: string) => name.toLowerCase().replace(/\.$/, "").replace("\\052", "*");
/** What a zone is called in a sentence. */
const labelOf = ({ name, id, isPrivate }: Wanted) => `${isPrivate ? "private" : "public"} hosted zone ${name ?? id}`;

const holds = (zone: string, { type, inputs }: Resource) => type === RECORD && isInZone(bare(textOf(inputs, "name") ?? ""), zone);

/** The zones that the program looks up here, and those that its records name. */
function zonesIn(stack: PlannedStack): Wanted[] {
  const looked = stack.graph.invokes
    .filter(({ token }) => token === "aws:route53/getZone:getZone")
    .map(({ args }): Wanted => {
      const [name, id] = [textOf(args, "name"), textOf(args, "zoneId")];
      return { ...(name !== undefined && { name: bare(name) }), ...(id !== undefined && { id }), isPrivate: args.privateZone === true };
    });
  const isElsewhere = ({ name }: Wanted) =>
    name !== undefined && stack.elsewhere.some((one) => holds(name, one)) && !stack.ofType(RECORD).some((one) => holds(name, one));
  // The id that a lookup by name answers in a plan is made up.
  const named = looked.some(({ name }) => name !== undefined) ? [] : stack.ofType(RECORD).filter((one) => stack.isGiven(one, "zoneId"));
  const given = named.map(({ inputs }): Wanted => ({ id: textOf(inputs, "zoneId")!, isPrivate: false }));
  const here = looked.filter((one) => !isElsewhere(one));
  return [...new Map([...here, ...given].map((one) => [`${one.name} ${one.id} ${one.isPrivate}`, one])).values()];
}

/** The records that the update creates in a zone, of those whose names are known and that replace none. */
function recordsIn(stack: PlannedStack, zone: Wanted, all: readonly Wanted[]): Resource[] {
  return stack.created(RECORD).filter((record) => {
    const name = stack.isGiven(record, "name") ? bare(textOf(record.inputs, "name")!) : undefined;
    if (name === undefined || record.inputs.allowOverwrite === true || record.propertyDependencies.zoneId?.length) return false;
    if (zone.name === undefined) return textOf(record.inputs, "zoneId") === zone.id;
    const fitting = all.flatMap((one) => (one.name !== undefined && isInZone(name, one.name) ? [one.name] : []));
    return zone.name === fitting.sort((a, b) => b.length - a.length)[0];
  });
}

async function find(stack: PlannedStack, aws: Aws, wanted: Wanted, all: readonly Wanted[]): Promise<Found> {
  const zone = await lookedUp(wanted.id === undefined ? byName(aws, wanted) : byId(aws, wanted.id), "NoSuchHostedZone", "InvalidInput");
  const id = "value" in zone ? zone.value?.Id : undefined;
  if (id === undefined) {
    const others = "value" in zone ? await asked(aws.route53().listHostedZonesByName({})) : undefined;
    const names = others && "value" in others ? (others.value.HostedZones ?? []).flatMap(({ Name }) => (Name ? [bare(Name)] : [])) : [];
    return { wanted, zone, others: names, records: [] };
  }
  const records = recordsIn(stack, wanted, all).map(async (record) => ({ record, sets: await asked(setsOf(aws, id, record)) }));
  return { wanted, zone, others: [], records: await Promise.all(records) };
}

const byId = (aws: Aws, Id: string) =>
  aws
    .route53()
    .getHostedZone({ Id })
    .then(({ HostedZone }) => HostedZone);

async function byName(aws: Aws, { name, isPrivate }: Wanted): Promise<HostedZone | undefined> {
  const { HostedZones = [] } = await aws.route53().listHostedZonesByName({ DNSName: name!, MaxItems: 10 });
  return HostedZones.find(({ Name = "", Config }) => bare(Name) === name && (Config?.PrivateZone ?? false) === isPrivate);
}

async function setsOf(aws: Aws, zone: string, { inputs }: Resource): Promise<ResourceRecordSet[]> {
  const StartRecordName = textOf(inputs, "name")!;
  const { ResourceRecordSets = [] } = await aws
    .route53()
    .listResourceRecordSets({ HostedZoneId: zone.replace("/hostedzone/", ""), StartRecordName, MaxItems: 20 });
  return ResourceRecordSets.filter(({ Name = "" }) => bare(Name) === bare(StartRecordName));
}

function judgeRecord({ isStateKnown }: PlannedStack, { record, sets }: Found["records"][number]): Finding[] {
  const { type, setIdentifier } = record.inputs;
  const name = textOf(record.inputs, "name")!;
  if ("denied" in sets) return [notPermitted(`whether ${name} is free`, sets.denied)];
  const clash = sets.value.find((one) => (one.Type === type ? one.SetIdentifier === setIdentifier : [one.Type, type].includes("CNAME")));
  if (!clash) return [];
  const detail = `${name} has a record of type ${clash.Type} already, which is not this stack's.`;
  const fix = "Choose another domain, remove the record, or import it into the stack (pulumi import).";
  return [isStateKnown ? { result: "fail", detail, fix } : { result: "warn", detail: detail.replace("is not", "may not be"), fix }];
}

function judge(stack: PlannedStack, { wanted, zone, others, records }: Found): Finding[] {
  if ("denied" in zone) return [notPermitted(labelOf(wanted), zone.denied)];
  if (zone.value) return records.flatMap((one) => judgeRecord(stack, one));
  const detail = `there is no ${labelOf(wanted)} in this account${wanted.name === undefined ? "." : orMeant(wanted.name, others)}`;
  return [{ result: "fail", detail, fix: "Create it in Route 53, correct the domain, or choose the credentials of its account." }];
}

export const dns: Verification<Found[]> = {
  name: "DNS",
  read(stack, aws) {
    const zones = zonesIn(stack);
    return zones.length === 0 ? undefined : Promise.all(zones.map((one) => find(stack, aws, one, zones)));
  },
  judge: (stack, found) =>
    unlessFound(
      found.flatMap((one) => judge(stack, one)),
      `${found.map(({ wanted }) => labelOf(wanted)).join(", ")}: there, and the names free`,
    ),
};
