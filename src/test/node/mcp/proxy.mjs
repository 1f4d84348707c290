// Adds an Authorization header to every request, for programs that cannot: node proxy.mjs <port of the server> <user:password>
// Host and Origin go through as they are. Prints its own port.
import http from 'node:http';

const [target, login] = process.argv.slice(2);
const authorization = 'Basic ' + Buffer.from(login).toString('base64');
const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization };
  const onward = http.request(
    { host: '127.0.0.1', port: target, path: request.url, method: request.method, headers, setHost: false },
    answer => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});
proxy.listen(0, '127.0.0.1', () => console.log(proxy.address().port));
