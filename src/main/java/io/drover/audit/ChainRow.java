package io.drover.audit;

import io.drover.json.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A row of a chain.
 *
 * @param hash as it is stored
 * @param body a JSON array a line
 */
record ChainRow(UUID writer, long seq, Instant at, byte[] hash, String body) {

    /** Since when PostgreSQL counts microseconds. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /** What its hash has to be after this one; before the first comes an empty one. */
    byte[] hashAfter(byte[] before) {
        byte[] head = ByteBuffer.allocate(32)
                .putLong(writer.getMostSignificantBits())
                .putLong(writer.getLeastSignificantBits())
                .putLong(seq)
                .putLong(ChronoUnit.MICROS.between(EPOCH, at))
                .array();
        return Digest.sha256(before, head, body.getBytes(StandardCharsets.UTF_8));
    }
}
