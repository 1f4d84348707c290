package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

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
