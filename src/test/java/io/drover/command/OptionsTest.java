package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The compiler's null check takes Picocli's fields on trust, because Picocli sets them. */
@Quick
class OptionsTest {

    @Test
    void whatMayBeLeftOutIsNullable() {
        List<ArgSpec> all = commands(new CommandLine(new DroverCommand()))
                .flatMap(command -> command.getCommandSpec().args().stream())
                .toList();

        assertThat(all).hasSizeGreaterThan(20);
        assertThat(all)
                .filteredOn(arg -> isNullAtTimes(arg) && !isNullable(arg))
                .isEmpty();
    }

    /** Picocli's own words are "'many' is not an int". */
    @Test
    void aValueOfAnotherTypeIsToldInWords() {
        List<String> complaints = commands(DroverCommand.commandLine())
                .flatMap(command -> command.getCommandSpec().args().stream()
                        .filter(arg -> arg.arity().max() > 0 && !isText(arg))
                        .map(arg -> complaint(command, arg)))
                .toList();

        assertThat(complaints).hasSizeGreaterThan(20);
        assertThat(complaints).as("what is said of the value 'many'").allSatisfy(complaint -> assertThat(complaint)
                .contains("'many'")
                .doesNotContainPattern("not an? (int|long|BigDecimal|decimal|UUID)\\b")
                .doesNotContain("java.", "Exception", "cannot convert"));
    }

    private static boolean isText(ArgSpec arg) {
        return arg.auxiliaryTypes()[0] == String.class || arg.auxiliaryTypes()[0] == Path.class;
    }

    /** The first line about a value that is no number, time or id. */
    private static String complaint(CommandLine command, ArgSpec arg) {
        StringWriter said = new StringWriter();
        List<String> words = new ArrayList<>(
                List.of(command.getCommandSpec().qualifiedName(" ").split(" ")));
        words.removeFirst(); // drover
        if (arg.isOption()) {
            words.add(((OptionSpec) arg).longestName() + "=many");
        } else {
            int before = ((PositionalParamSpec) arg).index().min();
            words.addAll(List.of(UUID.randomUUID().toString(), "7", "again").subList(0, before));
            words.add("many");
        }
        DroverCommand.commandLine().setErr(new PrintWriter(said)).execute(words.toArray(String[]::new));
        return words + ": " + said.toString().lines().findFirst().orElse("");
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(OptionsTest::commands));
    }

    private static boolean isNullAtTimes(ArgSpec arg) {
        return !arg.required() && arg.defaultValue() == null && arg.initialValue() == null;
    }

    private static boolean isNullable(ArgSpec arg) {
        return !(arg.userObject() instanceof Field field)
                || !field.getDeclaringClass().getName().startsWith("io.drover.") // picocli's own help
                || field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
