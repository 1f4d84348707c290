package io.drover.guard;

import java.util.ArrayList;
import java.util.List;

/** The values that a text in the Simple language takes from the message. */
final class SimpleValues {

    private SimpleValues() {}

    /** The outermost <code>${...}</code> of a text. */
    static List<String> of(String text) {
        List<String> values = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                start = depth == 0 ? i : start;
                depth++;
                i++;
            } else if (text.charAt(i) == '}' && depth > 0) {
                depth--;
                if (depth == 0) {
                    values.add(text.substring(start, i + 1));
                }
            }
        }
        return values;
    }
}
