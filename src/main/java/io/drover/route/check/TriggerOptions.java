package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.SeekPolicy;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/** Which options of {@code from: kafka:} would lose records, and what to write instead. */
public final class TriggerOptions {

    private static final String COMMITS = "Drover commits an offset when the record's tasks are durable; leave it out";

    private TriggerOptions() {}

    public static List<String> problems(KafkaConfiguration configuration) {
        Map<String, String> values = new TreeMap<>();
        values.put("autoCommitEnable", String.valueOf(configuration.isAutoCommitEnable()));
        values.put("batching", String.valueOf(configuration.isBatching()));
        values.put("isolationLevel", String.valueOf(configuration.getIsolationLevel()));
        if (configuration.getOffsetRepository() != null) {
            values.put("offsetRepository", "#bean");
        }
        if (configuration.getSeekTo() == SeekPolicy.END) {
            values.put("seekTo", "end");
        }
        configuration
                .getAdditionalProperties()
                .forEach((name, value) -> values.put("additionalProperties." + name, String.valueOf(value)));
        List<String> problems = new ArrayList<>();
        values.forEach((name, value) -> {
            String problem = problem(name, value);
            if (problem != null) {
                problems.add(problem);
            }
        });
        if (!configuration.isTopicIsPattern()) {
            String problem = topics(configuration.getTopic());
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems;
    }

    /** What is wrong with an option's value, or null. */
    public static @Nullable String problem(String name, String value) {
        boolean yes = value.equalsIgnoreCase("true");
        return switch (name) {
            case "autoCommitEnable", "additionalProperties.enable.auto.commit" ->
                yes ? "%s: true would lose records; %s".formatted(name, COMMITS) : null;
            case "allowManualCommit" ->
                yes || !value.equalsIgnoreCase("false") ? null : "%s: false; %s".formatted(name, COMMITS);
            case "batching" ->
                yes
                        ? "batching: true joins records, so that their failures could not be told apart; leave it out:"
                                + " tasks of a poll go out in one batch anyway"
                        : null;
            case "offsetRepository" -> "offsetRepository: offsets are kept in Kafka; leave it out";
            case "seekTo" ->
                value.equalsIgnoreCase("end")
                        ? "seekTo: end skips the records that came while nothing ran;"
                                + " write autoOffsetReset: latest for a new group"
                        : null;
            case "isolationLevel", "additionalProperties.isolation.level" ->
                value.equalsIgnoreCase("read_uncommitted")
                        ? "%s: read_uncommitted makes tasks of records whose transaction was aborted; leave it out"
                                .formatted(name)
                        : null;
            case "additionalProperties.key.deserializer" -> instead(name, "keyDeserializer");
            case "additionalProperties.value.deserializer" -> instead(name, "valueDeserializer");
            case "additionalProperties.group.id" -> instead(name, "groupId");
            default -> null;
        };
    }

    private static String instead(String name, String option) {
        return "%s bypasses Drover's control of the consumer; write %s".formatted(name, option);
    }

    /** What is wrong with a list of topics, or null. */
    public static @Nullable String topics(String list) {
        for (String topic : list.split(",", -1)) {
            try {
                Topic.validate(topic.strip());
            } catch (InvalidTopicException e) {
                return "topic '%s': %s".formatted(topic.strip(), e.getMessage());
            }
        }
        return null;
    }
}
