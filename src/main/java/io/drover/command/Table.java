package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows whose columns stand below each other. */
final class Table {

    private static final int WIDEST = 100;

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
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
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
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
    }
}
