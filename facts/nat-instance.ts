/** What stands in place of NAT gateways with `nat: instance`: the smallest type, and GiB of its disk. */
export const NAT_INSTANCE = { type: "t4g.nano", disk: 8 };
