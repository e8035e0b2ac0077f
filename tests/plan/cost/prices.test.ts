import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Product, priceIn, sourceOf } from "../../../plan/cost/price-sources";
import { PRICES, type PriceList, pricesFor } from "../../../plan/cost/prices";
import { type PricesFlags, run } from "../../../plan/cost/prices-command";
import { priceFileText } from "../../../plan/cost/prices-refresh";
import { Failure, type Input, ScriptedAws } from "../../ops/scripted-aws";
import { berth } from "../projects";

const OLD: PriceList = {
  region: "us-east-1",
  currency: "USD",
  date: "2026-01-02",
  source: "by hand",
  prices: {
    "fargate.vcpu.x86_64": { usd: 1, per: "vCPU-hour" },
    "fargate.memory.x86_64": { usd: 1, per: "GB-hour" },
    "fargate.vcpu.arm64": { usd: 1, per: "vCPU-hour" },
    "fargate.memory.arm64": { usd: 1, per: "GB-hour" },
    "fargate.spot": { usd: 0.3, per: "share of the price on demand", estimate: true },
    "alb.hour": { usd: 1, per: "hour" },
    "nat.hour": { usd: 1, per: "hour" },
    "ipv4.hour": { usd: 1, per: "hour" },
    "endpoint.hour": { usd: 1, per: "zone-hour" },
    "ec2.t4g.small": { usd: 1, per: "hour" },
    "ec2.m7g.large": { usd: 1, per: "hour" },
    "ebs.gp3": { usd: 1, per: "GB-month" },
    "logs.ingest": { usd: 1, per: "GB" },
  },
};

type Tiers = string | [begin: string, usd: string][];

/** The family stands beside the attributes, and is filtered by like one of them. */
type Answered = Product & { product: { productFamily?: string } };

/** A product in the shape of the API reference; its price stands alone or has tiers. */
function product({ productFamily, ...attributes }: Record<string, string>, price: Tiers): Answered {
  const tiers = typeof price === "string" ? [["0", price]] : price;
  const dimensions = tiers.map(([beginRange, USD], index) => [
    `SKU.JRTCKXETXF.${index}`,
    { unit: "Hrs", beginRange, endRange: "Inf", description: "a price", pricePerUnit: { USD }, appliesTo: [], rateCode: `SKU.${index}` },
  ]);
  return {
    product: { ...(productFamily && { productFamily }), attributes },
    terms: { OnDemand: { "SKU.JRTCKXETXF": { priceDimensions: Object.fromEntries(dimensions) } } },
  };
}

const ALB = { productFamily: "Load Balancer-Application" };

/** Frankfurt's products, in the order of an API that sorts by nothing. */
const SHOP: Record<string, Answered[]> = {
  AmazonECS: [
    product({ usagetype: "EUC1-ECS-EC2-GB-Hours" }, "0.0000000000"),
    product({ usagetype: "EUC1-Fargate-Windows-vCPU-Hours:perCPU" }, "0.1"),
    product({ usagetype: "EUC1-Fargate-ARM-vCPU-Hours:perCPU" }, "0.0372500000"),
    product({ usagetype: "EUC1-Fargate-vCPU-Hours:perCPU" }, "0.0465600000"),
    product({ usagetype: "EUC1-Fargate-ARM-GB-Hours" }, "0.0040900000"),
    product({ usagetype: "EUC1-Fargate-GB-Hours" }, "0.0051100000"),
  ],
  AWSELB: [
    product({ usagetype: "EUC1-TS-LoadBalancerUsage", operation: "LoadBalancing:Application", ...ALB }, "0.0066"),
    product({ usagetype: "EUC1-LoadBalancerUsage", operation: "LoadBalancing:Application", ...ALB }, "0.027"),
    product({ usagetype: "EUC1-LoadBalancerUsage", operation: "LoadBalancing:Network", productFamily: "Load Balancer-Network" }, "0.028"),
  ],
  AmazonVPC: [
    product({ usagetype: "EUC1-PublicIPv4:IdleAddress" }, "0.006"),
    product({ usagetype: "EUC1-PublicIPv4:InUseAddress" }, "0.005"),
    product({ usagetype: "EUC1-VpcEndpoint-GWLBE-Hours" }, "0.014"),
    product({ usagetype: "EUC1-VpcEndpoint-Hours" }, "0.012"),
  ],
  AmazonEC2: [
    product({ usagetype: "EUC1-RegionalNatGateway-Hours", operation: "NatGateway", productFamily: "NAT Gateway" }, "0.06"),
    product({ usagetype: "EUC1-NatGateway-Hours", operation: "NatGateway", productFamily: "NAT Gateway" }, "0.052"),
    product({ usagetype: "EUC1-EBS:VolumeUsage.gp3", productFamily: "Storage", volumeApiName: "gp3" }, "0.0952"),
    product({ usagetype: "EUC1-BoxUsage:t4g.small", ...linux("t4g.small") }, "0.0192"),
    product({ usagetype: "EUC1-UnusedBox:t4g.small", ...linux("t4g.small"), capacitystatus: "UnusedCapacityReservation" }, "0.0192"),
    product({ usagetype: "EUC1-BoxUsage:m7g.large", ...linux("m7g.large"), operatingSystem: "RHEL" }, "0.2"),
  ],
  AmazonCloudWatch: [
    product({ usagetype: "EUC1-DataProcessing-Bytes" }, [
      ["10", "0.63"],
      ["0", "0.0000000000"],
    ]),
  ],
};

