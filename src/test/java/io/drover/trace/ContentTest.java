package io.drover.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Effort;
import io.drover.Quick;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is left out of logs and traces, and that no text is too long for that. */
@Quick
class ContentTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    write to ada@mail.example.org, please   | write to [redacted], please
                    <ada.l+x@sub.mail.example>              | <[redacted]>
                    josé@exämple.com                        | [redacted]
                    a@b is no address, a@b.c is             | a@b is no address, [redacted] is
                    a@@b.c x@.d ada@mail.example.           | a@@b.c x@.d [redacted].
                    one@a.b,two@c.d                         | [redacted],[redacted]
                    call +47 22 33 44 55 now                | call [redacted] now
                    4111 1111 1111 1111                     | [redacted]
                    4111-1111-1111-1111.                    | 4111-1111-1111-1111.
                    (0)123/456-789                          | ([redacted]
                    1234567 890abc                          | [redacted] 890abc
                    123456                                  | 123456
                    order O-12345678 of 2026-11-28          | order O-12345678 of [redacted]
                    task 01a20912-0000-7777-9999-123456789012 | task 01a20912-0000-7777-9999-123456789012
                    DE89 3704 0044 0532 0130 00             | [redacted]
                    Authorization: Bearer abcdefghijklmnop1 | Authorization: [redacted]
                    password=hunter2, token: "abc"          | password=[redacted], token: "[redacted]"
                    key sk-live-abcdefghijklmnop            | key [redacted]
                    """)
    void leavesOutWhatLooksLikeASecretOrNamesAPerson(String text, String redacted) {
        assertThat(Content.redacted(text)).isEqualTo(redacted);
    }

    static List<String> longTexts() {
        int n = 200_000;
        return List.of(
                "9".repeat(n),
                "1-".repeat(n),
                "+1 ".repeat(n),
                "9".repeat(n) + "x",
                "a".repeat(n),
                "a@".repeat(n),
                "@".repeat(n),
                "a@a" + ".a".repeat(n),
                "a.".repeat(n) + "@",
                "DE12" + "ABCD".repeat(n),
                "DE12 ".repeat(n),
                "bearer ".repeat(n),
                "bearer" + " ".repeat(n),
                "sk-".repeat(n),
                "password".repeat(n),
                "token=".repeat(n),
                "secret" + " ".repeat(n) + "=",
                "é@é".repeat(n),
                "😀".repeat(n));
    }

    /** Ends in a second or so; a pattern that tries again needs hours, one that nests a stack as deep as the text is long. */
    @ParameterizedTest
    @MethodSource("longTexts")
    void noTextIsTooLong(String text) throws Exception {
        Thread small = new Thread(null, () -> Content.redacted(text), "small stack", 256 * 1024);
        Throwable[] thrown = new Throwable[1];
        small.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
        small.start();
        small.join();

        assertThat(thrown[0]).isNull();
    }

    /** The forms that were patterns once find what those found. */
    @Test
    void scannersFindWhatPatternsFound() {
        Pattern address = Pattern.compile("[\\p{L}0-9._%+-]+@[\\p{L}0-9-]+(?:\\.[\\p{L}0-9-]+)+");
        Pattern number = Pattern.compile("(?<![\\w.-])\\+?\\d(?:[ ()/-]?\\d){6,}(?![\\w.-])");
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println("ContentTest seed " + seed);
        Random random = new Random(seed);
        String letters = "a1234567890123456789@@..-+ ()/xé_ ";
        for (int i = 0; i < Effort.of(10_000, 50_000); i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            String addresses = address.matcher(text).replaceAll("[redacted]");
            String expected = number.matcher(addresses).replaceAll("[redacted]");
            assertThat(Content.redacted(text.toString())).as("of '%s'", text).isEqualTo(expected);
        }
    }
}
