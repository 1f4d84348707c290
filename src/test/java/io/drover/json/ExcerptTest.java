package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.junit.jupiter.api.Test;

@Quick
class ExcerptTest {

    @Test
    void shortTextIsAsItCame() {
        assertThat(Excerpt.of("Grüße 😀")).isEqualTo("Grüße 😀");
        assertThat(Excerpt.of(null)).isEqualTo("null");
    }

    @Test
    void tellsWhatIsCut() {
        assertThat(Excerpt.of("9".repeat(6000), 3)).isEqualTo("999… (6000 characters)");
        assertThat(Excerpt.of("ab😀", 3)).isEqualTo("ab… (4 characters)");
    }

    @Test
    void nothingMovesTheCursor() {
        assertThat(Excerpt.of("a\nb\tc\u001B[2Jd\u202Ee\u2028f\0g\uD800"))
                .isEqualTo("a b c\uFFFD[2Jd\uFFFDe f\uFFFDg\uFFFD");
    }
}
