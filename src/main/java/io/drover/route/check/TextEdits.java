package io.drover.route.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replacements in a text, none within another. What they do not touch stays as it is, byte for byte. */
final class TextEdits {

    private record Edit(int from, int to, String text) {}

    private static final String INDENT = "  ";

    private final String text;
    private final List<Edit> edits = new ArrayList<>();

    TextEdits(String text) {
        this.text = text;
    }

    void insert(int at, String inserted) {
        replace(at, at, inserted);
    }

    void replace(int from, int to, String by) {
        Edit edit = new Edit(from, to, by);
        if (!edits.contains(edit)) {
            edits.add(edit);
        }
    }

    /** Moves the lines of a part to the right, but not the one in which it begins, and none that is blank. */
    void indent(int from, int to) {
        for (int end = text.indexOf('\n', from); end >= 0 && end + 1 < to; end = text.indexOf('\n', end + 1)) {
            char first = text.charAt(end + 1);
            if (first != '\n' && first != '\r') {
                insert(end + 1, INDENT);
            }
        }
    }

    boolean isEmpty() {
        return edits.isEmpty();
    }

    /** The text with all of them. */
    String applied() {
        StringBuilder changed = new StringBuilder(text);
        edits.stream()
                .sorted(Comparator.comparingInt(Edit::from).reversed())
                .forEach(edit -> changed.replace(edit.from(), edit.to(), edit.text()));
        return changed.toString();
    }
}
