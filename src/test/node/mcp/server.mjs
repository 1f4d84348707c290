// A server whose tools a test changes: node server.mjs <port> <state>
// The state is {"tools": [...], "pageSize": n, "mended": bool}; POST /control changes it, GET /control says what was called.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';

const sessions = new Map();
const calls = [];
let { tools, pageSize, mended } = JSON.parse(process.argv[3]);

function open() {
  const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: { listChanged: true } } });
  server.setRequestHandler(ListToolsRequestSchema, async request => {
    const from = Number(request.params?.cursor ?? 0);
    const next = from + pageSize;
    return { tools: tools.slice(from, next), ...(next < tools.length && { nextCursor: String(next) }) };
  });
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const { name, arguments: args, _meta } = request.params;
    const header = extra.requestInfo?.headers ?? {};
    calls.push({ name, args, key: _meta?.['io.drover/idempotencyKey'], header: header['idempotency-key'], authorization: header.authorization });
    switch (name) {
      case 'fail': case 'look': return { isError: true, content: [{ type: 'text', text: 'no such order' }] };
      case 'drover': case 'drover_again': { // as another Drover answers, once
        const again = calls.filter(call => call.args?.n === args.n).length > 1;
        const error = JSON.stringify({ error: { type: args.type, message: 'so it is' } });
        return again ? { content: [{ type: 'text', text: 'at last' }] } : { isError: true, content: [{ type: 'text', text: error }] };
      }
      case 'refuse': throw new McpError(-32602, 'not with these arguments');
      case 'break': if (!mended) process.exit(1); // as if killed: the answer never comes
      // falls through
      case 'mended': return { content: [{ type: 'text', text: 'mended' }] };
      case 'structured': return { content: [{ type: 'text', text: '{}' }], structuredContent: { sum: args.a + args.b } };
      case 'image': return { content: [{ type: 'image', data: 'aGk=', mimeType: 'image/png' }] };
      default: return { content: [{ type: 'text', text: `${name}: ${JSON.stringify(args)}` }] };
    }
  });
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: id => sessions.set(id, { server, transport }),
  });
  transport.onclose = () => sessions.delete(transport.sessionId);
  server.connect(transport);
  return transport;
}

async function control(request, response) {
  if (request.method === 'POST') {
    let body = '';
    for await (const chunk of request) body += chunk;
    ({ tools, pageSize, mended } = { tools, pageSize, mended, ...JSON.parse(body) });
    for (const { server } of sessions.values()) await server.sendToolListChanged();
  }
  response.end(JSON.stringify({ calls, sessions: sessions.size }));
}

createServer(async (request, response) => {
  if (request.url === '/control') return control(request, response);
  const id = request.headers['mcp-session-id'];
  if (id && !sessions.has(id)) return response.writeHead(404).end();
  const transport = id ? sessions.get(id).transport : open();
  return transport.handleRequest(request, response);
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
