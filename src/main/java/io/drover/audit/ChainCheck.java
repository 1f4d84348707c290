package io.drover.audit;

import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Follows one chain, row by row, and says what is wrong with each. */
final class ChainCheck {

    private final UUID writer;
    private long seq;
    private byte[] hash;

    /** From the beginning. */
    ChainCheck(UUID writer) {
        this(writer, 0, new byte[0]);
    }

    /** After a row that is known. */
    ChainCheck(UUID writer, long seq, byte[] hash) {
        this.writer = writer;
        this.seq = seq;
        this.hash = hash;
    }

    /** @return what is wrong with the next row, or null */
    @Nullable
    String next(ChainRow row) {
        String problem = null;
        if (row.seq() != seq + 1) {
            problem = row.seq() <= seq
                    ? "%s: row %d comes twice".formatted(place(), row.seq())
                    : "%s: rows %d to %d are missing".formatted(place(), seq + 1, row.seq() - 1);
        } else if (!Arrays.equals(row.hash(), row.hashAfter(hash))) {
            problem = "%s: row %d was changed: its hash is another".formatted(place(), row.seq());
        }
        seq = row.seq();
        hash = row.hash();
        return problem;
    }

    long seq() {
        return seq;
    }

    private String place() {
        return "chain " + writer;
    }
}
