package io.drover.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one reader of text from outside. A byte order mark decides on the encoding, then the charset of the
 * {@code Content-Type}, then what XML or HTML declares; otherwise it is UTF-8.
 * Nothing is replaced: bytes that are not in their encoding are refused.
 */
public final class TextReader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** What a text begins with that tells its encoding; UTF-32 comes before UTF-16, whose mark is the beginning of its own. */
    private enum Mark {
        UTF_8(StandardCharsets.UTF_8, 0xEF, 0xBB, 0xBF),
        UTF_32BE(Charset.forName("UTF-32BE"), 0, 0, 0xFE, 0xFF),
        UTF_32LE(Charset.forName("UTF-32LE"), 0xFF, 0xFE, 0, 0),
        UTF_16BE(StandardCharsets.UTF_16BE, 0xFE, 0xFF),
        UTF_16LE(StandardCharsets.UTF_16LE, 0xFF, 0xFE);

        private final Charset charset;
        private final byte[] bytes;

        Mark(Charset charset, int... bytes) {
            this.charset = charset;
            this.bytes = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                this.bytes[i] = (byte) bytes[i];
            }
        }

        static @Nullable Mark of(byte[] text) {
            for (Mark mark : values()) {
                int length = mark.bytes.length;
                if (text.length >= length && Arrays.equals(mark.bytes, 0, length, text, 0, length)) {
                    return mark;
                }
            }
            return null;
        }
    }

    private TextReader() {}

    /**
     * The text without its byte order mark.
     *
     * @throws UnreadableTextException when its charset is not known here, or the bytes are not in their encoding
     */
    public static String read(byte[] bytes, ContentType given) throws UnreadableTextException {
        Mark mark = Mark.of(bytes);
        ContentType type = mark == null && given.charset() == null ? given.in(DeclaredCharset.of(bytes, given)) : given;
        Charset charset = mark == null ? charset(type, given.charset() == null) : mark.charset;
        int from = mark == null ? 0 : mark.bytes.length;
        try {
            return withoutMark(charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new UnreadableTextException(
                    mark == null && type.charset() != null
                            ? "it is declared as text in %s, but its bytes are not".formatted(charset.name())
                            : "it is not %s; name another charset in its Content-Type, as in text/plain; charset=ISO-8859-1"
                                    .formatted(charset.name()));
        }
    }

    /** A text that somebody else has decoded: without the mark, which is no part of it. */
    public static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** Whether the charset of a type is known here, or none is named. */
    public static boolean knows(ContentType type) {
        try {
            return type.charset() == null || Charset.isSupported(type.charset());
        } catch (IllegalCharsetNameException e) {
            return false;
        }
    }

    private static Charset charset(ContentType type, boolean declared) throws UnreadableTextException {
        String name = type.charset();
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            Charset charset = Charset.forName(name);
            return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset; // which contains it
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UnreadableTextException("the charset '%s' %s is not known here; send UTF-8"
                    .formatted(Excerpt.of(name, 40), declared ? "that it declares" : "of its Content-Type"));
        }
    }
}
