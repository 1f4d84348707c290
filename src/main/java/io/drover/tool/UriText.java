package io.drover.tool;

/** Writes text from outside as the value of an option in a URI of {@code tool:}. */
public final class UriText {

    private UriText() {}

    /**
     * Escapes everything but letters and digits, so that the text cannot end the value, name a property or a bean:
     * {@code ~} and four hexadecimal digits, which {@code tool:} reads as the character.
     */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(Character.isLetterOrDigit(c) ? Character.toString(c) : "~%04X".formatted((int) c));
        }
        return escaped.toString();
    }
}
