package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** How the harness talks to a measured process: one JSON command a line in, one JSON answer a line out, marked by '@'. */
final class Protocol {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintStream OUT = System.out;

    @FunctionalInterface
    interface Handler {
        ObjectNode answer(JsonNode command) throws Exception;
    }

    @FunctionalInterface
    interface Work {
        void on(String id) throws Exception;
    }

    private Protocol() {}

    /** Answers commands until the input ends. */
    static void serve(Map<String, Handler> handlers) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        say(object().put("ready", true));
        for (String line; (line = in.readLine()) != null; ) {
            JsonNode command = JSON.readTree(line);
            Thread.ofVirtual().start(() -> say(answer(handlers, command).put("rid", command.get("rid").asInt())));
        }
    }

    private static ObjectNode answer(Map<String, Handler> handlers, JsonNode command) {
        try {
            return handlers.get(command.get("cmd").asText()).answer(command).put("ok", true);
        } catch (Throwable e) {
            e.printStackTrace();
            return object().put("ok", false).put("error", String.valueOf(e));
        }
    }

    private static void say(ObjectNode answer) {
        synchronized (OUT) {
            OUT.println("@" + answer);
            OUT.flush();
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** The ids {@code prefix0 … prefix<n-1>}, as many at a time as the command or the process says. */
    static ObjectNode closedLoop(JsonNode command, int atOnce, Work work) throws Exception {
        int n = command.get("n").asInt();
        String prefix = command.get("prefix").asText();
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < Math.min(n, atOnce); t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i; (i = next.getAndIncrement()) < n && failure.get() == null; ) {
                        work.on(prefix + i);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        return object();
    }

    /** The same at a fixed rate, whatever the answers; the time that each took, in milliseconds. */
    static ObjectNode openLoop(JsonNode command, Work work) throws Exception {
        int n = command.get("n").asInt();
        String prefix = command.get("prefix").asText();
        long interval = (long) (1e9 / command.get("rate").asDouble());
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        double[] took = new double[n];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            TimeUnit.NANOSECONDS.sleep(start + i * interval - System.nanoTime());
            int k = i;
            threads.add(Thread.ofVirtual().start(() -> {
                long begin = System.nanoTime();
                try {
                    work.on(prefix + k);
                    took[k] = (System.nanoTime() - begin) / 1e6;
                } catch (Throwable e) {
                    e.printStackTrace();
                    took[k] = -1;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        ObjectNode answer = object();
        ArrayNode latencies = answer.putArray("latencies");
        for (double one : took) {
            latencies.add(one);
        }
        return answer;
    }
}
