package io.drover.bench;

import java.io.EOFException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Submits tasks over Drover's HTTP API from a process of its own. */
final class HttpDriver {

    private static final int SUBMITTERS = 64;
    private static final String INPUT = "{\"subject\":\"where is my order\"}";
    private static final RawHttp HTTP = RawHttp.to(System.getenv("DROVER_URL"));
    private static final String AUTHORIZATION = "Authorization: Basic "
            + Base64.getEncoder().encodeToString(System.getenv("DROVER_USER").getBytes(StandardCharsets.UTF_8))
            + "\r\n";

    private HttpDriver() {}

    public static void main(String[] args) throws Exception {
        Protocol.serve(Map.of(
                "submit", command -> Protocol.closedLoop(command, SUBMITTERS, HttpDriver::submit),
                "latency", command -> Protocol.openLoop(command, HttpDriver::postAndWait)));
    }

    /** Until it is accepted: a process that dies meanwhile costs a repetition with the same key. */
    private static void submit(String key) throws Exception {
        while (true) {
            try {
                post(key, "");
                return;
            } catch (SocketException | EOFException e) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private static String post(String key, String headers) throws Exception {
        return HTTP.call(
                "POST",
                "/api/tasks/support-ticket",
                AUTHORIZATION + "Idempotency-Key: " + key + "\r\n" + headers,
                INPUT);
    }

    private static void postAndWait(String key) throws Exception {
        String answer;
        try {
            answer = post(key, "Prefer: wait=10\r\n");
        } catch (SocketException | EOFException e) {
            answer = post(key, "Prefer: wait=10\r\n"); // the server had closed an idle connection
        }
        if (!answer.contains("COMPLETED")) {
            throw new IllegalStateException(answer);
        }
    }
}
