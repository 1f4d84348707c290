package io.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class VisibleTextTest {

    /** Each makes one key look like another: T-1. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x0000, 0x0008, 0x009b, 0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e,
                0x2028, 0x2029, 0x202e, 0x2060, 0x2066, 0x2800, 0x3164, 0xfeff, 0xffa0, 0xe0041
            })
    void showsWhatIsSeenAsNothing(int c) {
        assertThat(VisibleText.visible("T-" + Character.toString(c) + "1")).isEqualTo("T-[U+%04X]1".formatted(c));
        assertThat(VisibleText.visible("T-1" + Character.toString(c))).isEqualTo("T-1[U+%04X]".formatted(c));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "T-1",
                "line\none\r\n\ttwo",
                "Zo\u00eb",
                "e\u0301t\u00e9",
                "\u6ce8\u6587",
                "\ud83d\ude9a",
                "\ud83d\udc69\u200d\ud83d\ude80",
                "\ud83d\udc69\ud83c\udffd\u200d\ud83d\ude80",
                "\ud83c\udff3\ufe0f\u200d\ud83c\udf08"
            })
    void leavesTheRest(String text) {
        assertThat(VisibleText.visible(text)).isEqualTo(text);
    }

    @Test
    void aJoinerBesideOnePictureOnlyIsShown() {
        assertThat(VisibleText.visible("T\u200d\ud83d\ude80")).isEqualTo("T[U+200D]\ud83d\ude80");
        assertThat(VisibleText.visible("\ud83d\ude80\u200d1")).isEqualTo("\ud83d\ude80[U+200D]1");
    }
}
