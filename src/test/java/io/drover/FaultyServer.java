package io.drover;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A real HTTP/1.1 server that misbehaves on demand: each path answers what is queued for it, then {@code {"ok":true}}.
 */
public final class FaultyServer implements AutoCloseable {

    /** A request as it came over the wire. */
    public record Request(String method, String target, Map<String, String> headers, String body, long nanos) {
        public String path() {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }
    }

    /** Writes a response, or does not. */
    @FunctionalInterface
    public interface Answer {
        void write(OutputStream out) throws Exception;
    }

    private final ServerSocket server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Answer>> queued = new ConcurrentHashMap<>();
    private final Map<String, Answer> always = new ConcurrentHashMap<>();
    private final Map<String, Function<Request, Answer>> responders = new ConcurrentHashMap<>();
    private final Map<String, Function<Request, Answer>> below = new ConcurrentHashMap<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    public FaultyServer() {
        try {
            server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** The next requests to the path are answered so, one each. */
    public FaultyServer next(String path, Answer... answers) {
        queued.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).addAll(List.of(answers));
        return this;
    }

    /** All further requests to the path are answered so, when nothing is queued. */
    public FaultyServer always(String path, Answer answer) {
        always.put(path, answer);
        return this;
    }

    /** All further requests to the path are answered by what they say, when nothing is queued. */
    public FaultyServer respond(String path, Function<Request, Answer> answers) {
        responders.put(path, answers);
        return this;
    }

    /** The same for all paths below one, when nothing else is said of them. */
    public FaultyServer respondBelow(String path, Function<Request, Answer> answers) {
        below.put(path + "/", answers);
        return this;
    }

    /** As new: forgets the requests, and how to answer them. */
    public void reset() {
        queued.clear();
        always.clear();
        responders.clear();
        below.clear();
        requests.clear();
    }

    /** All requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    public static Answer json(String body) {
        return status(200, "Content-Type: application/json", body);
    }

    public static Answer status(int code, String header, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return out -> {
            String head = "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n"
                    .formatted(code, header.isEmpty() ? "" : header + "\r\n", bytes.length);
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.flush();
        };
    }

    /** Answers well, but late. */
    public static Answer after(long millis, Answer answer) {
        return out -> {
            Thread.sleep(millis);
            answer.write(out);
        };
    }

    /** Closes the connection without a word. */
    public static Answer hangUp() {
        return out -> {
            throw new IOException("hang up");
        };
    }

    /** Announces more than it sends. */
    public static Answer half() {
        return out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"ok\":"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            throw new IOException("half is enough");
        };
    }

    /** How many connections have been opened so far. */
    public int connections() {
        return connections.get();
    }

    /** The clients' ends of its connections. */
    public Stream<ClientSocket> clients() {
        return ClientSocket.to(server.getLocalPort());
    }

    /** Closes all connections, as a server does with those that were idle for too long. */
    public void closeIdle() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Request request = read(in);
                if (request == null) {
                    return;
                }
                requests.add(request);
                answer(request).write(socket.getOutputStream());
            }
        } catch (Exception e) {
            // the connection is closed, which is what the test asked for
        } finally {
            open.remove(socket);
        }
    }

    private Answer answer(Request request) {
        Queue<Answer> next = queued.get(request.path());
        Answer answer = next == null ? null : next.poll();
        if (answer != null) {
            return answer;
        }
        Function<Request, Answer> responder = responders.getOrDefault(request.path(), below(request.path()));
        return responder != null
                ? responder.apply(request)
                : always.getOrDefault(request.path(), json("{\"ok\":true}"));
    }

    private Function<Request, Answer> below(String path) {
        return below.entrySet().stream()
                .filter(service -> path.startsWith(service.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static Request read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        byte[] body = headers.getOrDefault("Transfer-Encoding", "").contains("chunked")
                ? chunks(in)
                : in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        String[] parts = start.split(" ");
        return new Request(parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8), System.nanoTime());
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
