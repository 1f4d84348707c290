package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class TableTest {

    /** Keys and errors come in all scripts, and the column after them stays a column. */
    @ParameterizedTest
    @CsvSource({
        "plain, 5",
        "注文, 4",
        "주문, 4",
        "ＡＢ, 4",
        "e\u0301t\u00e9, 3",
        "\uD83D\uDE9A, 2",
        "naïve, 5",
        "ｱｲ, 2",
    })
    void countsThePlacesOnATerminal(String text, int places) {
        String line = lines("KEY", "STATUS", text, "DEAD")[1];

        assertThat(line).isEqualTo(text + " ".repeat(Math.max(3, places) - places + 2) + "DEAD");
    }

    @Test
    void cutsNoCharacterInTwo() {
        String line = lines("A", "B", "\uD83D\uDE9A".repeat(200), "b")[1];

        assertThat(line).startsWith("\uD83D\uDE9A".repeat(99) + "…");
    }

    private static String[] lines(String a, String b, String first, String second) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        new Table(a, b).row(first, second).print(out);
        out.flush();
        return text.toString().split("\\R");
    }
}
