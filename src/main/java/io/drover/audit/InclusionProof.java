package io.drover.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Proofs that a leaf is in a Merkle tree (RFC 9162, section 2.1.3). */
final class InclusionProof {

    private InclusionProof() {}

    /** The path from a leaf to the root. @param leaves the leaf hashes of the tree */
    static List<byte[]> of(int index, List<byte[]> leaves) {
        List<byte[]> path = new ArrayList<>();
        int n = leaves.size();
        if (n > 1) {
            int k = split(n);
            boolean left = index < k;
            path.addAll(left ? of(index, leaves.subList(0, k)) : of(index - k, leaves.subList(k, n)));
            path.add(root(left ? leaves.subList(k, n) : leaves.subList(0, k)));
        }
        return path;
    }

    private static byte[] root(List<byte[]> leaves) {
        MerkleTree tree = new MerkleTree();
        leaves.forEach(tree::add);
        return tree.root();
    }

    /** The largest power of two below n. */
    static int split(int n) {
        return Integer.highestOneBit(n - 1);
    }

    /** Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2). */
    static boolean isIncluded(byte[] leaf, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        byte[] r = leaf;
        for (byte[] p : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                r = MerkleTree.nodeHash(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                r = MerkleTree.nodeHash(r, p);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(r, root);
    }
}
