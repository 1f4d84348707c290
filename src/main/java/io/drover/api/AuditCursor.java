package io.drover.api;

import java.nio.ByteBuffer;
import java.util.Base64;

/** A place in the list of decisions, newest first: just behind the entry with this id. */
final class AuditCursor {

    private AuditCursor() {}

    /** Opaque text that fits into a URL. */
    static String write(long id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(Long.BYTES).putLong(id).array());
    }

    static long read(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == Long.BYTES) {
                return ByteBuffer.wrap(bytes).getLong();
            }
        } catch (IllegalArgumentException e) { // as below
        }
        throw ProblemException.badField("cursor", cursor, "is not a cursor", "`next` of an earlier answer");
    }
}
