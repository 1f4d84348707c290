package io.drover.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/** The head of a chain, as a leaf of the tree holds it: it stands for all rows up to this one. */
record ChainHead(UUID writer, long seq, byte[] hash) {

    /** The hash of the leaf. Its data is a line of the three. */
    byte[] leafHash() {
        return MerkleTree.leafHash("%s %d %s"
                .formatted(writer, seq, HexFormat.of().formatHex(hash))
                .getBytes(StandardCharsets.UTF_8));
    }
}
