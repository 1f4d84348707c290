package io.drover.manage;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.audit.ProcessChanges;
import io.drover.json.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Records what an operator changes in one process: by an MBean, over Jolokia, or a level of a logger.
 * Where the database does not answer, the log says what could not be recorded: an operator needs these most then.
 */
@Component
class RecordedOperations {

    private static final Logger LOG = LoggerFactory.getLogger(RecordedOperations.class);

    /** What is done to tasks and holds is recorded with them. */
    private static final Set<String> ELSEWHERE =
            Set.of("io.drover:type=Tasks", "io.drover:type=Holds", "io.drover:type=Workflow");

    private final ProcessChanges changes;

    RecordedOperations(ProcessChanges changes) {
        this.changes = changes;
    }

    /** Records what of these requests to Jolokia changes something, if the caller may do that. */
    void jolokia(Iterable<JsonNode> requests) {
        List<Map<String, String>> details = new ArrayList<>();
        for (JsonNode request : requests) {
            if (JmxCaller.get().mayOperate() && changes(request)) {
                Map<String, String> detail = new LinkedHashMap<>();
                for (String field : List.of("mbean", "operation", "arguments", "attribute", "value")) {
                    JsonNode value = request.path(field);
                    if (!value.isMissingNode()) {
                        detail.put(field, Excerpt.of(value.isTextual() ? value.asText() : value.toString()));
                    }
                }
                details.add(detail);
            }
        }
        record("operate", details);
    }

    private static boolean changes(JsonNode request) {
        try {
            ObjectName name = new ObjectName(request.path("mbean").asText());
            if (ELSEWHERE.contains("%s:type=%s".formatted(name.getDomain(), name.getKeyProperty("type")))) {
                return false;
            }
            JolokiaList.Listed listed = JolokiaList.of(name);
            return switch (request.path("type").asText()) {
                case "write" ->
                    listed.writes().contains(request.path("attribute").asText());
                case "exec" ->
                    listed.operates().contains(request.path("operation").asText());
                default -> false;
            };
        } catch (MalformedObjectNameException e) { // Jolokia refuses it
            return false;
        }
    }

    void record(String action, List<Map<String, String>> details) {
        if (details.isEmpty()) {
            return;
        }
        String who = JmxCaller.get().name();
        try {
            changes.add(who, action, details);
        } catch (DataAccessException e) {
            LOG.error(
                    "{} by {} could not be recorded in the audit: {}: {}",
                    action,
                    who,
                    details,
                    e.getMostSpecificCause().getMessage());
        }
    }
}
