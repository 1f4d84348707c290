package io.drover.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.audit.AuditVerifier.Findings;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what {@link AuditProver} wrote, with nothing but that and the public key: neither a database nor an export. */
public final class ProofVerifier {

    private final ObjectMapper json = new ObjectMapper();
    private final Findings findings = new Findings();
    private final VerifiedDecisions decisions = new VerifiedDecisions(findings);
    private final NoteVerifiers keys;
    private final List<Checkpoint> elsewhere;
    private final List<String> about = new ArrayList<>();
    private @Nullable Claim claim;
    private @Nullable ProvenChain chain;
    private long lines;
    private boolean ended;

    /** What the first line says. */
    private record Claim(AuditSubject subject, Checkpoint checkpoint) {}

    /**
     * What a proof shows.
     *
     * @param problems what is wrong; nothing where it proves the lines
     * @param of       the task or the decision
     * @param lines    what the log says about it
     * @param size     of the tree of the checkpoint
     */
    public record Report(List<String> problems, String of, List<String> lines, long size) {}

    /**
     * @param keys        one of which must have signed the checkpoint, as in {@code name+id+base64}; none checks nothing
     * @param checkpoints notes from elsewhere, to which the proof must lead
     * @throws IllegalArgumentException where one of them is none
     */
    public ProofVerifier(List<String> keys, List<String> checkpoints) {
        this.keys = NoteVerifiers.parse(keys);
        this.elsewhere = checkpoints.stream()
                .map(note -> checkpoint("the checkpoint that was given", note))
                .toList();
    }

    private Checkpoint checkpoint(String where, String note) {
        SignedNote signed = SignedNote.parse(note);
        String problem = keys.problem(signed);
        if (problem != null) {
            findings.add("%s %s".formatted(where, problem));
        }
        return Checkpoint.parse(signed.text());
    }

    /** Reads a proof and says what is wrong with it. */
    public Report verify(BufferedReader proof) throws IOException {
        for (String line = AuditVerifier.next(proof); line != null; line = AuditVerifier.next(proof)) {
            try {
                read(json.readTree(line));
            } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
                findings.add("line %d of the proof is not as Drover writes it".formatted(lines + 1));
            }
            lines++;
        }
        endChain();
        if (!ended) {
            findings.add("the proof has no end: it was cut off, or is none");
        }
        if (about.isEmpty()) {
            findings.add("the proof has no line about that of which it is");
        }
        return claim == null
                ? new Report(findings.all(), "", about, 0)
                : new Report(findings.all(), claim.subject.id(), about, claim.checkpoint.size());
    }

    private void read(JsonNode line) {
        switch (line.path("type").asText()) {
            case "proof" -> begin(line);
            case "chain" -> {
                endChain();
                chain = new ProvenChain(line);
            }
            case "row" -> row(ExportLine.row(line));
            case "entry" -> entry(line);
            case "end" -> {
                ended = true;
                if (line.path("lines").asLong() != lines) {
                    findings.add("the proof has %d lines, and says that it has %d"
                            .formatted(lines, line.path("lines").asLong()));
                }
            }
            default -> throw new IllegalArgumentException("no type that is known");
        }
    }

    private void begin(JsonNode line) {
        if (claim != null) {
            throw new IllegalArgumentException("a proof leads to one checkpoint");
        }
        Checkpoint checkpoint = checkpoint("its checkpoint", line.path("note").asText());
        claim = new Claim(AuditSubject.parse(line.path("of").asText()), checkpoint);
        for (Checkpoint other : elsewhere) {
            if (other.size() != checkpoint.size()) {
                findings.add(
                        "it leads to a checkpoint of size %d, and that which was given is of size %d: make it with `audit prove --checkpoint`"
                                .formatted(checkpoint.size(), other.size()));
            } else if (!other.equals(checkpoint)) {
                findings.add("its checkpoint of size %d is another than that which was given".formatted(other.size()));
            }
        }
    }

    private void row(ChainRow row) {
        if (claim == null || chain == null) {
            throw new IllegalArgumentException("a row belongs to a chain, and a chain to a proof");
        }
        String problem = chain.next(row);
        if (problem != null) {
            findings.add(problem);
        }
        decisions.row(row, json);
        claim.subject.linesOf(row).forEach(line -> about.add("%s %s".formatted(row.at(), line)));
    }

    private void entry(JsonNode line) {
        if (claim == null || !line.path("id").asText().equals(claim.subject.id())) {
            throw new IllegalArgumentException("an entry is that of the decision of which the proof is");
        }
        decisions.entry(line);
        about.add("%s %s %s"
                .formatted(
                        line.path("who").asText(),
                        line.path("action").asText(),
                        line.path("detail").asText("")));
    }

    private void endChain() {
        String problem = claim == null ? "it names no checkpoint" : chain == null ? null : chain.end(claim.checkpoint);
        if (problem != null) {
            findings.add(problem);
        }
        chain = null;
    }
}
