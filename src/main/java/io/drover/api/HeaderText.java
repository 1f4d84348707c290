package io.drover.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text of a header, whose bytes the server reads as ISO 8859-1, although clients write UTF-8. */
final class HeaderText {

    private HeaderText() {}

    /** The same text as in a JSON document or a Kafka record: as UTF-8 if it is that, else as it was read. */
    static @Nullable String of(@Nullable String header) {
        if (header == null
                || header.chars().allMatch(c -> c < 0x80)
                || header.chars().anyMatch(c -> c > 0xFF)) {
            return header;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return header;
        }
    }
}
