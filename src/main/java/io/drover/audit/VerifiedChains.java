package io.drover.audit;

import io.drover.audit.AuditVerifier.Findings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The chains of an export, whose rows come in their order, and the leaves that stand for them. */
final class VerifiedChains {

    private final Findings findings;
    private final Map<UUID, TreeMap<Long, byte[]>> sealed = new HashMap<>();
    private final Map<UUID, ChainHead> before = new HashMap<>();
    private final Set<UUID> seen = new HashSet<>();
    private @Nullable UUID writer;
    private ChainCheck check = new ChainCheck(new UUID(0, 0));
    private long since;
    private long lastSealed;
    private long rows;
    private long unsealed;

    VerifiedChains(Findings findings) {
        this.findings = findings;
    }

    /**
     * The rows under the first leaves are not in the export.
     *
     * @param size how many leaves
     * @throws IllegalArgumentException where it is too late to say so
     */
    void since(long size) {
        if (since != 0 || size < 1 || !sealed.isEmpty()) {
            throw new IllegalArgumentException("which rows are left out comes first");
        }
        since = size;
    }

    void sealed(long index, ChainHead head) {
        if (index < since) {
            before.put(head.writer(), head);
        } else if (sealed.computeIfAbsent(head.writer(), w -> new TreeMap<>()).put(head.seq(), head.hash()) != null) {
            findings.add("chain %s: row %d is two leaves".formatted(head.writer(), head.seq()));
        }
    }

    void row(ChainRow row) {
        rows++;
        if (!row.writer().equals(writer)) {
            begin(row.writer());
        }
        String problem = check.next(row);
        if (problem != null) {
            findings.add(problem);
        }
        TreeMap<Long, byte[]> heads = sealed.get(row.writer());
        byte[] leaf = heads == null ? null : heads.remove(row.seq());
        if (leaf != null && !Arrays.equals(leaf, row.hash())) {
            findings.add("chain %s: it was rewritten up to row %d: a leaf has another hash of that row"
                    .formatted(row.writer(), row.seq()));
        }
        if (row.seq() > lastSealed) {
            unsealed++;
        }
    }

    private void begin(UUID next) {
        writer = next;
        ChainHead known = before.getOrDefault(next, new ChainHead(next, 0, new byte[0]));
        check = new ChainCheck(next, known.seq(), known.hash());
        TreeMap<Long, byte[]> heads = sealed.get(next);
        lastSealed = heads == null || heads.isEmpty() ? known.seq() : heads.lastKey();
        if (!seen.add(next)) {
            findings.add("chain %s comes twice".formatted(next));
        }
    }

    /** What is a leaf and was no row. */
    void end() {
        sealed.forEach((chain, heads) -> {
            if (!heads.isEmpty()) {
                findings.add("chain %s: it was cut off or removed: row %d is missing, which is a leaf"
                        .formatted(chain, heads.lastKey()));
            }
        });
    }

    long since() {
        return since;
    }

    long rows() {
        return rows;
    }

    long unsealed() {
        return unsealed;
    }
}
