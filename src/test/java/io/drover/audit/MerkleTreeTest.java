package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Trees and proofs, by RFC 9162's definitions and the roots that other implementations of it agree on. */
@Quick
class MerkleTreeTest {

    private static final int MOST = 70;

    /** Of the certificate-transparency project, used by its implementations in C++, Go and Python. */
    private static final List<String> DATA =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static final List<byte[]> LEAVES = IntStream.range(0, MOST)
            .mapToObj(i -> MerkleTree.leafHash(new byte[] {(byte) i}))
            .toList();

    @Test
    void hasTheRootsThatOthersHave() {
        MerkleTree tree = new MerkleTree();
        for (int size = 0; size < ROOTS.size(); size++) {
            assertThat(HexFormat.of().formatHex(tree.root()))
                    .as("size %d", size)
                    .isEqualTo(ROOTS.get(size));
            if (size < DATA.size()) {
                tree.add(MerkleTree.leafHash(HexFormat.of().parseHex(DATA.get(size))));
            }
        }
    }

    /** 2.1.1: MTH of the first k leaves and of the rest, where k is the largest power of two below n. */
    private static byte[] definition(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = 1;
        while (2 * k < leaves.size()) {
            k *= 2;
        }
        return MerkleTree.nodeHash(definition(leaves.subList(0, k)), definition(leaves.subList(k, leaves.size())));
    }

    @Test
    void isWhatTheDefinitionSaysAndGoesOnFromItsFrontier() {
        MerkleTree tree = new MerkleTree();
        for (int size = 1; size <= MOST; size++) {
            tree = new MerkleTree(tree.size(), tree.frontier());
            tree.add(LEAVES.get(size - 1));
            assertThat(tree.size()).isEqualTo(size);
            assertThat(tree.root()).isEqualTo(definition(LEAVES.subList(0, size)));
        }
    }

    @Test
    void refusesAFrontierOfAnotherSize() {
        assertThatThrownBy(() -> new MerkleTree(3, new byte[32])).hasMessageContaining("2 complete subtrees");
    }

    @Test
    void provesThatALeafIsInATree() {
        for (int size = 1; size <= MOST; size++) {
            List<byte[]> leaves = LEAVES.subList(0, size);
            byte[] root = definition(leaves);
            for (int index = 0; index < size; index++) {
                List<byte[]> path = InclusionProof.of(index, leaves);
                byte[] leaf = leaves.get(index);
                assertThat(InclusionProof.isIncluded(leaf, index, size, path, root))
                        .isTrue();
                assertThat(InclusionProof.isIncluded(other(leaf), index, size, path, root))
                        .isFalse();
                assertThat(InclusionProof.isIncluded(leaf, index, size, path, other(root)))
                        .isFalse();
                assertThat(InclusionProof.isIncluded(leaf, size, size, path, root))
                        .isFalse();
                if (index + 1 < size) {
                    assertThat(InclusionProof.isIncluded(leaf, index + 1, size, path, root))
                            .isFalse();
                }
                for (int i = 0; i < path.size(); i++) {
                    assertThat(InclusionProof.isIncluded(leaf, index, size, with(path, i), root))
                            .isFalse();
                    assertThat(InclusionProof.isIncluded(leaf, index, size, path.subList(0, i), root))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void provesThatATreeBeginsWithAnother() {
        for (int second = 1; second <= MOST; second++) {
            byte[] secondRoot = definition(LEAVES.subList(0, second));
            for (int first = 1; first <= second; first++) {
                byte[] firstRoot = definition(LEAVES.subList(0, first));
                List<byte[]> proof = ConsistencyProof.of(first, LEAVES.subList(0, second));
                assertThat(ConsistencyProof.isConsistent(first, firstRoot, second, secondRoot, proof))
                        .isTrue();
                assertThat(ConsistencyProof.isConsistent(first, other(firstRoot), second, secondRoot, proof))
                        .isFalse();
                assertThat(ConsistencyProof.isConsistent(first, firstRoot, second, other(secondRoot), proof))
                        .isFalse();
                for (int i = 0; i < proof.size(); i++) {
                    assertThat(ConsistencyProof.isConsistent(first, firstRoot, second, secondRoot, with(proof, i)))
                            .isFalse();
                    assertThat(ConsistencyProof.isConsistent(first, firstRoot, second, secondRoot, proof.subList(0, i)))
                            .isFalse();
                }
            }
        }
    }

    /** RFC 9162, 2.1.5: the tree of seven leaves. */
    @Test
    void makesTheProofsOfTheExample() {
        List<byte[]> d = LEAVES.subList(0, 7);
        byte[] g = MerkleTree.nodeHash(d.get(0), d.get(1));
        byte[] h = MerkleTree.nodeHash(d.get(2), d.get(3));
        byte[] i = MerkleTree.nodeHash(d.get(4), d.get(5));
        byte[] j = d.get(6);
        byte[] k = MerkleTree.nodeHash(g, h);
        byte[] l = MerkleTree.nodeHash(i, j);

        assertThat(InclusionProof.of(0, d)).containsExactly(d.get(1), h, l);
        assertThat(InclusionProof.of(3, d)).containsExactly(d.get(2), g, l);
        assertThat(InclusionProof.of(4, d)).containsExactly(d.get(5), j, k);
        assertThat(InclusionProof.of(6, d)).containsExactly(i, k);
        assertThat(ConsistencyProof.of(3, d)).containsExactly(d.get(2), d.get(3), g, l);
        assertThat(ConsistencyProof.of(4, d)).containsExactly(l);
        assertThat(ConsistencyProof.of(6, d)).containsExactly(i, j, k);
    }

    private static byte[] other(byte[] hash) {
        byte[] other = hash.clone();
        other[7] ^= 1;
        return other;
    }

    private static List<byte[]> with(List<byte[]> path, int i) {
        List<byte[]> changed = new ArrayList<>(path);
        changed.set(i, other(path.get(i)));
        return changed;
    }
}
