// Submits over Restate's ingress and counts over its admin API.
import { Agent, request } from "undici";
import { serve } from "./protocol.mjs";

const dispatcher = new Agent({ connections: 1024, pipelining: 1, keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 });

async function post(url, body) {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const answer = await request(url, { dispatcher, method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode > 299) throw new Error(`${answer.statusCode} ${text}`);
  return text;
}

const run = (id, suffix = "") => post(`${process.env.INGRESS_URL}/SupportTicket/${id}/run${suffix}`, { id });

serve({
  async submit({ n, prefix }) {
    let next = 0;
    await Promise.all(Array.from({ length: Math.min(64, n) }, async () => {
      while (next < n) await run(prefix + next++, "/send");
    }));
  },
  async latency({ n, rate, prefix }) {
    const begin = performance.now() + 50;
    const took = [];
    for (let i = 0; i < n; i++) {
      const wait = begin + (i * 1000) / rate - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const sent = performance.now();
      took.push(run(prefix + i).then(() => performance.now() - sent));
    }
    return { latencies: await Promise.all(took) };
  },
  async count() {
    const query = "select count(*) as n from sys_invocation where status = 'completed'";
    return { done: Number(JSON.parse(await post(`${process.env.ADMIN_URL}/query`, { query })).rows[0].n) };
  },
});
