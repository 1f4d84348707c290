package io.drover.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.audit.AuditVerifier.Findings;
import io.drover.json.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The list of decisions, each entry of which is bound by a line of a chain; and what was removed, which a line says as well. */
final class VerifiedDecisions {

    private final Findings findings;
    private final Map<Long, JsonNode> decided = new HashMap<>();
    private final List<String> pruned = new ArrayList<>();
    private final Set<Long> erased = new HashSet<>();

    VerifiedDecisions(Findings findings) {
        this.findings = findings;
    }

    /** @throws IllegalArgumentException where a line of the row is no JSON */
    void row(ChainRow row, ObjectMapper json) {
        for (String line : row.body().split("\n")) {
            if (line.startsWith("[\"pruned\"")) {
                pruned.add("%s %s".formatted(row.at(), line));
            }
            if (line.startsWith("[\"decided\"") || line.startsWith("[\"erased\"")) {
                try {
                    JsonNode fields = json.readTree(line);
                    long id = fields.path(1).asLong();
                    if (fields.path(0).asText().equals("erased")) {
                        erased.add(id);
                    } else {
                        decided.put(id, fields);
                    }
                } catch (JsonProcessingException e) {
                    throw new IllegalArgumentException(e);
                }
            }
        }
    }

    void entry(JsonNode entry) {
        long id = entry.path("id").asLong();
        JsonNode bound = decided.remove(id);
        boolean isErased = erased.contains(id);
        if (bound == null) {
            if (entry.hasNonNull("salt")) {
                findings.add("decision %d was added: no chain has it".formatted(id));
            }
            return; // one of a release that wrote no chains
        }
        if (isErased && !entry.hasNonNull("salt")) {
            return;
        }
        if (!text(entry, "action").equals(bound.path(2).asText())
                || !text(entry, "task").equals(bound.path(3).asText(""))
                || !commitment(entry, "who").equals(bound.path(4).asText(""))
                || !commitment(entry, "detail").equals(bound.path(5).asText(""))) {
            findings.add("decision %d was changed: it is not what its chain has".formatted(id));
        }
    }

    /** The lines that say what was removed, after the time of each. */
    List<String> pruned() {
        return List.copyOf(pruned);
    }

    void end() {
        decided.keySet().stream()
                .sorted()
                .forEach(id -> findings.add("decision %d was removed: a chain has it".formatted(id)));
    }

    private static String text(JsonNode entry, String field) {
        return entry.hasNonNull(field) ? entry.path(field).asText() : "";
    }

    /** Without a value there is none. */
    private static String commitment(JsonNode entry, String field) {
        return entry.hasNonNull(field) ? Digest.commitment(text(entry, "salt"), text(entry, field)) : "";
    }
}
