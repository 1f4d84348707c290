package io.drover.json;

import org.jspecify.annotations.Nullable;

/** How messages, logs and headers show text from outside: short, on one line, without anything that moves a cursor. */
public final class Excerpt {

    private static final int LONGEST = 300;
    private static final char REPLACEMENT = '\uFFFD';

    private Excerpt() {}

    /** At most 300 characters of a text; see {@link #of(String, int)}. */
    public static String of(@Nullable String text) {
        return of(text, LONGEST);
    }

    /**
     * The beginning of a text. An ellipsis and the whole length mark a cut. Line ends and tabs become spaces; control
     * and direction characters, and halves of surrogate pairs, become U+FFFD.
     *
     * @param longest in characters, without the note on what was cut
     */
    public static String of(@Nullable String text, int longest) {
        if (text == null) {
            return "null";
        }
        if (text.length() <= longest && isPlain(text)) {
            return text;
        }
        int end = Math.min(text.length(), longest);
        StringBuilder excerpt = new StringBuilder(end + 30);
        for (int i = 0; i < end; ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (next > end) {
                break;
            }
            if (isPlain(c)) {
                excerpt.appendCodePoint(c);
            } else {
                excerpt.append(Character.isWhitespace(c) ? ' ' : REPLACEMENT);
            }
            i = next;
        }
        return end == text.length()
                ? excerpt.toString()
                : excerpt.append("… (%d characters)".formatted(text.length())).toString();
    }

    private static boolean isPlain(String text) {
        return text.codePoints().allMatch(Excerpt::isPlain);
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
