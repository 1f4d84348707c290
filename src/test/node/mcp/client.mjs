// Lists the tools of a server and calls some of them; prints what came back as one JSON document.
// node client.mjs <url> <user:password>
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, login] = process.argv.slice(2);
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { Authorization: 'Basic ' + Buffer.from(login).toString('base64') } },
});
const client = new Client({ name: 'drover-test', version: '1' });
await client.connect(transport);

const { tools } = await client.listTools();
const greeted = await client.callTool({ name: 'greet', arguments: { name: 'Ada', amount: 2 } });
const refused = await client.callTool({ name: 'greet', arguments: { nobody: true } });
const unknown = await client.callTool({ name: 'nothing' }).catch(error => ({ code: error.code }));

console.log(JSON.stringify({ server: client.getServerVersion(), tools, greeted, refused, unknown }));
await transport.terminateSession();
await client.close();
