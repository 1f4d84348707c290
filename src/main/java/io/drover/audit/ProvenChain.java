package io.drover.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Rows of a proof that follow each other in a chain, the last of which is a leaf of the tree. */
final class ProvenChain {

    private final UUID writer;
    private final long index;
    private final List<byte[]> path;
    private final ChainCheck check;
    private @Nullable ChainRow last;

    /**
     * Before its first row.
     *
     * @param line says which chain, after which row, and where in the tree the leaf is
     * @throws IllegalArgumentException where it does not
     */
    ProvenChain(JsonNode line) {
        ChainHead before = ExportLine.head(line);
        this.writer = before.writer();
        this.check = new ChainCheck(writer, before.seq(), before.hash());
        this.index = line.path("index").asLong(-1);
        this.path = StreamSupport.stream(line.path("path").spliterator(), false)
                .map(ExportLine::bytes)
                .toList();
    }

    /** @return what is wrong with the next row, or null */
    @Nullable
    String next(ChainRow row) {
        last = row;
        return row.writer().equals(writer)
                ? check.next(row)
                : "chain %s: row %d is one of %s".formatted(writer, row.seq(), row.writer());
    }

    /** @return what is wrong with it as a whole, or null where its last row is a leaf under the checkpoint */
    @Nullable
    String end(Checkpoint checkpoint) {
        if (last == null) {
            return "chain %s has no rows".formatted(writer);
        }
        byte[] leaf = new ChainHead(writer, last.seq(), last.hash()).leafHash();
        return InclusionProof.isIncluded(leaf, index, checkpoint.size(), path, checkpoint.root())
                ? null
                : "chain %s: its row %d is not leaf %d under the checkpoint of size %d"
                        .formatted(writer, last.seq(), index, checkpoint.size());
    }
}
