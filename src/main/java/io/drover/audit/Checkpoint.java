package io.drover.audit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * A tree as it was: the text of a checkpoint (<a href="https://c2sp.org/tlog-checkpoint">C2SP tlog-checkpoint</a>).
 *
 * @param origin whose log it is
 * @param size   the number of leaves
 * @param root   the Merkle Tree Hash
 */
public record Checkpoint(String origin, long size, byte[] root) {

    /** What is signed; every line ends with a line feed. */
    public String text() {
        return "%s\n%d\n%s\n".formatted(origin, size, Base64.getEncoder().encodeToString(root));
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || lines[0].isEmpty() || !lines[1].matches("0|[1-9]\\d{0,17}")) {
            throw new IllegalArgumentException(
                    "a checkpoint has an origin, a size and a root, each in a line of its own");
        }
        byte[] root = Base64.getDecoder().decode(lines[2]);
        if (root.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException(
                    "the root of a checkpoint has %d bytes, and not %d".formatted(MerkleTree.HASH_BYTES, root.length));
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), root);
    }

    /** The first 52 bits of the root, which a double holds exactly. */
    public double rootBits() {
        return ByteBuffer.wrap(root).getLong() >>> 12;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpoint c
                && origin.equals(c.origin)
                && size == c.size
                && Arrays.equals(root, c.root);
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
