package io.drover.egress;

import io.drover.json.Excerpt;
import io.drover.start.BoundSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * To which hosts may be connected, by environment.
 *
 * @param egress for the whole process
 * @param tools  by tool name, and {@code defaults} for all
 */
@ConfigurationProperties("drover")
public record EgressProperties(@DefaultValue Common egress, @DefaultValue Map<String, OfTool> tools) {

    /** What becomes of a connection that no list allows. */
    enum Mode {
        /** Nothing is checked. */
        OFF,
        /** It is made, logged and counted. */
        REPORT,
        /** It is refused. */
        ENFORCE
    }

    /**
     * {@code drover.egress.*}.
     *
     * @param mode  {@code off}; {@code report} logs and counts connections that no list allows; {@code enforce} refuses them
     * @param hosts the hosts and addresses to which tools without a list of their own, and steps outside tools, connect
     */
    public record Common(@DefaultValue("report") String mode, @DefaultValue List<String> hosts) {

        static final String MODE = "drover.egress.mode";
        static final String HOSTS = "drover.egress.hosts";

        public Common {
            parsed(mode);
            hosts.forEach(host -> HostPattern.parse(HOSTS, host));
        }

        static Mode parsed(String said) {
            return switch (said.strip().toLowerCase(Locale.ROOT)) {
                case "off", "false" -> Mode.OFF; // YAML reads off as false
                case "report" -> Mode.REPORT;
                case "enforce" -> Mode.ENFORCE;
                default ->
                    throw new IllegalArgumentException(
                            "%s (%s) must be off, report or enforce".formatted(MODE, Excerpt.of(said, 100)));
            };
        }
    }

    /**
     * What {@code drover.tools.<name>} says about hosts; the guard reads the rest.
     *
     * @param hosts the only hosts and addresses to which the tool connects; null for those of {@code drover.egress.hosts}
     */
    public record OfTool(@Nullable List<String> hosts) {}

    static final String DEFAULTS = "defaults";

    public EgressProperties {
        tools = Map.copyOf(tools);
        tools.forEach((name, tool) -> list(name, tool));
    }

    /**
     * The settings of an environment in which nothing has started.
     *
     * @throws io.drover.start.RefusedToStartException when one of them breaks a rule
     */
    public static EgressProperties in(Environment environment) {
        return BoundSettings.of(environment, "drover", EgressProperties.class);
    }

    Mode mode() {
        return Common.parsed(egress.mode());
    }

    /** The list of tools that have none of their own. */
    HostList common() {
        return list(Common.HOSTS, egress.hosts());
    }

    /** All lists: the common one, and those of tools. */
    List<HostList> lists() {
        return Stream.concat(
                        Stream.of(common()),
                        new TreeMap<>(tools)
                                .entrySet().stream()
                                        .map(tool -> list(tool.getKey(), tool.getValue()))
                                        .filter(Objects::nonNull))
                .toList();
    }

    /** The tool's own list, or null. */
    static @Nullable HostList list(String tool, @Nullable OfTool settings) {
        return settings == null || settings.hosts() == null
                ? null
                : list("drover.tools.%s.hosts".formatted(tool), settings.hosts());
    }

    private static HostList list(String setting, List<String> hosts) {
        return new HostList(
                setting,
                hosts.stream().map(host -> HostPattern.parse(setting, host)).toList());
    }
}
