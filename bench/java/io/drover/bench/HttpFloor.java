package io.drover.bench;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Floor: the three calls in a plain loop on virtual threads, nothing durable. */
final class HttpFloor {

    private static final int AT_ONCE = Integer.parseInt(System.getenv().getOrDefault("CONCURRENCY", "16"));

    private HttpFloor() {}

    public static void main(String[] args) throws Exception {
        AtomicLong done = new AtomicLong();
        Protocol.serve(Map.of(
                "submit", command -> Protocol.closedLoop(command, AT_ONCE, id -> {
                    task(id);
                    done.incrementAndGet();
                }),
                "latency", command -> Protocol.openLoop(command, HttpFloor::task),
                "count", command -> Protocol.object().put("done", done.get())));
    }

    private static void task(String id) throws Exception {
        String customer = Calls.customer(id);
        String orders = Calls.orders(id);
        String ticket = Calls.ticket(id, customer, orders);
        Calls.result(id, customer, orders, ticket);
    }
}
