// The task as a Restate workflow: three calls, each result recorded before the next call.
import * as http2 from "node:http2";
import * as restate from "@restatedev/restate-sdk";
import { Agent, request } from "undici";
import { serve } from "./protocol.mjs";

const dispatcher = new Agent({ connections: 4096, pipelining: 1, keepAliveTimeout: 60_000 });

async function call(method, path, key, body) {
  const headers = key && { "idempotency-key": key, "content-type": "application/json" };
  const answer = await request(process.env.STUB_URL + path, { dispatcher, method, headers, body: body && JSON.stringify(body) });
  if (answer.statusCode !== 200) throw new Error(`the stub answered ${answer.statusCode}`);
  return answer.body.json();
}

async function run(ctx, { id }) {
  const customer = await ctx.run("customer", () => call("GET", `/customer/${id}`));
  const orders = await ctx.run("orders", () => call("GET", `/orders/${id}`));
  const late = orders.orders.filter((order) => order.state === "late").map((order) => order.id);
  const ticket = await ctx.run("ticket", () =>
    call("POST", "/ticket", id, { task: id, customer: customer.id, tier: customer.tier, late }));
  return { task: id, customer: customer.id, orders: orders.orders.length, ticket: ticket.ticket };
}

const handler = restate.endpoint().bind(restate.workflow({ name: "SupportTicket", handlers: { run } })).http2Handler();
http2.createServer(handler).listen(Number(process.env.SERVICE_PORT), "127.0.0.1", () => serve({}));
