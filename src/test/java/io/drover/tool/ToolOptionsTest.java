package io.drover.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.json.Schema;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of a tool's options are the same for a value and for its text, and no option is forgotten. */
@Quick
class ToolOptionsTest {

    private static final UnaryOperator<String> NAMED = option -> "some " + option;

    static Stream<Field> all() {
        return Stream.of(ToolOptions.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(UriParam.class));
    }

    static Stream<Field> numbersAndTimes() {
        return all().filter(field -> Set.of(Integer.class, Duration.class).contains(field.getType()));
    }

    @ParameterizedTest
    @MethodSource("numbersAndTimes")
    void refusesWhatIsBelowNothing(Field field) throws IllegalAccessException {
        boolean time = field.getType() == Duration.class;
        String text = time ? "-2s" : "-1";
        ToolOptions options = with(field, time ? Duration.ofSeconds(-2) : (Object) (-1));
        String option = field.getName();

        Map<String, String> problems = options.problems(NAMED);

        assertThat(problems).containsOnlyKeys(option);
        assertThat(problems.get(option)).startsWith("some %s (%s) must be from ".formatted(option, text));
        assertThat(ToolRules.ofEach(NAMED, name -> name.equals(option) ? text : null))
                .isEqualTo(problems);
        assertThatThrownBy(() -> spec(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tool:x: %s (%s) must be from ".formatted(option, text));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsSaidGoesBeforeWhatOthersSay(Field field) throws IllegalAccessException {
        Object first = value(field, 3);
        Object second = value(field, 5);
        ToolOptions silent = new ToolOptions();

        assertThat(with(field, first).over(with(field, second)).get(field.getName()))
                .isEqualTo(first);
        assertThat(silent.over(with(field, second)).get(field.getName())).isEqualTo(second);
        assertThat(with(field, first).over(silent).get(field.getName())).isEqualTo(first);
        assertThat(with(field, first)).hasToString(field.getName() + "=" + first);
    }

    @Test
    void refusesWhatIsNoRate() {
        ToolOptions options = new ToolOptions();
        options.setThrottle("20");

        assertThat(options.problems(NAMED).get("throttle"))
                .startsWith("some throttle: throttle '20' must be <calls>/<time>");
        assertThatThrownBy(() -> spec(options)).hasMessageStartingWith("tool:x: throttle: throttle '20' must be");
    }

    @Test
    void keepsResultsOnlyOfWhatChangesNothing() {
        ToolOptions options = new ToolOptions();
        options.setCache(Duration.ofMinutes(5));
        assertThat(options.problems(NAMED)).containsOnlyKeys("cache");
        assertThatThrownBy(() -> spec(options)).hasMessageStartingWith("tool:x: cache: only for a tool that changes");

        options.setReadOnlyHint(true);
        assertThat(spec(options).cache()).isEqualTo(Duration.ofMinutes(5));

        options.setReadOnlyHint(false);
        options.setCache(Duration.ZERO);
        assertThat(spec(options).cache()).isNull();
    }

    /** A dry run calls what only reads by the word of a route or of the configuration here. */
    @Test
    void aClaimOfAServerElsewhereIsNotOurWord() {
        ToolOptions claims = new ToolOptions().asClaimed();
        claims.setReadOnlyHint(true);
        ToolOptions ours = new ToolOptions();
        ours.setReadOnlyHint(true);
        ToolOptions silent = new ToolOptions();

        assertThat(spec(silent.over(claims).over(silent)).readOnly()).isTrue();
        assertThat(spec(silent.over(claims).over(silent)).dryRun().reads()).isFalse();
        assertThat(spec(silent.over(claims).over(ours)).dryRun().reads()).isFalse();
        assertThat(spec(ours.over(claims).over(silent)).dryRun().reads()).isTrue();
        assertThat(spec(silent.over(ours).over(silent)).dryRun().reads()).isTrue();
        assertThat(spec(silent.over(new ToolOptions().asClaimed()).over(ours))
                        .dryRun()
                        .reads())
                .isTrue();
    }

    @Test
    void theResultOfADryRunIsJson() {
        ToolOptions options = new ToolOptions();
        options.setDryRunResult("{id: none}");
        assertThat(options.problems(NAMED).get("dryRunResult")).contains("must be a JSON document");

        options.setDryRunResult("{\"id\": \"none\"}");
        assertThat(options.problems(NAMED)).isEmpty();
    }

    private static ToolSpec spec(ToolOptions options) {
        return ToolSpec.of("x", "", Set.of(), Schema.ofTypes(Map.of()), true, options);
    }

    private static ToolOptions with(Field field, Object value) throws IllegalAccessException {
        ToolOptions options = new ToolOptions();
        field.set(options, value);
        return options;
    }

    private static Object value(Field field, int number) {
        return switch (field.getType().getSimpleName()) {
            case "Integer" -> number;
            case "Duration" -> Duration.ofSeconds(number);
            case "Boolean" -> number == 3;
            default -> "text " + number;
        };
    }
}
