package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.EOFException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** An operator reads what failed, not in which class of Java. */
@Quick
class FailureTextTest {

    @Test
    void saysWhatTheExceptionSays() {
        assertThat(FailureText.of(new IllegalStateException("no carrier goes to Atlantis")))
                .isEqualTo("no carrier goes to Atlantis");
        assertThat(FailureText.of(new RuntimeException("java.net.ConnectException: Connection refused")))
                .isEqualTo("Connection refused");
        assertThat(FailureText.of(new RuntimeException("x".repeat(600) + " y"))).hasSizeLessThan(540);
    }

    @Test
    void namesTheClassWhereTheWordsMeanNothingWithoutIt() {
        assertThat(FailureText.of(new EOFException())).isEqualTo("EOFException");
        assertThat(FailureText.of(new ArithmeticException("17"))).isEqualTo("ArithmeticException: 17");
        assertThat(FailureText.of(new UnknownHostException("shop: Name or service not known")))
                .isEqualTo("the host shop is unknown");
        assertThat(FailureText.of(new NoSuchFileException("/data/a b.txt")))
                .isEqualTo("the file /data/a b.txt does not exist");
    }
}
