import { hideVersionNotice } from "../../tool/aws-sdk";
import type { Product, Source } from "./price-sources";

/** The API is served in few regions; this one knows the prices of all. */
const API_REGION = "us-east-1";

/** Reads products from the AWS Pricing API: each question once, however many prices its answer holds. */
export class PricingApi {
  private readonly client;
  private readonly answers = new Map<string, Promise<Product[]>>();
  private readonly sdk;

  constructor(private readonly region: string) {
    hideVersionNotice();
    this.sdk = require("@aws-sdk/client-pricing") as typeof import("@aws-sdk/client-pricing");
    this.client = new this.sdk.PricingClient({ region: API_REGION, retryMode: "adaptive" });
  }

  products(source: Source): Promise<Product[]> {
    const question = JSON.stringify([source.service, source.filters]);
    const answer = this.answers.get(question) ?? this.ask(source);
    this.answers.set(question, answer);
    return answer;
  }

  private async ask({ service, filters }: Source): Promise<Product[]> {
    const products: Product[] = [];
    const Filters = Object.entries({ regionCode: this.region, ...filters }).map(([Field, Value]) => ({
      Type: "TERM_MATCH" as const,
      Field,
      Value,
    }));
    const pages = this.sdk.paginateGetProducts({ client: this.client }, { ServiceCode: service, FormatVersion: "aws_v1", Filters });
    // Each product is JSON in a string, for which the SDK has a type of its own.
    for await (const { PriceList = [] } of pages) products.push(...[...PriceList].map((text) => JSON.parse(text.toString()) as Product));
    return products;
  }
}
