package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.json.ContentType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as anybody on the network may send them. */
@Quick
class HookBodyTest {

    private static ContentType form(String charset) {
        return ContentType.of("application/x-www-form-urlencoded; charset=" + charset);
    }

    @ParameterizedTest
    @CsvSource({
        "utf-8, a=%C3%A4+b, ä b",
        "iso-8859-1, a=%E4, ä",
        "windows-1252, a=%80, €",
        "shift_jis, a=%95%5C, 表",
        "shift_jis, a=%83A, ア",
        "us-ascii, a=b%3D, b="
    })
    void valuesAreDecodedInTheirCharset(String charset, String text, String value) throws Exception {
        assertThat(HookBody.form(text, form(charset))).containsEntry("a", value);
    }

    /** A letter of these is not one byte, or they cannot be written: a form cannot be in them. */
    @ParameterizedTest
    @ValueSource(strings = {"utf-16", "utf-16le", "utf-32", "iso-2022-cn", "x-JISAutoDetect"})
    void aCharsetThatFormsCannotHaveIsRefused(String charset) {
        assertThatThrownBy(() -> HookBody.forCamel("ab=cd&e=f", form(charset)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Each value once copied all values of its name that came before: a body of a megabyte kept a core busy for minutes. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aNameMayComeAsOftenAsABodyHasRoom() throws Exception {
        assertThat(HookBody.form("a&".repeat(500_000) + "b=1", form("utf-8")))
                .containsEntry("b", "1")
                .extractingByKey("a")
                .satisfies(values -> assertThat((List<?>) values).hasSize(500_000));
    }
}