function linux(instanceType: string): Record<string, string> {
  return { instanceType, operatingSystem: "Linux", tenancy: "Shared", capacitystatus: "Used", preInstalledSw: "NA" };
}

interface Filter {
  Type: string;
  Field: string;
  Value: string;
}

/** Answers as the API does: what matches all filters, a page at a time. */
function getProducts({ ServiceCode, Filters, NextToken }: Input): object {
  const filters = Filters as Filter[];
  const found = SHOP[ServiceCode as string]!.filter(({ product: { productFamily, attributes } }) =>
    filters.every(({ Field, Value }) => ({ regionCode: "eu-central-1", productFamily, ...attributes })[Field] === Value),
  );
  const begin = Number(NextToken ?? 0);
  const end = begin + 4;
  const PriceList = found.slice(begin, end).map((item) => JSON.stringify(item));
  return { FormatVersion: "aws_v1", PriceList, ...(end < found.length && { NextToken: String(end) }) };
}

describe("berth prices", () => {
  it("says which lists there are, and prints the prices of a region", () => {
    const { list } = pricesFor("us-east-1");
    const lists = berth("prices", "--json");
    assert.equal(lists.status, 0);
    const own = (JSON.parse(lists.stdout) as PriceList[]).find(({ region }) => region === "us-east-1");
    assert.deepEqual(own, { region: "us-east-1", currency: "USD", date: list.date, source: list.source });
    const shown = berth("prices", "--region", "us-east-1");
    assert.match(shown.stdout, new RegExp(`^us-east-1  ${list.date}  `));
    assert.match(shown.stdout, /^ {2}alb\.hour +0\.0225 per hour$/m);
    assert.match(shown.stdout, /^ {2}fargate\.spot +0\.3 per share of the price on demand \(estimate\)$/m);
    assert.equal(shown.stderr, "");
  });

  it("says that a region without a list is shown another's prices", () => {
    const { status, stdout, stderr } = berth("prices", "--region", "ap-south-99", "--json");
    assert.equal((JSON.parse(stdout) as PriceList).region, "us-east-1");
    assert.match(stderr, /^There is no price list for ap-south-99; these are us-east-1's prices\./);
    assert.equal(status, 0);
  });

  it("takes for a region only what can be one, since it names a file", () => {
    const { status, stderr } = berth("prices", "--refresh", "--region", "../../etc");
    assert.equal(stderr, '--region is "../../etc": give an AWS region\'s code, such as eu-central-1.\n');
    assert.equal(status, 2);
  });

  it("writes a list as the one in the repository is written", () => {
    const file = join(PRICES, "us-east-1.json");
    assert.equal(priceFileText(JSON.parse(readFileSync(file, "utf8")) as PriceList), readFileSync(file, "utf8"));
  });
});

describe("berth prices --refresh", () => {
  const KEYS = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"];
  const before = KEYS.map((key) => [key, process.env[key]] as const);
  let folder: string;
  let aws: ScriptedAws | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-prices-"));
    writeFileSync(join(folder, "us-east-1.json"), priceFileText(OLD));
  });
  afterEach(async () => {
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
    rmSync(folder, { recursive: true });
    await aws?.close();
    aws = undefined;
  });

  async function refresh(answer: (input: Input) => object, flags: PricesFlags = { region: "eu-central-1" }) {
    aws = await ScriptedAws.start({ GetProducts: answer });
    // A profile would go before the keys.
    delete process.env.AWS_PROFILE;
    Object.assign(process.env, { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
    let [out, err] = ["", ""];
    const status = await run(
      { ...flags, refresh: true },
      {
        folder,
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
      },
    );
    return { status, out, err };
  }

  const written = (region: string) => JSON.parse(readFileSync(join(folder, `${region}.json`), "utf8")) as PriceList;

  it("writes the region's list with what the API answers, and names what it kept", async () => {
    const today = () => new Date().toISOString().slice(0, 10);
    const begin = today();
    const { status, err, out } = await refresh(getProducts, { region: "eu-central-1", json: true });
    const list = written("eu-central-1");
    const { prices, ...head } = list;
    assert.deepEqual({ ...head, date: "" }, { region: "eu-central-1", currency: "USD", date: "", source: "AWS Pricing API" });
    assert.ok([begin, today()].includes(list.date), `the date of the day: ${list.date}`);
    const from = "us-east-1, 2026-01-02";
    assert.deepEqual(prices, {
      "fargate.vcpu.x86_64": { usd: 0.04656, per: "vCPU-hour" },
      "fargate.memory.x86_64": { usd: 0.00511, per: "GB-hour" },
      "fargate.vcpu.arm64": { usd: 0.03725, per: "vCPU-hour" },
      "fargate.memory.arm64": { usd: 0.00409, per: "GB-hour" },
      "fargate.spot": { usd: 0.3, per: "share of the price on demand", estimate: true, from },
      "alb.hour": { usd: 0.027, per: "hour" },
      "nat.hour": { usd: 0.052, per: "hour" },
      "ipv4.hour": { usd: 0.005, per: "hour" },
      "endpoint.hour": { usd: 0.012, per: "zone-hour" },
      "ec2.t4g.small": { usd: 0.0192, per: "hour" },
      "ec2.m7g.large": { usd: 1, per: "hour", from },
      "ebs.gp3": { usd: 0.0952, per: "GB-month" },
      "logs.ingest": { usd: 0.63, per: "GB" },
    });
    assert.deepEqual(JSON.parse(out), list);
    assert.match(err, /^11 prices of eu-central-1 are in .*eu-central-1\.json\.\n2 keep .*: fargate\.spot, ec2\.m7g\.large\n$/);
    assert.equal(status, 0);
    assert.equal(pricesFor("eu-central-1", folder).of("alb.hour"), 0.027, "the plan reads it");
    assert.deepEqual(written("us-east-1"), OLD, "the list of the other region stays");
  });

  it("keeps the origin of a price through the next refresh", async () => {
    await refresh(getProducts);
    await aws!.close();
    const { out } = await refresh(getProducts);
    assert.equal(written("eu-central-1").prices["fargate.spot"]!.from, "us-east-1, 2026-01-02");
    assert.match(out, /^ {2}fargate\.spot .* \(estimate, from us-east-1, 2026-01-02\)$/m);
  });

  it("asks the API's own region, for the region in question, and each question once", async () => {
    await refresh(getProducts);
    assert.deepEqual([...new Set(aws!.calls.map(({ region }) => region))], ["us-east-1"]);
    const inputs = aws!.inputs("GetProducts");
    for (const { Filters, FormatVersion } of inputs) {
      assert.deepEqual((Filters as Filter[])[0], { Type: "TERM_MATCH", Field: "regionCode", Value: "eu-central-1" });
      assert.equal(FormatVersion, "aws_v1");
    }
    // Six products of ECS are two pages.
    assert.deepEqual(
      inputs.filter(({ ServiceCode }) => ServiceCode === "AmazonECS").map(({ NextToken }) => NextToken),
      [undefined, "4"],
    );
    assert.equal(new Set(inputs.map((input) => JSON.stringify(input))).size, inputs.length);
  });

  it("writes nothing for a region of which the API has no price", async () => {
    const message = "The AWS Pricing API has no prices in USD for eu-central-9: check the region's code. Nothing was written.";
    const answer = () => ({ FormatVersion: "aws_v1", PriceList: [] });
    await assert.rejects(refresh(answer, { region: "eu-central-9" }), { name: "UserError", message });
    assert.deepEqual(readdirSync(folder), ["us-east-1.json"]);
  });

  it("writes nothing when the API refuses half-way", async () => {
    const refusal = new Failure("AccessDeniedException", "not authorized to perform: pricing:GetProducts");
    await assert.rejects(
      refresh((input) => (input.ServiceCode === "AmazonEC2" ? refusal : getProducts(input))),
      { name: "AccessDeniedException" },
    );
    assert.deepEqual(readdirSync(folder), ["us-east-1.json"]);
  });

  it("says that credentials are missing and what to do, and ends with 2", () => {
    const env = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: "true" };
    const tool = resolve(__dirname, "..", "..", "..", "bin", "berth.js");
    const region = "eu-central-99";
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool, "prices", "--refresh", "--region", region], {
      encoding: "utf8",
      env,
    });
    assert.equal(
      stderr,
      "There are no usable AWS credentials, and the Pricing API needs some.\nWhat to do:\n  - Sign in (`aws sso login`), or set AWS_PROFILE to an identity that may call pricing:GetProducts.\n",
    );
    assert.deepEqual([status, stdout, existsSync(join(PRICES, `${region}.json`))], [2, "", false]);
  });

  it("says where the list cannot be written", async () => {
    const file = join(folder, "eu-central-1.json");
    symlinkSync(join(folder, "missing", "file"), file);
    const message = `The prices cannot be written to ${file} (ENOENT): make the file writable.`;
    await assert.rejects(refresh(getProducts), { name: "UserError", message });
  });
});

