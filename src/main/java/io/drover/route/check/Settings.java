package io.drover.route.check;

import io.drover.secret.SecretReference;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The properties of this environment, as Camel's placeholders see them. */
final class Settings {

    /** The innermost placeholder; behind a backslash there is none. */
    static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\\\)\\{\\{([^{}]*)}}");

    private final Environment environment;

    /** The MCP servers that are configured, and the tags of their tools. */
    private final Map<String, McpServer> mcpServers;

    /** The models that are configured. */
    final SortedSet<String> models;

    /** @param url what every configured server has: one without it is not bound at all */
    record McpServer(@Nullable String url, @Nullable Set<String> tags) {}

    Settings(Environment environment) {
        this.environment = environment;
        this.mcpServers = Binder.get(environment)
                .bind("drover.mcp", Bindable.mapOf(String.class, McpServer.class))
                .orElseGet(Map::of);
        this.models = new TreeSet<>(namesBelow("drover.models"));
    }

    /** Whether a tool is one of a configured MCP server; which of those there are, only the server knows. */
    boolean isOfMcpServer(String tool) {
        int end = tool.indexOf('_');
        return end > 0 && mcpServers.containsKey(tool.substring(0, end));
    }

    /** The tags that tools of MCP servers have. */
    Set<String> mcpTags() {
        Set<String> tags = new TreeSet<>(mcpServers.keySet());
        mcpServers.values().forEach(server -> tags.addAll(server.tags() == null ? Set.of() : server.tags()));
        return tags;
    }

    /** The databases that are configured, which routes name as beans. */
    Set<String> dataSources() {
        return namesBelow("drover.datasources");
    }

    /** Whether flags stand in the file, and not with a provider of the user's own. */
    boolean flagsAreInFile() {
        String provider = property("drover.flags.provider");
        return provider == null || !provider.strip().equalsIgnoreCase("bean");
    }

    private Set<String> namesBelow(String prefix) {
        return Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, Object.class))
                .map(Map::keySet)
                .orElseGet(Set::of);
    }

    @Nullable
    String property(String name) {
        return environment.getProperty(name);
    }

    /** The text with its placeholders replaced, if their values are known. */
    String resolve(String text) {
        return text.contains("{{") ? replace(text, match -> match) : text;
    }

    /**
     * The value of a placeholder's inside, or null when it has none.
     *
     * @param inside such as {@code support.topic} or {@code support.topic:tickets}
     */
    @Nullable
    String value(String inside) {
        String key = inside.strip();
        if (key.startsWith(SecretReference.FUNCTION + ":")) {
            return null; // nobody knows it before it is sent
        }
        if (key.startsWith("env:") || key.startsWith("sys:")) {
            String name = key.substring(4);
            int colon = name.indexOf(':');
            String bare = colon < 0 ? name : name.substring(0, colon);
            String found = key.startsWith("env:") ? System.getenv(bare) : System.getProperty(bare);
            return found != null ? found : colon < 0 ? null : name.substring(colon + 1);
        }
        int colon = key.indexOf(':');
        String found = property(colon < 0 ? key : key.substring(0, colon));
        return found != null ? found : colon < 0 ? null : key.substring(colon + 1);
    }

    private String replace(String text, UnaryOperator<String> unknown) {
        Matcher placeholder = PLACEHOLDER.matcher(text);
        return placeholder.replaceAll(match -> {
            String value = value(match.group(1));
            return Matcher.quoteReplacement(value == null ? unknown.apply(match.group()) : value);
        });
    }
}
