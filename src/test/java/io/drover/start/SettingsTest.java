package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.tool.ToolOptions;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

/** Every number, time and size below {@code drover.} is refused at start when it is senseless, and the sentence names it. */
class SettingsTest {

    /** Tests have settings of their own, and so a file of the same name. */
    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    private static final String NAME = "some";

    /** What has to be there for the others to be looked at. */
    private static final Map<String, String> NEEDED = Map.of(
            "drover.models.some.url", "http://localhost/v1",
            "drover.models.some.model", "some",
            "drover.mcp.some.url", "http://localhost/mcp",
            "drover.datasources.some.url", "jdbc:postgresql://localhost/some");

    private static final Map<Class<?>, List<String>> SENSELESS = Map.of(
            Integer.class, List.of("-1", "-2147483648", "2147483647"),
            Duration.class, List.of("-2s", "-1ms", "1000000d", "106751991167300d"),
            DataSize.class, List.of("-1B", "-5MB", "9223372036854775807B"),
            BigDecimal.class, List.of("-0.01", "1E+999999999", "1E-999999999"),
            Float.class, List.of("-1", "0", "101", "NaN", "Infinity"),
            Double.class, List.of("-1.5", "1.5", "1E300", "NaN", "-Infinity"));

    /** Where zero has a meaning: none, no limit, or nothing at all. */
    private static final Set<String> MAY_BE_ZERO = Set.of(
            "drover.tools.some.concurrency",
            "drover.tools.some.retries",
            "drover.tools.some.backoff",
            "drover.tools.some.cache",
            "drover.models.some.concurrency",
            "drover.models.some.retries",
            "drover.mcp.some.concurrency",
            "drover.mcp.some.retries",
            "drover.management.port",
            "drover.recover-margin",
            "drover.recover-undated",
            "drover.security.limits.requests-per-second",
            "drover.worker.drain-timeout");

    private static final Map<Class<?>, Class<?>> BOXES =
            Map.of(int.class, Integer.class, double.class, Double.class, float.class, Float.class);

    private record Setting(String name, Class<?> type, Class<?> owner, String prefix) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void looksAtEveryNumberTimeAndSizeOfTheMetadata() throws IOException {
        List<String> found = settings().map(Setting::name).toList();

        for (JsonNode property : metadata().path("properties")) {
            String type = property.path("type").asText();
            if (SENSELESS.keySet().stream().anyMatch(known -> known.getName().equals(type))) {
                assertThat(found).contains(property.path("name").asText());
            } else {
                assertThat(type).as("%s", property).doesNotMatch(".*\\.(Long|Short|Byte|Period|BigInteger)");
            }
        }
        assertThat(found)
                .contains(
                        "drover.tools.some.timeout",
                        "drover.tools.some.breaker.wait-open",
                        "drover.models.some.price.cached",
                        "drover.mcp.some.refresh",
                        "drover.budgets.workflow.some");
    }

