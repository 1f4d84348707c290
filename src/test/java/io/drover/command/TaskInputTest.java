package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Quick
class TaskInputTest {

    /** The API and Kafka take it, too. */
    @ParameterizedTest
    @CsvSource({"'\uFEFF{}', {}", "{}, {}", "'\uFEFF', ''", "' {}', ' {}'"})
    void aByteOrderMarkIsNoPartOfTheInput(String written, String read, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("input.json"), written);

        TaskInput input = CommandLine.populateCommand(new TaskInput(), "enrich", "--input", file.toString());

        assertThat(input.read(new CommandLine(input))).isEqualTo(read);
        assertThat(input.workflow()).isEqualTo("enrich");
    }
}
