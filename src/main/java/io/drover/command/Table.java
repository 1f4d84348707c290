package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rows whose columns stand below each other. */
final class Table {

    private static final int WIDEST = 100;
    private static final Set<Character.UnicodeScript> WIDE = EnumSet.of(
            Character.UnicodeScript.HAN,
            Character.UnicodeScript.HIRAGANA,
            Character.UnicodeScript.KATAKANA,
            Character.UnicodeScript.HANGUL,
            Character.UnicodeScript.BOPOMOFO);

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cut(printable(text(cell))));
        }
        rows.add(row);
        return this;
    }

    void print(PrintWriter out) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i)) + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** What tasks hold must not steer the terminal. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The message of an error, which may be any JSON. */
    static String message(JsonNode error) {
        return error.isMissingNode() ? "" : error.path("message").asText(error.toString());
    }

    /** A time without fractions of a second, or a duration without its {@code PT}. */
    static String time(JsonNode time) {
        String text = time.asText("");
        return text.startsWith("PT") ? text.substring(2).toLowerCase() : text.replaceFirst("\\.\\d+Z", "Z");
    }

    private static String text(Object cell) {
        return cell instanceof JsonNode node ? node.asText("") : String.valueOf(cell);
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= WIDEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, WIDEST - 1)) + "…";
    }

    /** The places that it takes on a terminal. */
    private static int width(String text) {
        return text.codePoints().map(Table::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK ? 0 : isWide(c) ? 2 : 1;
    }

    /** The scripts, full-width forms and pictures that terminals show in two places. */
    private static boolean isWide(int c) {
        boolean half = c >= 0xFF61 && c <= 0xFFDC;
        return c >= 0x1100
                && !half
                && (WIDE.contains(Character.UnicodeScript.of(c))
                        || c >= 0x3000 && c <= 0x303E
                        || c >= 0xFF01 && c <= 0xFF60
                        || c >= 0x1F300 && c <= 0x1FAFF);
    }
}
