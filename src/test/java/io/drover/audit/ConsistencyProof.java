package io.drover.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Proofs that a Merkle tree begins with another (RFC 9162, section 2.1.4). */
final class ConsistencyProof {

    private ConsistencyProof() {}

    /** That the tree of the first leaves is the beginning of the tree of all. @param first how many, from 1 */
    static List<byte[]> of(int first, List<byte[]> leaves) {
        return first == leaves.size() ? List.of() : subproof(first, leaves, true);
    }

    private static List<byte[]> subproof(int first, List<byte[]> leaves, boolean whole) {
        int n = leaves.size();
        List<byte[]> proof = new ArrayList<>();
        if (first == n) {
            if (!whole) {
                proof.add(root(leaves));
            }
            return proof;
        }
        int k = InclusionProof.split(n);
        if (first <= k) {
            proof.addAll(subproof(first, leaves.subList(0, k), whole));
            proof.add(root(leaves.subList(k, n)));
        } else {
            proof.addAll(subproof(first - k, leaves.subList(k, n), false));
            proof.add(root(leaves.subList(0, k)));
        }
        return proof;
    }

    /** Whether the proof shows that the second tree begins with the first (RFC 9162, 2.1.4.2). */
    static boolean isConsistent(long first, byte[] firstRoot, long second, byte[] secondRoot, List<byte[]> proof) {
        if (first < 1 || first > second) {
            return false;
        }
        if (first == second) {
            return proof.isEmpty() && Arrays.equals(firstRoot, secondRoot);
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(first) == 1) {
            path.addFirst(firstRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        byte[] fr = path.getFirst();
        byte[] sr = fr;
        for (byte[] c : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = MerkleTree.nodeHash(c, fr);
                sr = MerkleTree.nodeHash(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = MerkleTree.nodeHash(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(fr, firstRoot) && Arrays.equals(sr, secondRoot);
    }

    static byte[] root(List<byte[]> leaves) {
        MerkleTree tree = new MerkleTree();
        leaves.forEach(tree::add);
        return tree.root();
    }
}
