package io.drover.secret;

import io.drover.start.RefusedToStartException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The settings that hold <code>{{secret:name}}</code>: only those that end in a header of a request may. */
@Component
public final class ConfiguredSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredSecrets.class);

    /** Settings with other names are those of routes, which are checked where a route names them. */
    private static final Pattern OURS = Pattern.compile("(?:drover|camel|spring|server|management|otel|logging)\\..*");

    /** Spring takes it apart into the settings that it holds. */
    private static final Set<String> WHOLE = Set.of("spring.application.json");

    private static final Pattern ALLOWED = Pattern.compile(
            "drover\\.(?:models[.\\[].+\\.(?:apikey|headers[.\\[].+)|mcp\\..+\\.(?:authorization|headers[.\\[].+))");

    /** @throws RefusedToStartException when a secret stands in a setting where nothing would put its value in */
    ConfiguredSecrets(Environment environment, Secrets secrets) {
        SortedSet<String> problems = problems(environment);
        if (!problems.isEmpty()) {
            throw new RefusedToStartException(problems.first());
        }
        found(environment)
                .forEach((setting, text) -> SecretReference.namesIn(text).forEach(name -> {
                    String problem = secrets.problem(name);
                    if (problem != null) {
                        LOG.warn("{}: {}; until then its calls fail", setting, problem);
                    }
                }));
    }

    /** What is wrong with the settings that hold secrets. */
    public static SortedSet<String> problems(Environment environment) {
        SortedSet<String> problems = new TreeSet<>();
        found(environment).forEach((setting, text) -> {
            if (!ALLOWED.matcher(uniform(setting)).matches()) {
                problems.add(
                        "%s: {{secret:...}} has no value here; it has one in drover.models.<name>.api-key and .headers, in drover.mcp.<name>.authorization and .headers, and in the steps of tools; elsewhere write ${NAME} of the environment"
                                .formatted(setting));
            }
            for (String name : SecretReference.namesIn(text)) {
                String problem = SecretReference.problem(name);
                if (problem != null) {
                    problems.add("%s: %s".formatted(setting, problem));
                }
            }
        });
        return problems;
    }

    private static SortedMap<String, String> found(Environment environment) {
        SortedMap<String, String> found = new TreeMap<>();
        if (environment instanceof ConfigurableEnvironment all) {
            all.getPropertySources().forEach(source -> {
                if (source instanceof EnumerablePropertySource<?> named) {
                    for (String name : named.getPropertyNames()) {
                        add(name, named.getProperty(name), found);
                    }
                }
            });
        }
        return found;
    }

    private static void add(String name, @Nullable Object value, Map<String, String> found) {
        String uniform = uniform(name);
        String text = String.valueOf(value);
        if (SecretReference.isWrittenIn(text) && OURS.matcher(uniform).matches() && !WHOLE.contains(uniform)) {
            found.putIfAbsent(name, text);
        }
    }

    /** As Spring compares the names of settings and of variables. */
    private static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.').replace("-", "");
    }
}
