package io.drover.local;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The CRM, shop, payment and mail services of the sample domain as one HTTP server on loopback. Who writes decides what
 * goes wrong, by the domain of the e-mail address:
 *
 * <pre>
 * crm-flaky.example     the CRM answers 503 once                               the call is tried again
 * crm-down.example      the CRM always answers 503                             the tool falls back to the copy
 * mail-flaky.example    the mail service answers 500 four times                the task is tried again
 * mail-down.example     the mail service always answers 500                    the task is dead after its attempts
 * pay-busy.example      payments answer 429 with Retry-After: 2, once          the task waits and comes back
 * pay-lost.example      payments refund, and cut the connection                in doubt; reconciled: it happened
 * pay-down.example      payments always answer 503 and refund nothing          reconciled: it did not; dead in the end
 * voucher-lost.example  payments send a voucher, and cut the connection        in doubt; a person decides
 * </pre>
 *
 * The shop does not know orders above {@code O-8999}: the task is dead at once.
 */
public final class SampleBackEnds implements AutoCloseable {

    private static final int LAST_ORDER = 8999;

    private final HttpServer server;
    private final Map<String, JsonNode> doneByKey = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

    private final @Nullable Path memory;

    private SampleBackEnds(HttpServer server, @Nullable Path memory) {
        this.server = server;
        this.memory = memory;
    }

    /** What a service answers. */
    private record Answer(int status, @Nullable Object body, Map<String, String> headers) {
        static Answer ok(Object body) {
            return new Answer(200, body, Map.of());
        }

        static Answer failure(int status, String message) {
            return new Answer(status, Map.of("error", message), Map.of());
        }
    }

    /** Answers a request, or null to cut the connection without an answer. */
    @FunctionalInterface
    private interface Service {
        @Nullable
        Answer answer(HttpExchange request) throws IOException;
    }

    /** Starts them on a free port. */
    public static SampleBackEnds temporary() {
        return start(null);
    }

    /** Starts them on a free port; they remember in a file what they have done. */
    static SampleBackEnds keptIn(Path memory) {
        return start(memory);
    }

    private static SampleBackEnds start(@Nullable Path memory) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            SampleBackEnds backEnds = new SampleBackEnds(server, memory);
            backEnds.remember();
            backEnds.serve("/crm/customers/", backEnds::customer);
            backEnds.serve("/shop/orders/", backEnds::order);
            backEnds.serve("/payments/refunds", backEnds::refund);
            backEnds.serve("/payments/vouchers", backEnds::voucher);
            backEnds.serve("/mail/messages", backEnds::mail);
            server.start();
            return backEnds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where they are. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many things of a kind (refund, voucher, mail) were done. */
    public long done(String kind) {
        return doneByKey.values().stream()
                .filter(done -> done.path("kind").asText().equals(kind))
                .count();
    }

    private Answer customer(HttpExchange request) {
        String email = lastSegment(request);
        if (isFrom(email, "crm-down") || isFrom(email, "crm-flaky") && isAmongFirst(1, "crm", email)) {
            return Answer.failure(503, "the CRM is overloaded");
        }
        return Answer.ok(
                Map.of("email", email, "name", nameOf(email), "tier", email.length() % 3 == 0 ? "gold" : "standard"));
    }

    private Answer order(HttpExchange request) {
        String id = lastSegment(request);
        int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
        return number > LAST_ORDER
                ? Answer.failure(404, "there is no order " + id)
                : Answer.ok(Map.of("orderId", id, "total", number % 500 + 1, "paid", true));
    }

    private @Nullable Answer refund(HttpExchange request) throws IOException {
        if (request.getRequestMethod().equals("GET")) {
            String key = request.getRequestURI().getQuery().replaceFirst("^key=", "");
            JsonNode done = doneByKey.get(key);
            return Answer.ok(done == null ? Map.of("happened", false) : Map.of("happened", true, "result", done));
        }
        JsonNode asked = body(request);
        String email = asked.path("email").asText();
        if (isFrom(email, "pay-down")) {
            return Answer.failure(503, "payments are down");
        }
        if (isFrom(email, "pay-busy") && isAmongFirst(1, "refund", email)) {
            return new Answer(429, Map.of("error", "too many refunds"), Map.of("Retry-After", "2"));
        }
        JsonNode done = once(
                request,
                "refund",
                "we have refunded %s for order %s."
                        .formatted(
                                asked.path("amount").asText(),
                                asked.path("orderId").asText()));
        return isFrom(email, "pay-lost") ? null : Answer.ok(done);
    }

    private @Nullable Answer voucher(HttpExchange request) throws IOException {
        String email = body(request).path("email").asText();
        JsonNode done = once(request, "voucher", "we are sorry; a voucher of 20 is on its way to you.");
        return isFrom(email, "voucher-lost") ? null : Answer.ok(done);
    }

    private Answer mail(HttpExchange request) throws IOException {
        String to = body(request).path("to").asText();
        if (isFrom(to, "mail-down") || isFrom(to, "mail-flaky") && isAmongFirst(4, "mail", to)) {
            return Answer.failure(500, "the mail queue is broken");
        }
        return Answer.ok(once(request, "mail", "sent"));
    }

    /** Does something for the first request with an {@code Idempotency-Key}, and answers the same to the others. */
    private JsonNode once(HttpExchange request, String kind, String message) {
        String key = request.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null) {
            throw new IllegalArgumentException("a POST needs an Idempotency-Key");
        }
        return doneByKey.computeIfAbsent(key, k -> {
            JsonNode done =
                    Json.tree(Map.of("kind", kind, "message", message, "messageId", kind + "-" + k.substring(28)));
            keep(k, done);
            return done;
        });
    }

    private synchronized void keep(String key, JsonNode done) {
        if (memory != null) {
            try {
                Files.writeString(memory, key + " " + Json.write(done) + "\n", CREATE, APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void remember() throws IOException {
        if (memory != null && Files.exists(memory)) {
            for (String line : Files.readAllLines(memory)) {
                doneByKey.put(line.substring(0, line.indexOf(' ')), Json.parse(line.substring(line.indexOf(' '))));
            }
        }
    }

    private boolean isAmongFirst(int count, String service, String who) {
        return requests.computeIfAbsent(service + " " + who, k -> new AtomicInteger())
                        .incrementAndGet()
                <= count;
    }

    private static boolean isFrom(String email, String domain) {
        return email.endsWith("@" + domain + ".example");
    }

    private static String nameOf(String email) {
        String name = email.replaceFirst("[.@].*", "");
        return name.isEmpty() ? "customer" : name.substring(0, 1).toUpperCase() + name.substring(1);
    }

    private static String lastSegment(HttpExchange request) {
        String path = request.getRequestURI().getRawPath();
        return URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static JsonNode body(HttpExchange request) throws IOException {
        return Json.parse(new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    private void serve(String path, Service service) {
        server.createContext(path, request -> {
            try (request) {
                Answer answer;
                try {
                    answer = service.answer(request);
                } catch (IllegalArgumentException | IOException e) {
                    answer = Answer.failure(400, String.valueOf(e.getMessage()));
                }
                if (answer == null) {
                    throw new IOException("the connection is cut");
                }
                byte[] bytes = Json.write(answer.body()).getBytes(StandardCharsets.UTF_8);
                request.getResponseHeaders().set("Content-Type", "application/json");
                answer.headers().forEach(request.getResponseHeaders()::set);
                request.sendResponseHeaders(answer.status(), bytes.length);
                request.getResponseBody().write(bytes);
            }
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
