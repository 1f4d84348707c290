package io.drover.intake;

import io.drover.journal.SetAside;
import io.drover.route.RouteIds;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConsumer;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** All Kafka triggers: how their consumers are, how to reach their brokers, and what was set aside of their records. */
@Component
public class KafkaTriggers {

    private final CamelContext context;

    KafkaTriggers(CamelContext context) {
        this.context = context;
    }

    /**
     * A trigger that reads from Kafka.
     *
     * @param group  the consumer group in which it does
     * @param topics that it reads; none when it reads by a pattern
     */
    public record Trigger(String name, String group, List<String> topics) {}

    /** Whether any trigger reads from Kafka. */
    public boolean isPresent() {
        return !routes().isEmpty();
    }

    /** The triggers that read from Kafka. */
    public List<Trigger> triggers() {
        return routes().stream()
                .map(route ->
                        trigger(route, ((KafkaEndpoint) Delegates.innermost(route.getEndpoint())).getConfiguration()))
                .toList();
    }

    private static Trigger trigger(Route route, KafkaConfiguration configuration) {
        return new Trigger(
                RouteIds.logical(route.getRouteId()),
                configuration.getGroupId(),
                configuration.isTopicIsPattern()
                        ? List.of()
                        : List.of(configuration.getTopic().split(",")));
    }

    /** The triggers whose consumers have ended and are being restarted; by name, why. */
    public Map<String, String> problems() {
        Map<String, String> problems = new TreeMap<>();
        for (Route route : routes()) {
            KafkaIntake intake = intake(route);
            String problem = intake == null ? null : intake.states().problem();
            if (problem != null) {
                problems.put(RouteIds.logical(route.getRouteId()), problem);
            }
        }
        return problems;
    }

    /** How often consumers of a trigger have ended since it was started; by name. */
    public Map<String, Long> ends() {
        Map<String, Long> ends = new TreeMap<>();
        for (Route route : routes()) {
            KafkaIntake intake = intake(route);
            if (intake != null) {
                ends.put(RouteIds.logical(route.getRouteId()), intake.states().count());
            }
        }
        return ends;
    }

    /**
     * Submits the tasks of a record that was set aside.
     * The record keeps its identity, so a second time adds nothing.
     *
     * @return null when its tasks are durable, else why it became none
     */
    public @Nullable String replay(SetAside.Position position, SetAside.Content content) {
        Route route = running(position.trigger());
        KafkaIntake intake = route == null ? null : intake(route);
        return route == null || intake == null
                ? away(position)
                : intake.again().submit(route.getConsumer(), position, content);
    }

    /**
     * Sends a record that was set aside to its dead letter topic.
     *
     * @return null when it is there, else why not
     */
    public @Nullable String deadLetter(SetAside.Position position, SetAside.Content content, SetAside.Why why) {
        Route route = running(position.trigger());
        KafkaIntake intake = route == null ? null : intake(route);
        return route == null || intake == null
                ? away(position)
                : intake.again().deadLetter(route.getConsumer(), position, content, why);
    }

    private static String away(SetAside.Position position) {
        return "trigger %s does not run here, because its file is gone or it is stopped".formatted(position.trigger());
    }

    private @Nullable Route running(String trigger) {
        return routes().stream()
                .filter(route -> RouteIds.logical(route.getRouteId()).equals(trigger) && intake(route) != null)
                .filter(route -> switch (context.getRouteController().getRouteStatus(route.getRouteId())) {
                    case Started, Suspended -> true;
                    default -> false;
                })
                .findFirst()
                .orElse(null);
    }

    private static @Nullable KafkaIntake intake(Route route) {
        if (route.getConsumer() instanceof KafkaConsumer consumer) {
            return consumer.getProcessor() instanceof KafkaIntake intake ? intake : null;
        }
        return Delegates.innermost(route.getEndpoint()) instanceof KafkaTriggerEndpoint led ? led.running() : null;
    }

    /**
     * Settings for a client of the brokers that the triggers read from; empty if each trigger names brokers of its own.
     */
    public Properties clientSettings() {
        KafkaConfiguration configuration =
                context.getComponent("kafka", KafkaComponent.class).getConfiguration();
        if (configuration.getBrokers() == null) {
            return new Properties();
        }
        Properties settings = configuration.createConsumerProperties();
        settings.put("bootstrap.servers", configuration.getBrokers());
        return settings;
    }

    private List<Route> routes() {
        return routes(context);
    }

    /** The routes that read from Kafka. */
    static List<Route> routes(CamelContext context) {
        return context.getRoutes().stream()
                .filter(route -> Delegates.innermost(route.getEndpoint()) instanceof KafkaEndpoint)
                .toList();
    }
}
