package io.drover.security;

import io.drover.json.Excerpt;
import io.drover.start.BoundSettings;
import io.drover.start.Bounds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * HTTP hooks whose senders sign their requests instead of logging in.
 *
 * @param hooks by path
 */
@ConfigurationProperties("drover.security")
public record HookProperties(@DefaultValue List<Hook> hooks) {

    private static final String HOOK = "drover.security.hooks[%d]";
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    /** Paths that are no hooks, whatever a route says. */
    private static final Set<String> OWN = Set.of(
            "api", "console", "error", "hawtio", "health", "jolokia", "loggers", "mcp", "metrics", "favicon.ico");

    private static final Bounds<Duration> TOLERANCE = Bounds.ofTime("1s", "1h", "5m");
    private static final int SHORTEST_SECRET = 16;
    private static final int MOST_SECRETS = 2;

    /**
     * One hook.
     *
     * @param path      as in {@code from: platform-http:<path>}
     * @param signature how its sender signs: {@code github}, {@code stripe} or {@code slack}
     * @param secrets   what the sender signs with; two while one takes the place of the other
     * @param tolerance how old, or how far ahead, the time may be that the sender signed
     */
    public record Hook(
            @Nullable String path,
            @Nullable String signature,
            @DefaultValue List<String> secrets,
            @Nullable Duration tolerance) {

        /** No record's own text: a secret is not logged. */
        @Override
        public String toString() {
            return "Hook[%s, %s]".formatted(path, signature);
        }
    }

    public HookProperties {
        hooks = List.copyOf(hooks);
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < hooks.size(); i++) {
            String setting = HOOK.formatted(i);
            Hook hook = hooks.get(i);
            checkPath(setting, hook.path());
            if (!paths.add(hook.path())) {
                throw new IllegalArgumentException(
                        "%s.path (%s) is that of another hook; give each path once".formatted(setting, hook.path()));
            }
            SignatureStyle style = style(setting, hook.signature());
            checkSecrets(setting, hook.secrets());
            if (hook.tolerance() != null && !style.isDated()) {
                throw new IllegalArgumentException("%s.tolerance (%s) has no effect: %s signs no time; leave it out"
                        .formatted(setting, hook.tolerance(), hook.signature()));
            }
            TOLERANCE.check(setting + ".tolerance", hook.tolerance());
        }
    }

    /**
     * The settings of an environment in which nothing has started.
     *
     * @throws io.drover.start.RefusedToStartException when one of them breaks a rule
     */
    public static HookProperties in(Environment environment) {
        return BoundSettings.of(environment, "drover.security", HookProperties.class);
    }

    /** What is to be said about signed hooks that no route has. @param paths of the routes' hooks */
    public List<String> withoutRoute(Set<String> paths) {
        return hooks.stream()
                .filter(hook -> !paths.contains(hook.path()))
                .map(hook -> "%s.path (%s) is the path of no hook; write it as in from: platform-http:<path>"
                        .formatted(HOOK.formatted(hooks.indexOf(hook)), hook.path()))
                .toList();
    }

    static SignatureStyle style(String setting, @Nullable String signature) {
        return SignatureStyle.of(signature)
                .orElseThrow(() -> new IllegalArgumentException("%s.signature (%s) must be %s"
                        .formatted(
                                setting,
                                Excerpt.of(String.valueOf(signature), 60),
                                Arrays.stream(SignatureStyle.values())
                                        .map(style -> style.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))
                                        .replaceFirst(", (\\w+)$", " or $1"))));
    }

    private static void checkPath(String setting, @Nullable String path) {
        if (path == null || !PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "%s.path (%s) must be the path of one hook, without placeholders, as in /hooks/github"
                            .formatted(setting, Excerpt.of(String.valueOf(path), 100)));
        }
        if (OWN.contains(path.split("/")[1])) {
            throw new IllegalArgumentException(
                    "%s.path (%s) is a path of Drover itself; only a hook can have a signature"
                            .formatted(setting, path));
        }
    }

    private static void checkSecrets(String setting, List<String> secrets) {
        if (secrets.isEmpty() || secrets.size() > MOST_SECRETS || new HashSet<>(secrets).size() < secrets.size()) {
            throw new IllegalArgumentException(
                    "%s.secrets must be the sender's secret, or the new and the old one: they are %d now"
                            .formatted(setting, secrets.size()));
        }
        for (String secret : secrets) { // the value is not shown
            if (secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET || secret.isBlank()) {
                throw new IllegalArgumentException(
                        "%s.secrets has one of fewer than %d bytes, which can be guessed; make one with: openssl rand -hex 32"
                                .formatted(setting, SHORTEST_SECRET));
            }
        }
    }
}
