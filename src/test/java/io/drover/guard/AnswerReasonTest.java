package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer that is an error says of its reason, whatever form it has. */
@Tag("quick")
class AnswerReasonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"too long\",\"type\":\"x\",\"code\":\"context_length_exceeded\"}} | too long"
                        + " (context_length_exceeded)",
                "{\"error\":{\"message\":\"too long\",\"code\":null,\"type\":\"x\"}} | too long (x)",
                "[{\"error\":{\"code\":400,\"message\":\"no signature\",\"status\":\"INVALID\"}}] | no signature (400)",
                "{\"error\":\"model not found\"} | model not found",
                "{\"object\":\"error\",\"message\":\"bad ids\",\"code\":3051} | bad ids (3051)",
                "{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"no\"}]} |"
                        + " [{\"loc\":[\"body\",\"n\"],\"msg\":\"no\"}]",
                "{\"title\":\"Out of stock\",\"status\":409} | Out of stock (409)",
                "{\"available\":3} | {\"available\":3}",
                "<html><head><title>502 Bad Gateway</title></head><body>x</body></html> | 502 Bad Gateway",
                "<HTML><head><Title lang='tr'>Hata</TITLE></head></html> | Hata",
                "<html><!--İİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİ--><title>Hata</title></html> | Hata",
                "<html><title>a</html> | ",
                "<html><body>x</body></html> | ",
                "plain words | plain words",
                "' ' | "
            })
    void isOneLine(String body, String reason) {
        assertThat(AnswerReason.of(body)).isEqualTo(reason);
    }

    @Test
    void isShortAndHoldsNoSecret() {
        String reason = AnswerReason.of(
                "{\"error\":{\"message\":\"key sk-abcdefghijklmnop1234 is\\nwrong " + "x".repeat(5_000) + "\"}}");

        assertThat(reason)
                .startsWith("key [redacted] is wrong")
                .hasSizeLessThan(400)
                .doesNotContain("\n", "abcdef");
    }
}
