package io.drover.route;

import io.drover.audit.ProcessChanges;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Records which files in force are others since the last time. The files of the start are the first ones.
 * What could not be recorded is, together with what came after it, the next time.
 */
final class RecordedFiles {

    private static final String RELOAD = "reload";

    private final ProcessChanges changes;
    private @Nullable Map<String, Long> recorded;

    RecordedFiles(ProcessChanges changes) {
        this.changes = changes;
    }

    /**
     * Records what is new.
     *
     * @param digests of the files in force, by name
     * @throws DataAccessException where the database does not answer
     */
    void look(Map<String, Long> digests) {
        if (digests.equals(recorded)) {
            return;
        }
        if (recorded != null) {
            changes.add(RELOAD, changed(recorded, digests));
        }
        recorded = Map.copyOf(digests);
    }

    private static List<Map<String, String>> changed(Map<String, Long> before, Map<String, Long> after) {
        TreeSet<String> files = new TreeSet<>(before.keySet());
        files.addAll(after.keySet());
        List<Map<String, String>> changed = new ArrayList<>();
        for (String file : files) {
            Long old = before.get(file);
            Long now = after.get(file);
            if (old == null || !old.equals(now)) {
                Map<String, String> detail = new LinkedHashMap<>(Map.of("file", file));
                put(detail, "before", old);
                put(detail, "after", now);
                changed.add(detail);
            }
        }
        return changed;
    }

    private static void put(Map<String, String> detail, String field, @Nullable Long digest) {
        if (digest != null) {
            detail.put(field, HexFormat.of().toHexDigits(digest));
        }
    }
}