    static Stream<Arguments> senseless() throws IOException {
        return settings().flatMap(setting -> {
            Stream<String> values = SENSELESS.get(setting.type()).stream();
            boolean zero = setting.type() == Integer.class && !MAY_BE_ZERO.contains(setting.name());
            boolean noTime = setting.type() == Duration.class && !MAY_BE_ZERO.contains(setting.name());
            return Stream.concat(values, zero ? Stream.of("0") : noTime ? Stream.of("0s") : Stream.empty())
                    .map(value -> Arguments.of(setting, value));
        });
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void refusesWhatMakesNoSense(Setting setting, String value) {
        Throwable refusal = catchThrowable(() -> bind(setting, value));

        assertThat(refusal).rootCause().isInstanceOf(IllegalArgumentException.class);
        assertThat(refusal.getCause().getCause()).isInstanceOf(IllegalArgumentException.class);
        assertThat(refusal.getCause().getCause().getMessage())
                .startsWith(setting + " (")
                .containsPattern("must (be from .+ to|have at most) .+, as in .+");
    }

    @ParameterizedTest
    @MethodSource("zeros")
    void acceptsZeroWhereItHasAMeaning(Setting setting) {
        assertThat(catchThrowable(() -> bind(setting, setting.type() == Duration.class ? "0s" : "0")))
                .isNull();
    }

    static Stream<Setting> zeros() throws IOException {
        return settings().filter(setting -> MAY_BE_ZERO.contains(setting.name()) || setting.type() == BigDecimal.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drover.tools.x.retries|-1|drover.tools.x.retries (-1) must be from 0 to 100, as in 2",
                "drover.tools.x.timeout|0s|drover.tools.x.timeout (0s) must be from 1ms to 1d, as in 10s",
                "drover.tools.x.timeout|-2s|drover.tools.x.timeout (-2s) must be from 1ms to 1d, as in 10s",
                "drover.tools.x.throttle|20|drover.tools.x.throttle: throttle '20' must be <calls>/<time>",
                "drover.tools.x.max-result-bytes|-5|drover.tools.x.max-result-bytes (-5) must be from 1 to 268435456",
                "drover.tools.x.concurrency|-3|drover.tools.x.concurrency (-3) must be from 0 to 1000000, as in 20",
                "drover.tools.defaults.cache|5m|drover.tools.defaults.cache (PT5M) is not allowed, because each tool"
                        + " decides",
                "drover.tools[model.a)b].retries|-1|drover.tools.model.a)b.retries (-1) must be from 0 to 100, as in 2",
                "drover.tools[a)b].retries|1|drover.tools.a)b needs a name of 1 to 64 letters",
                "drover.workflows[a)b].allowed-tools|x|drover.workflows.a)b needs a name of 1 to 64 letters"
            })
    void saysThePropertyTheValueAndTheRule(String name, String value, String sentence)
            throws ReflectiveOperationException {
        Setting setting = new Setting(name, String.class, Class.forName("io.drover.guard.GuardProperties"), "drover");

        assertThat(catchThrowable(() -> bind(setting, value)).getCause().getCause())
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.drover.model.ModelProperties|drover.models.some.throttle|20|drover.models.some.throttle: throttle"
                        + " '20' must be",
                "io.drover.mcp.McpClientProperties|drover.mcp.some.throttle|0/1s|drover.mcp.some.throttle: throttle"
                        + " 0/PT1S must",
                "io.drover.egress.EgressProperties|drover.egress.mode|strict|drover.egress.mode (strict) must be off,"
                        + " report or enforce",
                "io.drover.egress.EgressProperties|drover.egress.hosts|http://x/|drover.egress.hosts (http://x/) must"
                        + " be a host,",
                "io.drover.egress.EgressProperties|drover.tools.x.hosts|0177.0.0.1|drover.tools.x.hosts (0177.0.0.1)"
                        + " must be a host,",
                "io.drover.model.ModelProperties|drover.models.some.max-answer-bytes|268435456|drover.models.some.max-answer-bytes"
                        + " (268435456) must be from 1 to 268425456",
                "io.drover.model.ModelProperties|drover.models[a/b].url|http://localhost|drover.models.a/b needs a"
                        + " name of 1 to 64 letters",
                "io.drover.model.ModelProperties|drover.models[{{x}}].url|http://localhost|drover.models.{{x}} needs a"
                        + " name of 1 to",
                "io.drover.mcp.McpClientProperties|drover.mcp[a_b].url|http://localhost|drover.mcp.a_b needs a name of"
                        + " 1 to 31 letters"
            })
    void saysTheSameOfModelsAndServers(Class<?> owner, String name, String value, String sentence) {
        assertThat(catchThrowable(() -> bind(new Setting(name, String.class, owner, "drover"), value))
                        .getCause()
                        .getCause())
                .hasMessageStartingWith(sentence);
    }

    private static void bind(Setting setting, String value) {
        Map<String, String> properties = new HashMap<>(NEEDED);
        properties.put(setting.name(), value);
        new Binder(new MapConfigurationPropertySource(properties)).bind(setting.prefix(), Bindable.of(setting.owner()));
    }

    private static JsonNode metadata() throws IOException {
        return new ObjectMapper().readTree(METADATA.toFile());
    }

    private static Stream<Setting> settings() throws IOException {
        Map<String, Setting> settings = new TreeMap<>();
        for (JsonNode group : metadata().path("groups")) {
            Class<?> owner = type(group.path("type").asText());
            ConfigurationProperties about = owner.getAnnotation(ConfigurationProperties.class);
            if (about != null) {
                walk(about.value(), owner, new Setting("", owner, owner, about.value()), settings);
            }
        }
        return settings.values().stream();
    }

    private static void walk(String name, Type type, Setting owner, Map<String, Setting> settings) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            walk(name + "." + NAME, generic.getActualTypeArguments()[1], owner, settings);
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            for (RecordComponent component : plain.getRecordComponents()) {
                walk(name, component.getName(), component.getGenericType(), owner, settings);
            }
        } else if (type instanceof Class<?> bean && ToolOptions.class.isAssignableFrom(bean)) {
            for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(bean)) {
                if (property.getWriteMethod() != null) {
                    Type value = property.getWriteMethod().getGenericParameterTypes()[0];
                    walk(name, property.getName(), value, owner, settings);
                }
            }
        } else if (type instanceof Class<?> plain && SENSELESS.containsKey(BOXES.getOrDefault(plain, plain))) {
            settings.put(name, new Setting(name, BOXES.getOrDefault(plain, plain), owner.owner(), owner.prefix()));
        }
    }

    private static void walk(String holder, String name, Type type, Setting owner, Map<String, Setting> settings) {
        walk(holder + "." + DataObjectPropertyName.toDashedForm(name), type, owner, settings);
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
