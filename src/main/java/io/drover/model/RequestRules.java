package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for what configuration adds to the requests of a model. */
final class RequestRules {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E]{1,8000}");
    private static final Set<String> OWN_HEADERS =
            Set.of("content-type", "content-length", "transfer-encoding", "host", "connection");

    /**
     * Drover sets these, or its limits would not hold.
     * More choices cost more, and a stream has another form.
     */
    private static final Set<String> OWN_MEMBERS = Set.of(
            "model",
            "messages",
            "tools",
            "temperature",
            "max_tokens",
            "max_completion_tokens",
            "n",
            "best_of",
            "stream");

    private RequestRules() {}

    /** @throws IllegalArgumentException when a rule is broken; no message holds a value that may be a secret */
    static void check(String property, ModelSettings settings) {
        if (settings.url() != null) {
            checkUrl(property + ".url", settings.url());
        }
        checkHeader(property + ".api-key-header", settings.apiKeyHeader());
        settings.headers().forEach((name, value) -> {
            checkHeader("%s.headers.%s".formatted(property, Excerpt.of(name)), name);
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "%s.headers.%s must be one line of 1 to 8000 ASCII characters".formatted(property, name));
            }
        });
        try {
            body(settings.body());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s.body %s".formatted(property, e.getMessage()), e);
        }
        if (!settings.speaksCompletions() && settings.body() != null) {
            throw new IllegalArgumentException("%s.body is for models of type %s; a LangChain4j class writes its own"
                    .formatted(property, ModelSettings.OPENAI));
        }
    }

    private static void checkUrl(String property, String url) {
        try {
            URI uri = new URI(url);
            if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            // it is refused below
        }
        throw new IllegalArgumentException(
                "%s must be an http or https address without a user, as in https://api.openai.com/v1"
                        .formatted(property));
    }

    private static void checkHeader(String property, String name) {
        if (!HEADER.matcher(name).matches() || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "%s must be the name of a header that Drover does not set itself, as in api-key"
                            .formatted(property));
        }
    }

    /**
     * What is added to each request.
     *
     * @throws IllegalArgumentException when it is no object, or sets what Drover sets, in words after the property
     */
    static ObjectNode body(@Nullable String said) {
        if (said == null || said.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            if (Json.parse(said) instanceof ObjectNode members) {
                Set<String> own = new TreeSet<>(OWN_MEMBERS);
                own.retainAll(members.propertyStream().map(Map.Entry::getKey).toList());
                if (!own.isEmpty()) {
                    throw new IllegalArgumentException("must not set %s, which Drover sets".formatted(own));
                }
                return members;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON: " + Json.reason(e), e);
        }
        throw new IllegalArgumentException("must be a JSON object, as in {\"reasoning_effort\":\"low\"}");
    }
}
