package io.drover.audit;

import io.drover.audit.AuditVerifier.Findings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/** The tree that the leaves of an export make, and the checkpoints that must agree with it. */
final class VerifiedTree {

    private final Findings findings;
    private final NoteVerifiers keys;
    private final List<Told> told = new ArrayList<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private final TreeMap<Long, String> unsigned = new TreeMap<>();
    private long signedUpTo;
    private long stored;
    private long largest;

    /** A checkpoint. @param where it comes from */
    private record Told(String where, Checkpoint checkpoint) {}

    VerifiedTree(Findings findings, NoteVerifiers keys, List<String> elsewhere) {
        this.findings = findings;
        this.keys = keys;
        elsewhere.forEach(note -> add("the checkpoint that was given", note, false));
    }

    void leaf(long index, ChainHead head) {
        if (index != leaves.size()) {
            findings.add("leaf %d of the tree is missing".formatted(leaves.size()));
        }
        leaves.add(head.leafHash());
    }

    void checkpoint(String note) {
        stored++;
        largest = Math.max(largest, add("the checkpoint of the log", note, true).size());
    }

    private Checkpoint add(String where, String note, boolean own) {
        SignedNote signed = SignedNote.parse(note);
        Checkpoint checkpoint = Checkpoint.parse(signed.text());
        String named = "%s of size %d".formatted(where, checkpoint.size());
        String problem = keys.problem(signed);
        if (problem == null) {
            signedUpTo = own ? Math.max(signedUpTo, checkpoint.size()) : signedUpTo;
        } else if (own && signed.signatures().isEmpty()) {
            unsigned.put(checkpoint.size(), "%s %s".formatted(named, problem));
        } else {
            findings.add("%s %s".formatted(named, problem));
        }
        told.add(new Told(named, checkpoint));
        return checkpoint;
    }

    /**
     * Compares all checkpoints with the tree. One without a signature is right where a later one has one: its root is that of the
     * beginning of the later tree.
     */
    void end() {
        unsigned.tailMap(signedUpTo).values().forEach(findings::add);
        told.sort((a, b) -> Long.compare(a.checkpoint.size(), b.checkpoint.size()));
        MerkleTree tree = new MerkleTree();
        Told before = null;
        for (Told each : told) {
            Checkpoint checkpoint = each.checkpoint;
            if (before != null && before.checkpoint.size() == checkpoint.size()) {
                compare(before, each);
            }
            before = each;
            if (checkpoint.size() > leaves.size()) {
                findings.add("the log was cut off: it has %d leaves, and %s has %d"
                        .formatted(leaves.size(), each.where, checkpoint.size()));
                continue;
            }
            while (tree.size() < checkpoint.size()) {
                tree.add(leaves.get((int) tree.size()));
            }
            if (!Arrays.equals(tree.root(), checkpoint.root())) {
                findings.add("the log was rewritten: its first %d leaves have the root %s, and %s has %s"
                        .formatted(checkpoint.size(), base64(tree.root()), each.where, base64(checkpoint.root())));
            }
        }
        if (leaves.size() > largest) {
            findings.add("leaves %d to %d are under no checkpoint: checkpoints were removed, or leaves added"
                    .formatted(largest, leaves.size() - 1));
        }
    }

    private void compare(Told a, Told b) {
        if (!Arrays.equals(a.checkpoint.root(), b.checkpoint.root())) {
            findings.add("the log was forked: %s has the root %s, and %s has %s"
                    .formatted(a.where, base64(a.checkpoint.root()), b.where, base64(b.checkpoint.root())));
        } else if (!a.checkpoint.origin().equals(b.checkpoint.origin())) {
            findings.add("%s is of '%s', and %s of '%s'"
                    .formatted(a.where, a.checkpoint.origin(), b.where, b.checkpoint.origin()));
        }
    }

    private static String base64(byte[] root) {
        return Base64.getEncoder().encodeToString(root);
    }

    long checkpoints() {
        return stored;
    }

    long size() {
        return leaves.size();
    }
}
