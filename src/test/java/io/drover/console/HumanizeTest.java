package io.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.journal.WaitReason;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the console says of a task that waits. */
@Quick
class HumanizeTest {

    private final Humanize say = new Humanize(Instant.EPOCH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DELAY    | {\"tool\":\"charge\"}       | tool charge",
                "IN_DOUBT | {\"tool\":\"charge\"}       | a decision about a call of tool charge",
                "APPROVAL | {\"tool\":\"charge\"}       | an approval of tool charge",
                "HELD     |                             | the release of a hold",
                "SIGNAL   | {\"tool\":\"wait:signal\",\"message\":\"waits for signal 'paid' to 'O-1'\"} | signal 'paid' to 'O-1'",
            })
    void namesWhatATaskWaitsFor(WaitReason reason, String error, String words) {
        assertThat(say.waits(reason, error)).isEqualTo(words);
    }

    @Test
    void showsThatACauseWasCut() {
        assertThat(say.cause("no stock")).isEqualTo("no stock");
        assertThat(say.cause("x".repeat(100))).isEqualTo("x".repeat(100) + "…");
    }

    @ParameterizedTest
    @EnumSource(WaitReason.class)
    void knowsEveryReason(WaitReason reason) {
        assertThat(say.waits(reason, null)).matches("(its|the|an?|another) [a-z ]+");
    }
}
