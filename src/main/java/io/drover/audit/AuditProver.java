package io.drover.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes from an export what proves that the lines about a task or a decision are under a checkpoint: the rows up to the heads of
 * their chains, the paths from these to the root (RFC 9162, section 2.1.3), and the checkpoint. {@link ProofVerifier} checks it.
 */
public final class AuditProver {

    private final ObjectMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final AuditSubject subject;
    private final List<byte[]> leafHashes = new ArrayList<>();
    private final Map<UUID, TreeMap<Long, Integer>> leaves = new HashMap<>();
    private final Map<UUID, ChainHead> starts = new HashMap<>(); // of chains of which the export has later rows only
    private long since;
    private @Nullable String note;
    private @Nullable List<byte[]> tree; // the leaves under the checkpoint
    private ChainHead before = new ChainHead(new UUID(0, 0), 0, new byte[0]);
    private long until; // the row up to which those of this chain are in the proof
    private long written;
    private long proved;
    private long unsealed;

    /**
     * What a proof holds.
     *
     * @param rows     how many rows about the subject
     * @param unsealed how many rows about it the proof does not hold, because they are under no checkpoint, or a later one
     */
    public record Proved(long rows, long unsealed) {}

    /**
     * @param subject    the UUID of a task or the number of a decision
     * @param checkpoint the note to which the proof leads; null is the last one of the export
     * @throws IllegalArgumentException where the subject or the note is none
     */
    public AuditProver(String subject, @Nullable String checkpoint) {
        this.subject = AuditSubject.parse(subject);
        this.note = checkpoint;
        if (checkpoint != null) {
            Checkpoint.parse(SignedNote.parse(checkpoint).text());
        }
    }

    /**
     * Reads an export and writes the proof.
     *
     * @throws IOException where it cannot be read or written, or is no export that can prove something
     */
    public Proved prove(BufferedReader export, Writer out) throws IOException {
        boolean given = note != null;
        long lines = 0;
        for (String line = AuditVerifier.next(export); line != null; line = AuditVerifier.next(export)) {
            lines++;
            try {
                read(json.readTree(line), given, out);
            } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
                throw new IOException("line %d is not as `audit export` writes it".formatted(lines), e);
            }
        }
        if (tree == null) {
            throw new IOException("it has no rows");
        }
        write(out, json.createObjectNode().put("type", "end").put("lines", written));
        return new Proved(proved, unsealed);
    }

    private void read(JsonNode line, boolean given, Writer out) throws IOException {
        switch (line.path("type").asText()) {
            case "leaf" -> {
                ChainHead head = ExportLine.head(line);
                leaves.computeIfAbsent(head.writer(), w -> new TreeMap<>()).put(head.seq(), leafHashes.size());
                if (leafHashes.size() < since) {
                    starts.put(head.writer(), head);
                }
                leafHashes.add(head.leafHash());
            }
            case "checkpoint" -> note = given ? note : line.path("note").asText();
            case "row" -> row(ExportLine.row(line), line, out);
            case "entry" -> {
                if (proved > 0
                        && subject.isDecision()
                        && line.path("id").asText().equals(subject.id())) {
                    write(out, line);
                }
            }
            case "since" -> since = line.path("size").asLong();
            default -> {}
        }
    }

    private void row(ChainRow row, JsonNode line, Writer out) throws IOException {
        List<byte[]> under = tree == null ? begin(out) : tree;
        if (!row.writer().equals(before.writer())) {
            before = starts.getOrDefault(row.writer(), new ChainHead(row.writer(), 0, new byte[0]));
            until = 0;
        }
        boolean about = !subject.linesOf(row).isEmpty();
        if (about && row.seq() > until) {
            until = chain(under, row, out);
        }
        if (row.seq() <= until) {
            write(out, line);
        }
        proved += about && row.seq() <= until ? 1 : 0;
        unsealed += about && row.seq() > until ? 1 : 0;
        before = new ChainHead(row.writer(), row.seq(), row.hash());
    }

    /** The checkpoint comes before all else. */
    private List<byte[]> begin(Writer out) throws IOException {
        if (note == null) {
            throw new IOException("it has no checkpoint");
        }
        Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
        if (checkpoint.size() > leafHashes.size()) {
            throw new IOException("it has %d leaves, and the checkpoint has %d; run `audit verify` with that checkpoint"
                    .formatted(leafHashes.size(), checkpoint.size()));
        }
        List<byte[]> under = leafHashes.subList(0, (int) checkpoint.size());
        MerkleTree built = new MerkleTree();
        under.forEach(built::add);
        if (!Arrays.equals(built.root(), checkpoint.root())) {
            throw new IOException(
                    "its first %d leaves have another root than the checkpoint; run `audit verify` with it"
                            .formatted(checkpoint.size()));
        }
        tree = under;
        write(
                out,
                json.createObjectNode()
                        .put("type", "proof")
                        .put("of", subject.id())
                        .put("note", note));
        return under;
    }

    /** Begins the rows up to the leaf that stands for one. @return up to which row it does, or 0 if none does */
    private long chain(List<byte[]> under, ChainRow row, Writer out) throws IOException {
        Map.Entry<Long, Integer> head =
                leaves.getOrDefault(row.writer(), new TreeMap<>()).ceilingEntry(row.seq());
        if (head == null || head.getValue() >= under.size()) {
            return 0;
        }
        ObjectNode line = json.createObjectNode()
                .put("type", "chain")
                .put("index", head.getValue())
                .put("writer", row.writer().toString())
                .put("seq", before.seq())
                .put("hash", HexFormat.of().formatHex(before.hash()));
        ArrayNode path = line.putArray("path");
        InclusionProof.of(head.getValue(), under)
                .forEach(hash -> path.add(HexFormat.of().formatHex(hash)));
        write(out, line);
        return head.getKey();
    }

    private void write(Writer out, JsonNode line) throws IOException {
        out.write(json.writeValueAsString(line));
        out.write('\n');
        written++;
    }
}
