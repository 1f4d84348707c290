package io.drover.route.check;

import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Components that count a message as done when it is sent to them, before its work is done; and what to write
 * instead.
 */
public final class UnawaitedComponents {

    private static final String IN_MEMORY =
            "keeps messages in the memory of the process, and each counts as done before it is processed; "
                    + "write direct:<name> for steps of the same message, or to: task:<workflow> for work of its own";

    private static final Map<String, String> SCHEMES = new TreeMap<>(Map.ofEntries(
            Map.entry("seda", IN_MEMORY),
            Map.entry("vm", IN_MEMORY),
            Map.entry("disruptor", IN_MEMORY),
            Map.entry("disruptor-vm", IN_MEMORY),
            Map.entry("stub", IN_MEMORY),
            Map.entry("hazelcast-seda", IN_MEMORY),
            Map.entry("guava-eventbus", IN_MEMORY),
            Map.entry("reactive-streams", IN_MEMORY),
            Map.entry(
                    "browse",
                    "keeps every message in memory until the process ends; write log:<name> to look at messages"),
            Map.entry(
                    "controlbus",
                    "starts and stops routes regardless of their files, and does not wait for it; "
                            + "write autoStartup or precondition in the route's file"),
            Map.entry(
                    "saga",
                    "ends a saga whose compensation runs on another thread, and nothing waits for it; "
                            + "write doTry, and call the tool that compensates in doCatch")));

    private static final String ADDITIONAL = "additionalProperties.";

    private UnawaitedComponents() {}

    /**
     * What is wrong with sending to an endpoint, or null.
     *
     * @param scheme its component's name
     * @param option the value of an option, or an empty string
     */
    public static @Nullable String problem(String scheme, UnaryOperator<String> option) {
        if (scheme.equals("direct") && isFalse(option.apply("failIfNoConsumers"))) {
            return "direct: with failIfNoConsumers=false drops the message if the route does not exist; leave it out";
        }
        String ofKafka = scheme.equals("kafka") ? ofKafka(option) : null;
        if (ofKafka != null) {
            return ofKafka;
        }
        String message = SCHEMES.get(scheme);
        return message == null ? null : scheme + ": " + message;
    }

    /** What is set by {@code additionalProperties} replaces the endpoint's own option. */
    private static @Nullable String ofKafka(UnaryOperator<String> option) {
        for (String name : List.of("requestRequiredAcks", ADDITIONAL + "acks")) {
            if (option.apply(name).strip().equals("0")) {
                return "kafka: with %s=0 counts a record as sent before a broker has it; leave it out".formatted(name);
            }
        }
        for (String name : List.of("transactionalId", ADDITIONAL + "transactional.id", "transacted")) {
            String value = option.apply(name);
            if (!value.isBlank() && !isFalse(value)) {
                return "kafka: with %s commits its records when the route has ended, and they are lost if that fails after the result was recorded; leave it out"
                        .formatted(name);
            }
        }
        return null;
    }

    /**
     * What is wrong with reading from an endpoint in the middle of a route ({@code poll}, {@code pollEnrich}), or null.
     *
     * @param scheme its component's name
     */
    public static @Nullable String polled(String scheme) {
        return scheme.equals("kafka")
                ? "kafka: is read by a consumer that keeps records in memory and commits no offset, so each restart begins "
                        + "again; write a trigger from: kafka:<topic>"
                : null;
    }

    /** What is wrong with sending to a whole URI, or null. */
    public static @Nullable String problem(String uri) {
        int colon = uri.indexOf(':');
        int query = uri.indexOf('?');
        Map<String, Object> options = query < 0 ? Map.of() : options(uri.substring(query + 1));
        return problem(
                colon < 0 ? "" : uri.substring(0, colon), name -> String.valueOf(options.getOrDefault(name, "")));
    }

    private static Map<String, Object> options(String query) {
        try {
            return URISupport.parseQuery(query, true, true);
        } catch (URISyntaxException | IllegalArgumentException e) { // it is refused where the endpoint is made
            return Map.of();
        }
    }

    private static boolean isFalse(String value) {
        return value.strip().equalsIgnoreCase("false");
    }
}
