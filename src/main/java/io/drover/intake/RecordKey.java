package io.drover.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a record's key, different for different bytes. Text stays what it is. Anything else, such as a binary
 * number, becomes {@code kafka-bytes:} and its bytes in base64url; so does a text that begins with this prefix.
 */
final class RecordKey {

    static final String PREFIX = "kafka-bytes:";

    private RecordKey() {}

    static @Nullable String text(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        try {
            String text = Utf8.decode(key);
            if (!text.startsWith(PREFIX) && text.chars().noneMatch(Character::isISOControl)) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // it is binary
        }
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** Reads bytes as UTF-8 and refuses what is not. */
    static final class Utf8 {

        private Utf8() {}

        static String decode(byte[] bytes) throws CharacterCodingException {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }
}
