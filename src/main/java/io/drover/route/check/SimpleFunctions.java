package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;

/** Takes a text in the Simple language apart. */
final class SimpleFunctions {

    /**
     * A function of it, such as {@code variable.city}; without what is nested in it.
     *
     * @param text   what stands between the braces
     * @param offset of the function in the whole text
     */
    record Function(String text, int offset) {}

    private SimpleFunctions() {}

    /** All functions of a text, nested ones included. */
    static List<Function> of(String text) {
        List<Function> functions = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        List<StringBuilder> open = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            int begun = begins(text, i);
            if (begun > 0) {
                starts.add(i);
                open.add(new StringBuilder());
                i += begun;
                continue;
            }
            char c = text.charAt(i);
            if (!open.isEmpty() && c == '}') {
                functions.add(new Function(open.removeLast().toString(), starts.removeLast()));
            } else if (!open.isEmpty()) {
                open.getLast().append(c);
            }
            i++;
        }
        return functions;
    }

    /** The length of the beginning of a function, or 0. */
    private static int begins(String text, int at) {
        return text.startsWith("${", at) ? 2 : text.startsWith("$simple{", at) ? 8 : 0;
    }
}
