package io.drover.audit;

import io.drover.json.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Merkle tree that grows, as in RFC 9162, section 2.1. It keeps the roots of the complete subtrees only, so it takes as
 * much memory as its size has digits.
 */
final class MerkleTree {

    /** Of SHA-256. */
    static final int HASH_BYTES = 32;

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    /** The roots of the complete subtrees, the largest first: one for each bit of the size. */
    private final List<byte[]> frontier = new ArrayList<>();

    private long size;

    /** The empty tree. */
    MerkleTree() {}

    /**
     * The tree that had this {@link #frontier}.
     *
     * @throws IllegalArgumentException where a tree of this size has another number of subtrees
     */
    MerkleTree(long size, byte[] frontier) {
        if (size < 0 || frontier.length != Long.bitCount(size) * HASH_BYTES) {
            throw new IllegalArgumentException(
                    "a tree of %d leaves has %d complete subtrees, and not %d bytes of their roots"
                            .formatted(size, Long.bitCount(size), frontier.length));
        }
        this.size = size;
        for (int i = 0; i < frontier.length; i += HASH_BYTES) {
            this.frontier.add(Arrays.copyOfRange(frontier, i, i + HASH_BYTES));
        }
    }

    static byte[] leafHash(byte[] data) {
        return Digest.sha256(LEAF, data);
    }

    static byte[] nodeHash(byte[] left, byte[] right) {
        return Digest.sha256(NODE, left, right);
    }

    /** Adds a leaf. @param leafHash its {@link #leafHash} */
    void add(byte[] leafHash) {
        byte[] subtree = leafHash;
        for (long rest = size; (rest & 1) == 1; rest >>= 1) {
            subtree = nodeHash(frontier.removeLast(), subtree);
        }
        frontier.add(subtree);
        size++;
    }

    long size() {
        return size;
    }

    /** The Merkle Tree Hash. */
    byte[] root() {
        if (frontier.isEmpty()) {
            return Digest.sha256();
        }
        byte[] root = frontier.getLast();
        for (int i = frontier.size() - 2; i >= 0; i--) {
            root = nodeHash(frontier.get(i), root);
        }
        return root;
    }

    /** What {@link #MerkleTree(long, byte[])} takes. */
    byte[] frontier() {
        byte[] bytes = new byte[frontier.size() * HASH_BYTES];
        for (int i = 0; i < frontier.size(); i++) {
            System.arraycopy(frontier.get(i), 0, bytes, i * HASH_BYTES, HASH_BYTES);
        }
        return bytes;
    }
}
