package io.drover.route.check;

import java.net.URISyntaxException;
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
        if (scheme.equals("kafka")
                && option.apply("requestRequiredAcks").strip().equals("0")) {
            return "kafka: with requestRequiredAcks=0 counts a record as sent before a broker has it; leave it out";
        }
        String message = SCHEMES.get(scheme);
        return message == null ? null : scheme + ": " + message;
    }

    /** The same of a whole URI. */
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
