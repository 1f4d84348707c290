package io.drover.journal;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Makes ids. A task with a key gets an id that is a digest of workflow and key, so the primary key alone makes a second
 * submission the same task; a second owner who uses the same key gets a digest of workflow, owner and key. A task without
 * a key gets a time-ordered id. All are UUIDs (RFC 9562, versions 8 and 7).
 */
public final class TaskIds {

    private static final NoArgGenerator TIME_ORDERED = Generators.timeBasedEpochGenerator();

    private TaskIds() {}

    /** The id of a task without a key. */
    public static UUID random() {
        return TIME_ORDERED.generate();
    }

    /** The id of the one task of this workflow with this key. */
    public static UUID of(String workflow, String key) {
        return digest(workflow, key);
    }

    /**
     * The id of the one task of this workflow with this owner's key, where another owner's task has the id of
     * {@link #of(String, String)}. No key holds a zero byte, so it is never the id of another key.
     */
    public static UUID of(String workflow, String owner, String key) {
        return digest(workflow, owner, key);
    }

    /** A version 8 UUID of the first 122 bits of the SHA-256 digest of the parts, each ended by a zero byte. */
    public static UUID digest(String... parts) {
        MessageDigest sha256 = sha256();
        for (String part : parts) {
            sha256.update(part.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
        }
        ByteBuffer bytes = ByteBuffer.wrap(sha256.digest());
        long high = bytes.getLong() & ~0xF000L | 0x8000L;
        long low = bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
