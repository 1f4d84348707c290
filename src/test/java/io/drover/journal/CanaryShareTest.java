package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The share of the canary follows a file, without a restart. */
@Quick
class CanaryShareTest {

    @TempDir
    Path directory;

    @Test
    void followsTheFile() throws IOException {
        Path file = directory.resolve("percent");
        CanaryShare share = new CanaryShare(7, file.toString(), Duration.ZERO);
        assertThat(share.percent()).as("no file").isEqualTo(7);

        Files.writeString(file, "25\n");
        assertThat(share.percent()).isEqualTo(25);

        Files.writeString(file, "0");
        assertThat(share.percent()).isZero();

        Files.delete(file);
        assertThat(share.percent()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "five", "-1", "101", "1e1", "99999999999", "5 of a hundred, and many more words"})
    void whatIsNoPercentageChangesNothing(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("percent"), "25");
        CanaryShare share = new CanaryShare(0, file.toString(), Duration.ZERO);

        Files.writeString(file, content);

        assertThat(share.percent()).isEqualTo(25);
    }

    @Test
    void withoutAFileItIsTheSetting() {
        assertThat(new CanaryShare(5, "", Duration.ZERO).percent()).isEqualTo(5);
    }
}
