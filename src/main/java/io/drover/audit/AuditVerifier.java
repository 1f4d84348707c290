package io.drover.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks an export of the audit log, without a database: the chains, the tree over their heads, the checkpoints, and the list of
 * decisions.
 */
public final class AuditVerifier {

    private static final int LONGEST_LINE = 64 << 20;

    private final ObjectMapper json = new ObjectMapper();
    private final Findings findings = new Findings();
    private final VerifiedTree tree;
    private final VerifiedChains chains = new VerifiedChains(findings);
    private final VerifiedDecisions decisions = new VerifiedDecisions(findings);
    private long lines;
    private boolean ended;

    /**
     * What was found.
     *
     * @param problems    what is wrong; nothing where the log is as it was
     * @param rows        how many rows the chains have
     * @param unsealed    how many of them are under no checkpoint yet
     * @param checkpoints how many
     * @param size        of the tree
     * @param since       the size of the tree whose rows the export leaves out; 0 where it has all rows
     * @param pruned      the lines that say that the owner of the tables has removed rows, and up to which size of the tree
     */
    public record Report(
            List<String> problems,
            long rows,
            long unsealed,
            long checkpoints,
            long size,
            long since,
            List<String> pruned) {}

    /**
     * @param keys        one of which must have signed each checkpoint, as in {@code name+id+base64}; none checks nothing
     * @param checkpoints notes from elsewhere, which the log must still agree with
     * @throws IllegalArgumentException where one of them is none
     */
    public AuditVerifier(List<String> keys, List<String> checkpoints) {
        this.tree = new VerifiedTree(findings, NoteVerifiers.parse(keys), checkpoints);
    }

    /** Reads an export and says what is wrong with it. */
    public Report verify(BufferedReader export) throws IOException {
        for (String line = next(export); line != null; line = next(export)) {
            try {
                read(json.readTree(line));
            } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
                findings.add("line %d of the export is not as Drover writes it".formatted(lines + 1));
            }
            lines++;
        }
        if (!ended) {
            findings.add("the export has no end: it was cut off, or is no export of an audit log");
        }
        if (chains.since() > tree.size()) {
            findings.add("the export leaves out the rows under %d leaves, and the log has %d"
                    .formatted(chains.since(), tree.size()));
        }
        tree.end();
        chains.end();
        decisions.end();
        return new Report(
                findings.all(),
                chains.rows(),
                chains.unsealed(),
                tree.checkpoints(),
                tree.size(),
                chains.since(),
                decisions.pruned());
    }

    /**
     * The next line of an export, or null at its end.
     *
     * @throws IOException also for a line that is longer than Drover writes
     */
    public static @Nullable String next(BufferedReader export) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = export.read(); c != '\n'; c = export.read()) {
            if (c < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line of the export is longer than 64 MB");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private void read(JsonNode line) {
        switch (line.path("type").asText()) {
            case "since" -> chains.since(line.path("size").asLong());
            case "leaf" -> {
                ChainHead head = ExportLine.head(line);
                tree.leaf(line.path("index").asLong(), head);
                chains.sealed(line.path("index").asLong(), head);
            }
            case "checkpoint" -> tree.checkpoint(line.path("note").asText());
            case "row" -> {
                ChainRow row = ExportLine.row(line);
                chains.row(row);
                decisions.row(row, json);
            }
            case "entry" -> decisions.entry(line);
            case "end" -> {
                ended = true;
                if (line.path("lines").asLong() != lines) {
                    findings.add("the export has %d lines, and says that it has %d"
                            .formatted(lines, line.path("lines").asLong()));
                }
            }
            default -> throw new IllegalArgumentException("no type that is known");
        }
    }

    /** What was found, in its order; not all of it where nearly everything is wrong. */
    static final class Findings {

        private static final int MOST = 100;

        private final List<String> all = new ArrayList<>();
        private long more;

        void add(String finding) {
            if (all.size() < MOST) {
                all.add(finding);
            } else {
                more++;
            }
        }

        List<String> all() {
            List<String> told = new ArrayList<>(all);
            if (more > 0) {
                told.add("and %d more".formatted(more));
            }
            return told;
        }
    }
}
