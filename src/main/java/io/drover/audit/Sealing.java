package io.drover.audit;

import io.drover.start.RefusedToStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes checkpoints: reads the rows that came since the last one, adds the heads of their chains to the tree, and signs its
 * root. One process at a time does so.
 */
@Component
class Sealing {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    private final AuditLog log;
    private final TransactionTemplate transaction;
    private final String origin;
    private final @Nullable NoteSigner signer;
    private @Nullable Checkpoint seen; // of the thread that seals

    /** A checkpoint that was made. */
    record Made(Checkpoint checkpoint, String note) {}

    /** @param made what was made, or null where another process leads or nothing is new */
    record Outcome(@Nullable Made made, AuditState state) {}

    Sealing(AuditLog log, PlatformTransactionManager transactions, AuditProperties properties) {
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
        this.origin = properties.origin();
        this.signer = properties.keyFile() == null ? null : signer(properties.keyFile());
    }

    private NoteSigner signer(Path keyFile) {
        try {
            return NoteSigner.read(origin, keyFile);
        } catch (IllegalArgumentException e) {
            throw new RefusedToStartException("drover.audit.key-file: " + e.getMessage());
        }
    }

    /** Who can check the signatures, or null where there are none. */
    @Nullable
    String verifier() {
        return signer == null ? null : signer.verifier().text();
    }

    /**
     * Makes a checkpoint if something is new.
     *
     * @throws IllegalStateException where the last checkpoint is not one of this log: then nothing is signed
     */
    Outcome seal() {
        return Objects.requireNonNull(transaction.execute(status -> sealNow()));
    }

    private Outcome sealNow() {
        AuditLog.Sealed last = log.last();
        boolean leads = mayFollow(last) && log.lead();
        if (leads) { // another process may have led until now
            last = log.last();
            leads = mayFollow(last);
        }
        Checkpoint before = last == null ? null : checkpoint(last.note());
        checkNotCut(before);
        List<ChainHead> heads = new ArrayList<>();
        Duration oldest = Duration.ZERO;
        int broken = 0;
        for (AuditLog.Unsealed chain : log.unsealed()) {
            ChainHead head = leads ? head(chain) : null;
            if (head != null) {
                heads.add(head);
                continue;
            }
            broken += leads ? 1 : 0;
            oldest = chain.age().compareTo(oldest) > 0 ? chain.age() : oldest;
        }
        if (heads.isEmpty()) {
            return new Outcome(null, new AuditState(before, oldest, broken));
        }
        MerkleTree tree = tree(last, before);
        log.add(heads, tree.size());
        heads.forEach(head -> tree.add(head.leafHash()));
        Checkpoint checkpoint = new Checkpoint(origin, tree.size(), tree.root());
        SignedNote note =
                signer == null ? new SignedNote(checkpoint.text(), List.of()) : signer.sign(checkpoint.text());
        log.add(new AuditLog.Sealed(tree.size(), tree.frontier(), note.render()));
        return new Outcome(new Made(checkpoint, note.render()), new AuditState(checkpoint, oldest, broken));
    }

    /** Without a key a process does not go on with what others have signed: that would look like a forgery. */
    private boolean mayFollow(AuditLog.@Nullable Sealed last) {
        return signer != null
                || last == null
                || SignedNote.parse(last.note()).signatures().isEmpty();
    }

    /** The head of the chain; null, and a line of the log, where its new rows are not what their hashes say. */
    private @Nullable ChainHead head(AuditLog.Unsealed chain) {
        ChainCheck check = new ChainCheck(chain.writer(), chain.seq(), chain.hash());
        List<String> problems = new ArrayList<>(1);
        ChainRow[] last = new ChainRow[1];
        log.rows(chain, row -> {
            String problem = check.next(row);
            if (problem != null && problems.isEmpty()) {
                problems.add(problem);
            }
            last[0] = row;
        });
        if (last[0] == null) {
            problems.add("chain %s: it ends with row %d, and a checkpoint has row %d"
                    .formatted(chain.writer(), chain.head(), chain.seq()));
        }
        if (!problems.isEmpty()) {
            LOG.error("The audit log was changed: {}. Its rows get no checkpoint.", problems.getFirst());
            return null;
        }
        return new ChainHead(chain.writer(), last[0].seq(), last[0].hash());
    }

    private MerkleTree tree(AuditLog.@Nullable Sealed last, @Nullable Checkpoint before) {
        if (last == null || before == null) {
            return new MerkleTree();
        }
        MerkleTree tree = new MerkleTree(last.size(), last.frontier());
        if (before.size() != last.size() || !Arrays.equals(before.root(), tree.root()) || isForged(last.note())) {
            throw new IllegalStateException(
                    "the last checkpoint of the audit log, of size %d, is not what was signed; nothing more is signed; run `audit export` and `audit verify` with an older checkpoint"
                            .formatted(last.size()));
        }
        return tree;
    }

    /** Before there was a key, notes had no signature; after it was exchanged, they have one by another. */
    private boolean isForged(String note) {
        if (signer == null) {
            return false;
        }
        NoteVerifier verifier = signer.verifier();
        SignedNote signed = SignedNote.parse(note);
        if (signed.signatures().stream().anyMatch(signature -> Arrays.equals(signature.id(), verifier.id()))) {
            return !verifier.verifies(signed);
        }
        LOG.warn(
                "The audit log continues after a checkpoint that this key ({}) has not signed: {}",
                verifier.text(),
                note.strip().replace("\n", " | "));
        return false;
    }

    /** What this process has seen cannot become less, or something else. */
    private void checkNotCut(@Nullable Checkpoint now) {
        Checkpoint then = seen;
        if (then != null
                && (now == null || now.size() < then.size() || now.size() == then.size() && !now.equals(then))) {
            throw new IllegalStateException(
                    "the audit log was cut off: its last checkpoint was of size %d and root %s, and is %s; nothing more is signed"
                            .formatted(
                                    then.size(),
                                    Base64.getEncoder().encodeToString(then.root()),
                                    now == null ? "gone" : "of size " + now.size() + " now"));
        }
        seen = now;
    }

    private static Checkpoint checkpoint(String note) {
        return Checkpoint.parse(SignedNote.parse(note).text());
    }
}