describe("priceIn", () => {
  const alb = sourceOf("alb.hour")!;
  const hour = (usd: Tiers, usagetype = "LoadBalancerUsage") => product({ usagetype, operation: "LoadBalancing:Application" }, usd);

  it("reads us-east-1's usage types with and without a prefix", () => {
    for (const usage of ["LoadBalancerUsage", "USE1-LoadBalancerUsage", "EU-LoadBalancerUsage", "UGW1-LoadBalancerUsage"])
      assert.equal(priceIn([hour("0.0225", usage)], alb), 0.0225, usage);
  });

  it("takes no local zone, nor what merely ends alike", () => {
    for (const usage of ["USE1-BOS1-LoadBalancerUsage", "TS-LoadBalancerUsage", "Reserved-LoadBalancerUsage"])
      assert.equal(priceIn([hour("0.0225", usage)], alb), undefined, usage);
  });

  it("takes no other operation's price of the same usage type", () => {
    const network = product({ usagetype: "LoadBalancerUsage", operation: "LoadBalancing:Network" }, "0.03");
    assert.equal(priceIn([network], alb), undefined);
    assert.equal(priceIn([network, hour("0.0225")], alb), 0.0225);
  });

  it("takes the first tier that costs something", () => {
    const tiers: Tiers = [
      ["1000", "0.006"],
      ["0", "0"],
      ["200", "0.01"],
    ];
    assert.equal(priceIn([hour(tiers)], alb), 0.01);
  });

  it("has no answer where products name two prices, and one where they agree", () => {
    assert.equal(priceIn([hour("0.02"), hour("0.03")], alb), undefined);
    assert.equal(priceIn([hour("0.02"), hour("0.0200000000")], alb), 0.02);
  });

  it("has no answer in another currency, and none without a price on demand", () => {
    const yuan = hour("0.02");
    yuan.terms.OnDemand!["SKU.JRTCKXETXF"]!.priceDimensions["SKU.JRTCKXETXF.0"]!.pricePerUnit = {};
    assert.equal(priceIn([yuan], alb), undefined);
    assert.equal(priceIn([{ ...hour("0.02"), terms: {} }], alb), undefined);
  });
});
