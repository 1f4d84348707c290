package io.drover.rules;

/**
 * A name, or a pattern in which a {@code *} stands for any characters.
 * It covers models and memory, whose names begin with {@code model.} and {@code memory.}, only if it begins like them.
 */
public final class NamePattern {

    private final String pattern;

    public NamePattern(String pattern) {
        this.pattern = pattern;
    }

    public boolean matches(String name) {
        int dot = name.indexOf('.');
        return (dot < 0 || pattern.startsWith(name.substring(0, dot + 1))) && covers(name);
    }

    /** Goes back to the last star only, so its cost is at most the product of both lengths. */
    private boolean covers(String name) {
        int n = 0;
        int p = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
